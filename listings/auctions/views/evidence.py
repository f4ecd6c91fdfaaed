"""What proves an auction: a bidder's receipts, the notice of the result, the evidence package, and a page that checks one."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from listings.auctions.actions.evidence import keep_evidence
from listings.auctions.evidence.words import names_of_codes
from listings.auctions.permissions import auction_for, finished_auction_for, may_have_evidence, pass_for
from listings.auctions.queries.notice import notice_of
from listings.auctions.queries.receipts import bids_of, receipt_for, receipts_for, why_refused
from market.pages import page_of
from market.requests import MarketRequest
from market.signatures import published_keys
from market.values.refusal import Forbidden, Refusal


@login_required
@require_safe
def receipts(request: MarketRequest, key: str) -> HttpResponse:
    own = pass_for(request.actor, auction_for(request.actor, key))
    bids = page_of(bids_of(own), request)
    return render(
        request, "auctions/receipts.html", {"own": own, "bids": bids, "shown": [(bid, why_refused(bid)) for bid in bids]}
    )


@login_required
@require_safe
def receipt_file(request: MarketRequest, key: str, sequence: int) -> HttpResponse:
    receipt = receipt_for(pass_for(request.actor, auction_for(request.actor, key)), sequence)
    if receipt is None:
        raise Http404
    return _download(JsonResponse(receipt), f"receipt-{key}-{sequence}.json")


@login_required
@require_safe
def receipts_file(request: MarketRequest, key: str) -> HttpResponse:
    own = pass_for(request.actor, auction_for(request.actor, key))
    return _download(JsonResponse(receipts_for(own)), f"receipts-{key}.json")


@require_safe
def result(request: MarketRequest, key: str) -> HttpResponse:
    """Public: who won is no secret after the end."""
    auction = finished_auction_for(request.actor, key)
    context = {"notice": notice_of(auction, reader=request.actor), "may_have_evidence": may_have_evidence(request.actor, auction)}
    return render(request, "auctions/result.html", context)


@login_required
@require_safe
def evidence_file(request: MarketRequest, key: str) -> HttpResponse:
    auction = finished_auction_for(request.actor, key)
    if not may_have_evidence(request.actor, auction):
        raise Forbidden([Refusal("auctions.no_party")])
    text = keep_evidence(auction, now=timezone.now()).text
    return _download(HttpResponse(text, content_type="application/json"), f"evidence-{key}.json")


@require_safe
def verify(request: MarketRequest) -> HttpResponse:
    """The file never comes here: the visitor's browser checks it by itself, with the keys that this page brings along."""
    context = {"keys": [asdict(key) for key in published_keys()], "names": names_of_codes()}
    return render(request, "auctions/verify.html", context)


def _download(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
