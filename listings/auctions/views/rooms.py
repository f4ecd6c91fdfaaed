"""The auction room: seeing, bidding, ordering, and watching over it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.auctions.actions.auctions import announce_auction, annul_auction, pause_auction, resume_auction
from listings.auctions.actions.bids import place_bid, set_proxy
from listings.auctions.actions.entries import Receipt
from listings.auctions.forms import AnnounceAuctionForm, BidForm, ProxyForm
from listings.auctions.models import Auction
from listings.auctions.permissions import (
    auction_for,
    pass_of,
    require_mover,
    require_seller,
    require_unannounced,
    visible_auctions,
)
from listings.auctions.queries.room import bids_of_late, room_page
from listings.auctions.room import frame_after
from listings.auctions.states import AUCTION, AuctionEvent
from listings.forms.achievements import ReasonForm
from listings.permissions.listings import listing_for
from market.answers import acted, attempt, form_status, offer, wants_json
from market.refusals import sentence
from market.requests import MarketRequest
from market.values.refusal import Forbidden, OutOfTurn, Refusal

# More bids than this in a second are no person's; the connection stays, the bid is refused.
_MOST_BIDS_A_SECOND = 10


def show_auctions(request: MarketRequest) -> HttpResponse:
    auctions = visible_auctions(request.actor).select_related("listing__achievement").order_by("-opens_at")[:200]
    return render(request, "auctions/auction_list.html", {"auctions": auctions})


@login_required
def announce(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    require_seller(request.actor, listing.seller_id)
    form = AnnounceAuctionForm(request.POST or None, initial={"start": listing.price})
    offer(form, lambda: require_unannounced(listing))
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        auction = attempt(form, lambda: announce_auction(listing, terms, actor=request.actor, now=now))
        if auction is not None:
            return acted(request, _("Announced. The qualified buyers have their numbers."), auction.get_absolute_url())
    context = {"form": form, "listing": listing}
    return render(request, "auctions/auction_form.html", context, status=form_status(form))


def room(request: MarketRequest, key: str) -> HttpResponse:
    auction = auction_for(request.actor, key)
    return _room(request, auction, BidForm(), ProxyForm(initial=_order_of(request, auction)))


def _order_of(request: MarketRequest, auction: Auction) -> dict[str, object]:
    own = pass_of(request.actor, auction)
    return {"limit": own.proxy_limit} if own else {}


def _room(request: MarketRequest, auction: Auction, form: BidForm, order_form: ProxyForm, status: int = 200) -> HttpResponse:
    page = room_page(auction, own=pass_of(request.actor, auction), actor=request.actor)
    context = {
        "page": page,
        "form": form,
        "order_form": order_form,
        "frame": frame_after(auction.key, auction.sequence),
        "may_pause": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.PAUSE),
        "may_resume": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.RESUME),
        "may_annul": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.ANNUL),
    }
    return render(request, "auctions/room.html", context, status=status)


@login_required
@require_POST
def bid(request: MarketRequest, key: str) -> HttpResponse:
    """One endpoint for the script and for the plain form; the answer is a receipt, or the page with what was typed."""
    auction = auction_for(request.actor, key)
    form = BidForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"errors": form.errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _room(request, auction, form, ProxyForm(), HTTPStatus.UNPROCESSABLE_ENTITY)
    _require_no_flood(request, auction)
    receipt = attempt(
        form, lambda: place_bid(key, form.cleaned_data["amount"], key=form.cleaned_data["key"], actor=request.actor)
    )
    if wants_json(request):
        return _receipt_as_json(form, receipt)
    if receipt is None or receipt.refusal is not None:
        if receipt is not None and receipt.refusal is not None:
            form.add_error("amount", sentence(receipt.refusal))
        auction.refresh_from_db()
        return _room(request, auction, form, ProxyForm(initial=_order_of(request, auction)), form_status(form))
    return acted(request, _("Your bid is accepted: number %(n)s.") % {"n": receipt.sequence}, auction.get_absolute_url())


def _require_no_flood(request: MarketRequest, auction: Auction) -> None:
    own = pass_of(request.actor, auction)
    if own is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    if bids_of_late(own, timezone.now() - timedelta(seconds=1)) >= _MOST_BIDS_A_SECOND:
        raise OutOfTurn([Refusal("auctions.too_many_bids")])


def _receipt_as_json(form: BidForm, receipt: Receipt | None) -> JsonResponse:
    if receipt is None:
        return JsonResponse({"errors": form.errors}, status=form_status(form))
    refusal = receipt.refusal
    content = {
        "auction": receipt.auction,
        "sequence": receipt.sequence,
        "amount": receipt.amount.fen if receipt.amount else None,
        "at": receipt.at.isoformat(),
        "isAccepted": receipt.is_accepted,
        "hash": receipt.hash,
        "minimum": receipt.minimum.fen if receipt.minimum else None,
        "minimumText": str(receipt.minimum or ""),
        "endsAt": receipt.ends_at.isoformat(),
        "code": refusal.code if refusal else "",
        "message": sentence(refusal) if refusal else "",
    }
    return JsonResponse(content, status=HTTPStatus.OK if receipt.is_accepted else HTTPStatus.UNPROCESSABLE_ENTITY)


@login_required
@require_POST
def order(request: MarketRequest, key: str) -> HttpResponse:
    auction = auction_for(request.actor, key)
    form = ProxyForm(request.POST)
    if form.is_valid():
        limit = form.cleaned_data["limit"]
        if attempt(form, lambda: set_proxy(auction, limit, actor=request.actor)):
            said = _("The market now bids for you up to your limit.") if limit else _("Your order is taken back.")
            return acted(request, said, auction.get_absolute_url())
    auction.refresh_from_db()
    return _room(request, auction, BidForm(), form, form_status(form))


def since(request: MarketRequest, key: str) -> JsonResponse:
    """What a watcher missed after ?after=n: the same frame as over the socket, for whoever has none."""
    auction = auction_for(request.actor, key)
    after = request.GET.get("after", "0")
    return JsonResponse(frame_after(auction.key, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0))


@login_required
def pause(request: MarketRequest, key: str) -> HttpResponse:
    auction = auction_for(request.actor, key)
    require_mover(request.actor, auction, "supervisor")
    form = ReasonForm(request.POST or None)
    offer(form, lambda: AUCTION.move(auction.state, AuctionEvent.PAUSE))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: pause_auction(auction, reason=reason, actor=request.actor)):
            return acted(request, _("Paused. The clock stands still."), auction.get_absolute_url())
    return _reason_page(request, auction, form, _("Pause the auction"))


@login_required
@require_POST
def resume(request: MarketRequest, key: str) -> HttpResponse:
    auction = resume_auction(auction_for(request.actor, key), actor=request.actor)
    return acted(request, _("Resumed with at least a full cycle."), auction.get_absolute_url())


@login_required
def annul(request: MarketRequest, key: str) -> HttpResponse:
    auction = auction_for(request.actor, key)
    require_mover(request.actor, auction, "supervisor")
    form = ReasonForm(request.POST or None)
    offer(form, lambda: AUCTION.move(auction.state, AuctionEvent.ANNUL))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: annul_auction(auction, reason=reason, actor=request.actor)):
            return acted(request, _("Annulled."), auction.get_absolute_url())
    return _reason_page(request, auction, form, _("Annul the auction"))


def _reason_page(request: MarketRequest, auction: Auction, form: ReasonForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "about": auction.listing, "back": auction.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))
