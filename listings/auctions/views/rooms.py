"""The auction room: seeing, bidding, ordering, and watching over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.auctions.actions.auctions import annul_auction, pause_auction, resume_auction
from listings.auctions.actions.bids import place_bid, set_proxy
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.signals import note_trace
from listings.auctions.evidence.documents import signed_receipt
from listings.auctions.forms import BidForm, KeyForm, ProxyForm, SealForm, StopForm
from listings.auctions.kinds import Mode
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.permissions import (
    auction_for,
    may_hold_key,
    may_see_all_lines,
    pass_of,
    require_mover,
    visible_auctions,
    visible_signals,
)
from listings.auctions.queries.protocol import envelope_terms
from listings.auctions.queries.rehearsals import own_line, rehearsal_of
from listings.auctions.queries.room import RoomPage, bids_of_late, room_page
from listings.auctions.queries.timetable import timetable_of
from listings.auctions.queries.waiting import listings_to_announce
from listings.auctions.room import frame_after
from listings.auctions.rules.rehearsal import lesson
from listings.auctions.states import AUCTION, AuctionEvent, AuctionState
from listings.forms.achievements import ReasonForm
from market.answers import acted, attempt, form_status, offer, wants_json
from market.refusals import sentence
from market.requests import MarketRequest
from market.values.actor import Actor
from market.values.money import Money
from market.values.numbers import whole_number
from market.values.refusal import Forbidden, OutOfTurn, Refusal

# More bids than this in a second are no person's; the connection stays, the bid is refused.
_MOST_BIDS_A_SECOND = 10


def show_auctions(request: MarketRequest) -> HttpResponse:
    auctions = (
        visible_auctions(request.actor)
        .filter(rehearsal_of=None)
        .select_related("listing__achievement")
        .order_by("-opens_at")[:200]
    )
    context = {"auctions": auctions, "to_announce": listings_to_announce(request.actor)}
    return render(request, "auctions/auction_list.html", context)


def room(request: MarketRequest, key: str) -> HttpResponse:
    return _room(request, auction_for(request.actor, key))


def _room(
    request: MarketRequest,
    auction: Auction,
    form: Form | None = None,
    order_form: ProxyForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The room; `form` is the one that was refused, shown where it belongs or, when its time is over, by its errors."""
    own = pass_of(request.actor, auction)
    page = room_page(auction, own=own, actor=request.actor)
    frame = frame_after(auction.key, auction.sequence)
    main = _FORMS.get(page.own_act, BidForm)
    is_main = isinstance(form, main)
    context = {
        "page": page,
        "form": form if is_main else main(initial={"amount": Money(frame["price"])} if page.own_act == "stop" else None),
        "failed": None if is_main else form,
        "order_form": order_form or ProxyForm(initial={"limit": own.proxy_limit} if own else {}),
        "frame": frame,
        "price": Money(frame["price"]) if "price" in frame else None,
        "envelope_terms": envelope_terms(auction, own.number) if own and page.own_act == "seal" else None,
        **_of_rehearsal(auction, own),
        **_of_officials(request.actor, page),
    }
    return render(request, "auctions/room.html", context, status=status)


def _of_rehearsal(auction: Auction, own: BidderPass | None) -> dict[str, Any]:
    """The timetable with the rehearsal, how the reader's line was there, and what there is to learn in it now."""
    rehearsal = auction if auction.is_rehearsal else rehearsal_of(auction)
    ahead = None if rehearsal is None or auction.is_rehearsal else rehearsal.opens_at
    return {
        "moments": timetable_of(auction, rehearsal_at=ahead),
        "rehearsal": rehearsal,
        "line": own_line(rehearsal, own.organisation_id) if rehearsal and own else None,
        "lesson": lesson(auction.state, auction.phase, free_until=auction.free_until, now=timezone.now()),
    }


def _of_officials(actor: Actor, page: RoomPage) -> dict[str, Any]:
    """What those find in the room who watch over it, keep a key, or must know whose line is weak."""
    auction = page.auction
    is_planned = auction.state == AuctionState.PLANNED
    return {
        "may_see_all_lines": may_see_all_lines(actor, auction),
        "may_keep_key": may_hold_key(actor, auction) and is_planned and not auction.is_rehearsal,
        "signals": visible_signals(actor).filter(auction=auction) if page.is_supervised else None,
        "may_pause": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.PAUSE),
        "may_resume": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.RESUME),
        "may_annul": page.is_supervised and AUCTION.may(auction.state, AuctionEvent.ANNUL),
    }


_FORMS: dict[str, type[Form]] = {"stop": StopForm, "seal": SealForm, "match": KeyForm}


@login_required
@require_POST
def bid(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        if auction.mode != Mode.ASCENDING:
            raise OutOfTurn([Refusal("auctions.other_mode")])
        return place_bid(key, data["amount"], key=data["key"], actor=request.actor)

    return receive_entry(request, key, BidForm(request.POST), act, said=_("Your bid is accepted: number %(n)s."))


def receive_entry(
    request: MarketRequest, key: str, form: Form, act: Callable[[Auction, dict[str, Any]], Receipt], *, said: str
) -> HttpResponse:
    """One endpoint for the script and for the plain form; the answer is a receipt, or the page with what was typed."""
    auction = auction_for(request.actor, key)
    receipt = None
    if form.is_valid():
        own = _require_no_flood(request, auction)
        if not wants_json(request):
            # Who bids by the plain form has no socket, which would have told.
            note_trace(own, address=get_adapter().get_client_ip(request), browser=request.headers.get("User-Agent", ""))
        receipt = attempt(form, lambda: act(auction, form.cleaned_data))
    if wants_json(request):
        return _receipt_as_json(form, receipt, auction)
    if receipt is None or receipt.refusal is not None:
        if receipt is not None and receipt.refusal is not None:
            form.add_error("amount" if "amount" in form.fields else None, sentence(receipt.refusal))
        auction.refresh_from_db()
        return _room(request, auction, form, status=form_status(form))
    return acted(request, said % {"n": receipt.sequence}, auction.get_absolute_url())


def _require_no_flood(request: MarketRequest, auction: Auction) -> BidderPass:
    """The bidder's pass; refused for whoever has none, or bids faster than anybody can."""
    own = pass_of(request.actor, auction)
    if own is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    if bids_of_late(own, timezone.now() - timedelta(seconds=1)) >= _MOST_BIDS_A_SECOND:
        raise OutOfTurn([Refusal("auctions.too_many_bids")])
    return own


def _receipt_as_json(form: Form, receipt: Receipt | None, auction: Auction) -> JsonResponse:
    if receipt is None:
        codes = {field: [error["code"] for error in errors] for field, errors in form.errors.get_json_data().items()}
        return JsonResponse({"errors": form.errors, "codes": codes}, status=form_status(form))
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
        "code": receipt.record.refusal,
        "message": sentence(refusal) if refusal else "",
        "receipt": signed_receipt(receipt.record, receipt.hash, is_rehearsal=auction.is_rehearsal),
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
    return _room(request, auction, order_form=form, status=form_status(form))


def since(request: MarketRequest, key: str) -> JsonResponse:
    """What a watcher missed after ?after=n: the same frame as over the socket, for whoever has none."""
    auction = auction_for(request.actor, key)
    return JsonResponse(frame_after(auction.key, whole_number(request.GET.get("after", "")) or 0))


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
