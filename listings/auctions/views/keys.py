"""The three keys to the sealed bids: making and keeping one's own, the public protocol, and bringing the key to the opening."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.auctions.actions.keys import bring_key, keep_lot_key, make_lot_key
from listings.auctions.forms import LotKeyForm, SharesForm
from listings.auctions.models.auctions import Auction
from listings.auctions.permissions import auction_for, seat_of
from listings.auctions.queries.protocol import envelopes_to_open, protocol_page
from listings.auctions.states import AuctionState
from market.answers import acted, attempt, form_status
from market.requests import MarketRequest


def _sealed_auction_for(request: MarketRequest, key: str) -> Auction:
    """The door: an auction with sealed bids, or 404."""
    auction = auction_for(request.actor, key)
    if not auction.has_sealed_bids:
        raise Http404
    return auction


@login_required
def lot_key(request: MarketRequest, key: str) -> HttpResponse:
    auction = _sealed_auction_for(request, key)
    seat_of(request.actor, auction)
    return _lot_key_page(request, auction, LotKeyForm())


def _lot_key_page(request: MarketRequest, auction: Auction, form: LotKeyForm) -> HttpResponse:
    seat = seat_of(request.actor, auction)
    lot_keys = list(auction.lot_keys.select_related("person"))
    own = next(entry for entry in lot_keys if entry.seat == seat)
    context = {
        "auction": auction,
        "form": form,
        "lot_keys": lot_keys,
        "own": own,
        "is_own": own.person_id == request.actor.person,
    }
    return render(request, "auctions/lot_key.html", context, status=form_status(form))


@login_required
@require_POST
def make_key(request: MarketRequest, key: str) -> HttpResponse:
    auction = _sealed_auction_for(request, key)
    seat_of(request.actor, auction)
    form, now = LotKeyForm(request.POST), timezone.now()
    if form.is_valid():
        public = form.cleaned_data["public_key"]
        if attempt(form, lambda: make_lot_key(auction, public, actor=request.actor, now=now)):
            said = _("The key is made. Now show that the file is kept: choose it below.")
            return acted(request, said, reverse("auctions:lot_key", args=[key]))
    return _lot_key_page(request, auction, form)


@login_required
@require_POST
def keep_key(request: MarketRequest, key: str) -> HttpResponse:
    auction = _sealed_auction_for(request, key)
    seat_of(request.actor, auction)
    form, now = LotKeyForm(request.POST), timezone.now()
    if form.is_valid():
        public = form.cleaned_data["public_key"]
        if attempt(form, lambda: keep_lot_key(auction, public, actor=request.actor, now=now)):
            return acted(request, _("The file fits. Keep it until the opening."), auction.get_absolute_url())
    return _lot_key_page(request, auction, form)


def protocol(request: MarketRequest, key: str) -> HttpResponse:
    return _protocol(request, _sealed_auction_for(request, key), SharesForm())


def _protocol(request: MarketRequest, auction: Auction, form: SharesForm) -> HttpResponse:
    page = protocol_page(auction)
    own = (
        next((entry for entry in page.lot_keys if entry.person_id == request.actor.person), None)
        if request.actor.person
        else None
    )
    may_bring = own is not None and auction.state == AuctionState.UNOPENED
    context = {
        "page": page,
        "form": form,
        "own": own,
        "may_bring": may_bring,
        "envelopes": {"seat": own.seat, "public": own.public_key, "bids": envelopes_to_open(auction)}
        if may_bring and own
        else None,
    }
    return render(request, "auctions/protocol.html", context, status=form_status(form))


@login_required
@require_POST
def bring(request: MarketRequest, key: str) -> HttpResponse:
    auction = _sealed_auction_for(request, key)
    form = SharesForm(request.POST)
    if form.is_valid():
        shares = form.cleaned_data["shares"]
        opened = attempt(form, lambda: bring_key(auction, shares, actor=request.actor))
        if opened is not None:
            said = _("All bids are open.") if opened else _("Your key is here. The bids open with the next one.")
            return acted(request, said, reverse("auctions:protocol", args=[key]))
    auction.refresh_from_db()
    return _protocol(request, auction, form)
