"""The dress rehearsal: measuring a bidder's line, and the record of who took part."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from listings.auctions.actions.rehearsals import note_round_trip
from listings.auctions.forms import LineForm
from listings.auctions.permissions import auction_for, may_see_all_lines, pass_for, pass_of
from listings.auctions.queries.rehearsals import lines_in
from listings.auctions.rules.rehearsal import is_weak, measured
from market.answers import attempt, form_status
from market.requests import MarketRequest


@login_required
@require_POST
def line(request: MarketRequest, key: str) -> JsonResponse:
    """The bidder's script says how long its last question took; the answer says how the line is."""
    own = pass_for(request.actor, auction_for(request.actor, key))
    form = LineForm(request.POST)
    kept = attempt(form, lambda: note_round_trip(own, form.cleaned_data["milliseconds"])) if form.is_valid() else None
    if kept is None:
        return JsonResponse({"errors": form.errors}, status=form_status(form))
    median, worst = measured(kept.round_trips) or (None, None)
    return JsonResponse({"median": median, "worst": worst, "isWeak": is_weak(kept.round_trips)})


@login_required
@require_safe
def record(request: MarketRequest, key: str) -> HttpResponse:
    """All lines for the seller and officials; a bidder's own for the bidder; for others there is no such page."""
    auction = auction_for(request.actor, key)
    if not auction.is_rehearsal:
        raise Http404
    sees_all = may_see_all_lines(request.actor, auction)
    own = pass_of(request.actor, auction)
    if not sees_all and own is None:
        raise Http404
    lines = lines_in(auction, only=None if sees_all else own)
    return render(request, "auctions/rehearsal.html", {"auction": auction, "lines": lines, "sees_all": sees_all})
