"""May a sealed bid be made, which of the opened ones are valid, and who wins?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from listings.auctions.rules.offers import LARGEST_BID, Offer, period_refusals, start_refusals
from market.values.money import Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class SealedTerms:
    """What was announced: `start` is the least a bid must be; a tie leads to one more round of `tie_for`."""

    start: Money
    reserve: Money | None
    opens_at: datetime
    ends_at: datetime
    tie_for: timedelta


@dataclass(frozen=True, slots=True)
class SealedStanding:
    """Which round is open until when, and the bidders that it is for."""

    state: str
    phase: str
    opens_at: datetime
    ends_at: datetime
    admitted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Round:
    """What the opening of a round led to: a winner, or bidders who are tied and bid once more, or nobody."""

    winner: Offer | None
    tied: tuple[int, ...] = ()


def may_announce(terms: SealedTerms, *, now: datetime) -> list[Refusal]:
    """What speaks against announcing sealed bidding on these terms.

    Source: domain rule 6 of listing: one bid each, opened together (medium).
    """
    refusals = start_refusals(terms.start, terms.opens_at, now=now)
    if terms.reserve is not None and terms.reserve < terms.start:
        refusals.append(Refusal("auctions.reserve_below_start", field="reserve"))
    return refusals + period_refusals(period=terms.ends_at - terms.opens_at, tie_for=terms.tie_for)


def may_seal(standing: SealedStanding, *, bidder: int, now: datetime) -> Refusal | None:
    """What speaks against a sealed bid, or taking one back, at this moment. Its amount is judged at the opening only.

    Source: domain rule 6 of listing: one bid each, opened together (medium).
    """
    if standing.state == "paused":
        return Refusal("auctions.paused")
    if standing.state != "open" or standing.phase != "sealed" or now < standing.opens_at:
        # After the end it was late, whether or not the clock's worker has noticed.
        return Refusal("auctions.over" if standing.state in {"unopened", "matching", "closed"} else "auctions.not_open")
    if now >= standing.ends_at:
        return Refusal("auctions.over")
    if bidder not in standing.admitted:
        return Refusal("auctions.not_in_this_round")
    return None


def amount_flaw(amount: Money, *, least: Money) -> str:
    """Why an opened bid of this amount does not count, as the code of a refusal; empty when it does.

    Source: domain rule 6 of listing: whole steps (medium).
    """
    if amount > LARGEST_BID:
        return "auctions.too_much"
    return "auctions.below_least" if amount < least else ""


def may_open(readable: Iterable[int], *, contributions: int, holders: int) -> bool:
    """True when the bids can be opened: each can be read with two keys, or every holder has brought theirs.

    `readable` says for each bid with how many of the keys brought so far it could be read. Two persons open together; where
    one of them says that a bid cannot be read with their key, the third must come before anything is opened.
    Source: fields.md c8 (medium).
    """
    return contributions >= 2 and (contributions == holders or all(count >= 2 for count in readable))


def winner(terms: SealedTerms, offers: Iterable[Offer]) -> Offer | None:
    """The highest valid offer; of equal ones the earlier; nobody when it stays below the reserve price.

    `offers` are those of all rounds, in the order in which they were made: who is tied and bids no more keeps the first offer.
    Source: domain.md, bidding modes: ties in sealed bidding, the earlier server sequence (medium); 拍卖法 art. 28 (high).
    """
    best: Offer | None = None
    for offer in offers:
        if best is None or offer.amount > best.amount:
            best = offer
    if best is None or (terms.reserve is not None and best.amount < terms.reserve):
        return None
    return best


def after_round(terms: SealedTerms, number: int, offers: Sequence[Offer]) -> Round:
    """What follows the opening of this round, the valid offers of all rounds given in order.

    A tie for the best of the first round leads to one more among the tied; after that the earlier offer decides.
    Source: fields.md c8, rule 4 (medium).
    """
    best = winner(terms, offers)
    if best is None or number > 1:
        return Round(best)
    tied = tuple(offer.bidder for offer in offers if offer.amount == best.amount)
    return Round(None, tied) if len(tied) > 1 else Round(best)
