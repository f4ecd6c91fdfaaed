"""The falling clock: stopping it, and topping the best sealed bid."""

from __future__ import annotations

from datetime import datetime

from listings.auctions.actions.course import finish, note
from listings.auctions.actions.entries import Judged, Receipt, enter, require_measure
from listings.auctions.clock import Clock, as_it_is
from listings.auctions.kinds import BidKind, Mode, Phase
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.rules.falling import may_stop, may_top, price_at
from market.values.actor import CLOCK, Actor
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal


def stop_clock(auction: Auction, seen: Money, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The bidder holds the price that the clock asks at this moment, and the time for sealed bids above it has begun.

    `seen` is the price that the bidder saw; if it has fallen since, the lower one is held. Of two at once the row's lock lets
    one be the first. Event: auction.clock_stopped.
    """
    _require_falling(auction)
    require_measure(seen)

    def judged(locked: Auction, _bidder: BidderPass, now: datetime) -> Judged:
        terms, standing = locked.falling_terms, locked.falling_standing
        refusal = may_stop(terms, standing, seen=seen, now=now)
        price = locked.best or price_at(terms, standing.clock_from, now)
        return Judged(price, refusal, {"seen_fen": seen.fen})

    return enter(auction, BidKind.STOP, key=key, actor=actor, clock=clock, judge=judged, follow=_stopped)


def _stopped(locked: Auction, bidder: BidderPass, price: Money | None, now: datetime) -> None:
    assert price is not None
    locked.holder = locked.leader = bidder
    locked.best_bid_fen = price.fen
    locked.phase = Phase.SEALED
    locked.ends_at = now + locked.falling_terms.sealed_for
    locked.save(update_fields=["holder", "leader", "best_bid_fen", "phase", "ends_at"])
    until = locked.ends_at.isoformat()
    facts = {"price": str(price), "price_fen": price.fen, "bidder": bidder.number, "until": until}
    note(locked, "auction.clock_stopped", actor=CLOCK, now=now, **facts)


def top_best(auction: Auction, amount: Money, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The holder of the clock's price has topped the best sealed bid, once, and so ends the bidding.

    Events: those of `finish`.
    """
    _require_falling(auction)
    require_measure(amount)

    def judged(locked: Auction, bidder: BidderPass, now: datetime) -> Judged:
        has_topped = locked.bids.filter(kind=BidKind.TOP, is_accepted=True).exists()
        terms, standing = locked.falling_terms, locked.falling_standing
        return Judged(amount, may_top(terms, standing, bidder=bidder.pk, has_topped=has_topped, amount=amount, now=now))

    return enter(auction, BidKind.TOP, key=key, actor=actor, clock=clock, judge=judged, follow=_topped)


def _topped(locked: Auction, _bidder: BidderPass, _amount: Money | None, now: datetime) -> None:
    locked.ends_at = now
    finish([locked], "ends_at", actor=CLOCK, now=now)


def _require_falling(auction: Auction) -> None:
    if auction.mode != Mode.FALLING:
        raise OutOfTurn([Refusal("auctions.other_mode")])
