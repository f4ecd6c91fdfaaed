"""The pre-emptive right: its holder matches the final price within the announced time, or lets it be."""

from __future__ import annotations

from datetime import datetime

from listings.auctions.actions.course import close_after_match
from listings.auctions.actions.entries import Judged, Receipt, enter
from listings.auctions.clock import Clock, as_it_is
from listings.auctions.kinds import BidKind
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.rules.offers import may_match
from market.values.actor import CLOCK, Actor
from market.values.money import Money


def match_best(auction: Auction, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The holder of the pre-emptive right has the deal at the price that the bidding found. Events: those of closing."""
    return enter(auction, BidKind.MATCH, key=key, actor=actor, clock=clock, judge=_judged, follow=_over)


def waive_match(auction: Auction, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The holder of the pre-emptive right lets the winner have the deal at once. Events: those of closing."""
    return enter(auction, BidKind.WAIVER, key=key, actor=actor, clock=clock, judge=_judged, follow=_over)


def _judged(locked: Auction, bidder: BidderPass, now: datetime) -> Judged:
    refusal = may_match(locked.state, holder=locked.preemptor_id, bidder=bidder.pk, until=locked.match_until, now=now)
    return Judged(locked.best, refusal)


def _over(locked: Auction, _bidder: BidderPass, _amount: Money | None, now: datetime) -> None:
    close_after_match(locked, actor=CLOCK, now=now)
