"""Sealed bids: handing in an envelope, replacing it, taking it back. What is in it nobody knows before the opening."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listings.auctions.actions.entries import Judged, Receipt, enter
from listings.auctions.clock import Clock, as_it_is
from listings.auctions.envelopes import is_envelope
from listings.auctions.kinds import BidKind, Mode
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.sealed import may_seal
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, Refused


def seal_bid(auction: Auction, envelope: Mapping[str, Any], *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The envelope stands in the chain and counts as the bidder's bid in this round, in the place of any before it.

    Refused for what is no envelope; late, or from whom the round is not for, it stands in the chain as refused.
    """
    _require_sealed(auction)
    if not is_envelope(envelope):
        raise Refused([Refusal("auctions.envelope_wrong")])

    def judged(locked: Auction, bidder: BidderPass, now: datetime) -> Judged:
        return Judged(None, _refusal(locked, bidder, now), {"round": locked.round, "envelope": dict(envelope)})

    return enter(auction, BidKind.SEALED, key=key, actor=actor, clock=clock, judge=judged)


def withdraw_bid(auction: Auction, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The bidder's envelope of this round no longer counts and will not be opened; until the end another may follow."""
    _require_sealed(auction)

    def judged(locked: Auction, bidder: BidderPass, now: datetime) -> Judged:
        refusal = _refusal(locked, bidder, now)
        if refusal is None and bidder.pk not in {bid.bidder_id for bid in standing_envelopes(locked, locked.round)}:
            refusal = Refusal("auctions.nothing_to_withdraw")
        return Judged(None, refusal, {"round": locked.round})

    return enter(auction, BidKind.WITHDRAWAL, key=key, actor=actor, clock=clock, judge=judged)


def _refusal(locked: Auction, bidder: BidderPass, now: datetime) -> Refusal | None:
    admitted = frozenset(
        locked.passes.filter(last_round__gte=locked.round).exclude(pk=locked.holder_id or 0).values_list("pk", flat=True)
    )
    return may_seal(locked.sealed_standing(admitted), bidder=bidder.pk, now=now)


def _require_sealed(auction: Auction) -> None:
    if auction.mode == Mode.ASCENDING:
        raise OutOfTurn([Refusal("auctions.other_mode")])
