"""What bidders do in the rooms of the other modes: stopping the clock, topping, sealed bids, the pre-emptive right."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.falling import stop_clock, top_best
from listings.auctions.actions.preemption import match_best, waive_match
from listings.auctions.actions.sealed import seal_bid, withdraw_bid
from listings.auctions.forms import BidForm, KeyForm, SealForm, StopForm
from listings.auctions.models.auctions import Auction
from listings.auctions.views.rooms import receive_entry
from market.requests import MarketRequest


@login_required
@require_POST
def stop(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return stop_clock(auction, data["amount"], key=data["key"], actor=request.actor)

    return receive_entry(request, key, StopForm(request.POST), act, said=_("You have stopped the clock and hold the price."))


@login_required
@require_POST
def top(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return top_best(auction, data["amount"], key=data["key"], actor=request.actor)

    return receive_entry(request, key, BidForm(request.POST), act, said=_("You have topped the best bid."))


@login_required
@require_POST
def seal(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return seal_bid(auction, data["envelope"], key=data["key"], actor=request.actor)

    return receive_entry(request, key, SealForm(request.POST), act, said=_("Your sealed bid is taken."))


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return withdraw_bid(auction, key=data["key"], actor=request.actor)

    return receive_entry(request, key, KeyForm(request.POST), act, said=_("Your sealed bid is withdrawn."))


@login_required
@require_POST
def match(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return match_best(auction, key=data["key"], actor=request.actor)

    return receive_entry(request, key, KeyForm(request.POST), act, said=_("You have matched the price; the deal is yours."))


@login_required
@require_POST
def waive(request: MarketRequest, key: str) -> HttpResponse:
    def act(auction: Auction, data: dict[str, Any]) -> Receipt:
        return waive_match(auction, key=data["key"], actor=request.actor)

    return receive_entry(request, key, KeyForm(request.POST), act, said=_("You do not use your pre-emptive right."))
