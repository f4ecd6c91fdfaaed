"""When is an auction rehearsed, on which terms, and whose line is too weak for it?

A rehearsal is the auction at ten times its speed, with play money: the same rules, start price and step, shorter periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from listings.auctions.rules.ascending import AuctionTerms
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.sealed import SealedTerms
from market.values.money import Money
from market.values.refusal import Refusal

type Terms = AuctionTerms | FallingTerms | SealedTerms

_SPEED = 10
# A rehearsal is over within this time, and must be over when the auction opens.
LONGEST = timedelta(minutes=30)
# A falling clock is rehearsed for so many steps.
_MOST_STEPS = 12
_MOST_EXTENSIONS = 10
_DAY = timedelta(days=1)

# Milliseconds: above these a bid in the last seconds is at risk.
_SLOW, _STALLED = 500, 3000
_FEWEST = 5
MOST_KEPT = 200


def rehearsal_time(opens_at: datetime, *, now: datetime) -> datetime | None:
    """The market's choice: the day before at the same hour; where that is too soon, half way; none where there is no time left.

    Source: the market's own.
    """
    if opens_at - now < 2 * LONGEST:
        return None
    day_before = opens_at - _DAY
    return day_before if day_before - now >= LONGEST else now + (opens_at - now) / 2


def rehearsal_refusals(rehearsal_at: datetime | None, opens_at: datetime, *, now: datetime) -> list[Refusal]:
    """What speaks against a rehearsal at this time. Source: the market's own."""
    if rehearsal_at is None:
        return []
    if rehearsal_at <= now:
        return [Refusal("auctions.rehearsal_in_the_past", field="rehearsal_at")]
    if rehearsal_at + LONGEST > opens_at:
        minutes = LONGEST // timedelta(minutes=1)
        return [Refusal("auctions.rehearsal_too_late", field="rehearsal_at", data={"minutes": minutes})]
    return []


def rehearsal_terms(terms: Terms, at: datetime) -> Terms:
    """The auction's terms at ten times its speed, within minutes; without the reserve price, which stays secret.

    Source: the market's own.
    """
    match terms:
        case FallingTerms():
            lowest = Money(terms.start.fen - _MOST_STEPS * terms.step.fen)
            return replace(
                terms,
                floor=max(terms.floor, lowest),
                every=_faster(terms.every, 10, 30),
                opens_at=at,
                sealed_for=_faster(terms.sealed_for, 60, 180),
                topping_for=_faster(terms.topping_for, 30, 120),
            )
        case SealedTerms():
            ends_at = at + _faster(terms.ends_at - terms.opens_at, 120, 300)
            return SealedTerms(terms.start, None, at, ends_at, _faster(terms.tie_for, 60, 120))
        case _:
            free_until = at + _faster(terms.free_until - terms.opens_at, 60, 180)
            return replace(
                terms,
                reserve=None,
                opens_at=at,
                free_until=free_until,
                cycle=_faster(terms.cycle, 10, 60),
                most_extensions=min(terms.most_extensions, _MOST_EXTENSIONS),
                hard_stop=free_until + _faster(terms.hard_stop - terms.free_until, 120, 600),
            )


def _faster(period: timedelta, shortest: int, longest: int) -> timedelta:
    """A tenth of it, in whole seconds, within these."""
    return timedelta(seconds=min(max(int(period.total_seconds()) // _SPEED, shortest), longest))


def lesson(state: str, phase: str, *, free_until: datetime | None, now: datetime) -> str:
    """What a bidder can learn at this moment, by the name of the lesson. Source: the market's own."""
    if state == "planned" or state == "paused":
        return state
    if state != "open":
        return "over"
    if phase:
        return phase
    return "free" if free_until is not None and now < free_until else "timed"


def measured(round_trips: Sequence[int]) -> tuple[int, int] | None:
    """The median and the worst of these round trips, in milliseconds; none without any. Source: the market's own."""
    return (round(median(round_trips)), max(round_trips)) if round_trips else None


def is_weak(round_trips: Sequence[int]) -> bool:
    """True for a line on which a bid in the last seconds may come too late: slow as a rule, or stalled once; of a few it is not said.

    Source: the market's own.
    """
    found = measured(round_trips)
    if found is None or len(round_trips) < _FEWEST:
        return False
    usual, worst = found
    return usual > _SLOW or worst > _STALLED
