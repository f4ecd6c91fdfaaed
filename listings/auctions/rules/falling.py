"""What does the clock ask at this moment, who may stop it, and who wins after the sealed finish?

The price falls by announced steps; the first to stop it holds it; then the others may bid sealed above it; then the holder
alone may top the best of them, once. Nothing ticks: the price is a function of the time and the schedule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from listings.auctions.rules.offers import LARGEST_BID, Offer, period_refusals, start_refusals
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# A clock of more steps than this is nobody's patience; one system of public sales allows up to 99.
_MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class FallingTerms:
    """What was announced: the price falls from `start` by `step` each `every`, not below `floor`.

    `sealed_for` is the time for sealed bids after the clock was stopped, `topping_for` the holder's time after their opening.
    """

    start: Money
    floor: Money
    step: Money
    every: timedelta
    opens_at: datetime
    sealed_for: timedelta
    topping_for: timedelta

    @property
    def steps(self) -> int:
        """How often the price falls; the last step may be a shorter one, down to the floor."""
        return -(-(self.start.fen - self.floor.fen) // self.step.fen)

    @property
    def clock_for(self) -> timedelta:
        """How long the clock runs when nobody stops it: the floor is asked as long as every other price."""
        return self.every * (self.steps + 1)


@dataclass(frozen=True, slots=True)
class FallingStanding:
    """How it stands: `clock_from` is the opening, moved by every pause; `best` is the stopped price or the best sealed bid."""

    state: str
    phase: str
    clock_from: datetime
    ends_at: datetime
    holder: int | None = None
    best: Money | None = None


def may_announce(terms: FallingTerms, *, now: datetime) -> list[Refusal]:
    """What speaks against announcing a falling clock on these terms. Source: fields.md c3 (medium)."""
    refusals = start_refusals(terms.start, terms.opens_at, now=now)
    if not ZERO < terms.floor < terms.start:
        refusals.append(Refusal("auctions.floor_out_of_range", field="floor"))
    if terms.step <= ZERO:
        refusals.append(Refusal("auctions.step_not_positive", field="step"))
    elif terms.steps > _MOST_STEPS:
        refusals.append(Refusal("auctions.too_many_steps", field="step", data={"most": _MOST_STEPS}))
    return refusals + period_refusals(every=terms.every, sealed_for=terms.sealed_for, topping_for=terms.topping_for)


def price_at(terms: FallingTerms, clock_from: datetime, now: datetime) -> Money:
    """What the clock asks at this moment; the start price before the opening, never below the floor.

    Source: fields.md c3, the clock of public sales (medium).
    """
    fallen = max(0, (now - clock_from) // terms.every)
    return max(terms.floor, Money(terms.start.fen - fallen * terms.step.fen))


def may_stop(terms: FallingTerms, standing: FallingStanding, *, seen: Money, now: datetime) -> Refusal | None:
    """What speaks against stopping the clock at this moment, having seen this price.

    The price is that of the server's time. It may have fallen since it was seen, which is to the bidder's good; it was never
    above what was asked, so a lower price than asked stops nothing.
    Source: fields.md c3 (medium).
    """
    if standing.state == "paused":
        return Refusal("auctions.paused")
    if standing.holder is not None:
        return Refusal("auctions.already_stopped")
    if standing.state != "open" or now < terms.opens_at:
        return Refusal("auctions.not_open")
    if now >= standing.ends_at:
        return Refusal("auctions.over")
    price = price_at(terms, standing.clock_from, now)
    if seen < price:
        return Refusal("auctions.price_not_reached", field="amount", data={"price": str(price), "price_fen": price.fen})
    return None


def least_above(terms: FallingTerms, standing: FallingStanding) -> Money:
    """The least that a sealed bid, and later the holder's topping bid, must be: a step above what is held.

    Source: fields.md c3 (medium).
    """
    return (standing.best or terms.floor) + terms.step


def may_top(
    terms: FallingTerms, standing: FallingStanding, *, bidder: int, has_topped: bool, amount: Money, now: datetime
) -> Refusal | None:
    """What speaks against topping the best sealed bid: only the holder may, once, by a step at least, in their time.

    Source: fields.md c3 (medium).
    """
    if standing.state == "paused":
        return Refusal("auctions.paused")
    if standing.state != "open" or standing.phase != "topping":
        return Refusal("auctions.not_open")
    if now >= standing.ends_at:
        return Refusal("auctions.over")
    if bidder != standing.holder:
        return Refusal("auctions.only_the_holder")
    if has_topped:
        return Refusal("auctions.topped_already")
    if amount > LARGEST_BID:
        return Refusal("auctions.too_much", field="amount")
    least = least_above(terms, standing)
    if amount < least:
        return Refusal("auctions.below_minimum", field="amount", data={"minimum": str(least), "minimum_fen": least.fen})
    return None


def winner(stopped: Offer | None, opened: Iterable[Offer], topped: Offer | None) -> Offer | None:
    """Who wins at what price: the topping bid, else the best valid sealed bid, of equal ones the earlier, else the holder.

    `opened` are the valid ones in the order in which they were made. Nobody when nobody stopped the clock.
    Source: fields.md c3 (medium); domain.md, bidding modes: of equal sealed bids the earlier server sequence (medium).
    """
    if topped is not None:
        return topped
    best = stopped
    for offer in opened:
        if best is None or offer.amount > best.amount:
            best = offer
    return best
