"""What every mode of bidding shares: an amount in a bidder's name, the limits of prices and times, the pre-emptive right."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# No technology of this market is worth ten trillion yuan; a sum beyond it is a slip of the hand.
LARGEST_BID = Money.yuan("10000000000000")
# A phase of a falling or sealed auction lasts between these.
_SHORTEST, _LONGEST = timedelta(seconds=10), timedelta(days=14)

# Refusals whose sentence says what was asked at that moment.
_TOLD_LATER = {
    "auctions.below_minimum": "auctions.below_minimum_then",
    "auctions.not_whole_step": "auctions.not_whole_step_then",
    "auctions.price_not_reached": "auctions.price_not_reached_then",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An amount in a bidder's name."""

    bidder: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Preemption:
    """A pre-emptive right announced with the auction: this intent's buyer may match the final price within this time."""

    intent: int
    match_for: timedelta


def start_refusals(start: Money, opens_at: datetime, *, now: datetime) -> list[Refusal]:
    """What speaks against this start price and this opening, in whatever mode. Source: the market's own."""
    refusals = []
    if start <= ZERO:
        refusals.append(Refusal("auctions.start_not_positive", field="start"))
    if opens_at <= now:
        refusals.append(Refusal("auctions.opens_in_the_past", field="opens_at"))
    return refusals


def period_refusals(**periods: timedelta) -> list[Refusal]:
    """What speaks against the length of these phases, by the name of their fields. Source: the market's own."""
    outside = [field for field, period in periods.items() if not _SHORTEST <= period <= _LONGEST]
    return [Refusal("auctions.period_out_of_range", field=field) for field in outside]


def told_later(code: str) -> Refusal | None:
    """The refusal of a recorded bid, told without the figures of its moment, which are not kept; none for an empty code.

    Source: the market's own.
    """
    return Refusal(_TOLD_LATER.get(code, code)) if code else None


def waits_for_match(best: Offer | None, holder: int | None) -> bool:
    """True when the holder of a pre-emptive right may still match: there is a winner, and it is somebody else.

    Source: domain.md, bidding modes (medium): a pre-emptive holder may equal the best within a set time; 民法典 art. 847 for
    those who made a service invention, art. 860 for co-owners (medium).
    """
    return best is not None and holder is not None and best.bidder != holder


def may_match(state: str, *, holder: int | None, bidder: int, until: datetime | None, now: datetime) -> Refusal | None:
    """What speaks against using a pre-emptive right, or letting it be, at this moment.

    Source: domain rule 6 of listing: a pre-emptive holder matches within a set time (medium).
    """
    if holder != bidder:
        return Refusal("auctions.no_preemption")
    if state != "matching" or until is None:
        return Refusal("auctions.not_open")
    return Refusal("auctions.over") if now >= until else None


def matched(best: Offer | None, matches: Iterable[int]) -> Offer | None:
    """The result after the pre-emptive right: who matched has it at the same price.

    Source: 民法典 art. 847: the right is to equal terms (high).
    """
    holder = next(iter(matches), None)
    return Offer(holder, best.amount) if best is not None and holder is not None else best


def preemption_refusals(preemption: Preemption | None) -> list[Refusal]:
    """What speaks against the time of this pre-emptive right. Source: the market's own."""
    return [] if preemption is None else period_refusals(match_for=preemption.match_for)


def ranked(offers: Iterable[Offer]) -> list[Offer]:
    """Each bidder's best amount, the highest first; of the same amount the one that came first. `offers` are in order of time.

    Source: 招标投标法实施条例 art. 55, in analogy (medium): candidates follow one another in the order of their rank.
    """
    best: dict[int, Offer] = {}
    for offer in offers:
        if offer.bidder not in best or offer.amount > best[offer.bidder].amount:
            best.pop(offer.bidder, None)
            best[offer.bidder] = offer
    return sorted(best.values(), key=lambda offer: -offer.amount.fen)


def next_in_rank(offers: Iterable[Offer], *, passed_over: Container[int], floor: Money | None) -> Offer | None:
    """Whom to ask after a winner's default: the best bidder who was not asked before and whose amount meets the reserve price.

    Source: 招标投标法实施条例 art. 55, in analogy (medium).
    """
    left = (offer for offer in ranked(offers) if offer.bidder not in passed_over)
    return next((offer for offer in left if floor is None or offer.amount >= floor), None)
