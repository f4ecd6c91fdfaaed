"""May this bid be made, how long does the auction go on, and who wins? Ascending bids with a free and a timed period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from listings.auctions.rules.offers import LARGEST_BID, Offer, start_refusals
from market.values.money import ZERO, Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class AuctionTerms:
    """What was announced before the auction and does not change during it.

    `free_until` ends the free period; from then on each accepted bid begins a new cycle of `cycle` length. However it
    goes, there are at most `most_extensions` of them, and no bid after `hard_stop`. Times are instants.
    """

    start: Money
    step: Money
    reserve: Money | None
    opens_at: datetime
    free_until: datetime
    cycle: timedelta
    most_extensions: int
    hard_stop: datetime

    @property
    def first_end(self) -> datetime:
        """When it ends if nobody bids in the last cycle."""
        return min(self.free_until + self.cycle, self.hard_stop)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the auction stands at a moment: best bid and its bidder, the end as it is now, the extensions so far."""

    state: str
    ends_at: datetime
    extensions: int = 0
    best: Money | None = None
    leader: int | None = None


@dataclass(frozen=True, slots=True)
class Proxy:
    """A bidder's order to bid for them, one step at a time, up to a limit; `entered` is its place in time among the orders."""

    bidder: int
    limit: Money
    entered: int


def may_announce(terms: AuctionTerms, *, now: datetime) -> list[Refusal]:
    """What speaks against announcing an auction on these terms.

    Source: domain rule 6 of listing, after exchange practice (medium); the lengths are policy rows.
    """
    refusals = start_refusals(terms.start, terms.opens_at, now=now)
    if terms.step <= ZERO:
        refusals.append(Refusal("auctions.step_not_positive", field="step"))
    if terms.reserve is not None and terms.reserve < terms.start:
        refusals.append(Refusal("auctions.reserve_below_start", field="reserve"))
    if not terms.opens_at < terms.free_until < terms.hard_stop:
        refusals.append(Refusal("auctions.times_out_of_order", field="free_until"))
    if not timedelta(seconds=10) <= terms.cycle <= timedelta(hours=1):
        refusals.append(Refusal("auctions.cycle_out_of_range", field="cycle"))
    if terms.most_extensions < 0:
        refusals.append(Refusal("auctions.extensions_negative", field="most_extensions"))
    return refusals


def next_minimum(terms: AuctionTerms, best: Money | None) -> Money:
    """The least that the next bid must be: the start price, or one step above the best.

    Source: domain rule 6 of listing: bids move by whole steps above the best (medium).
    """
    return terms.start if best is None else best + terms.step


def may_bid(terms: AuctionTerms, standing: Standing, *, bidder: int, amount: Money, now: datetime) -> Refusal | None:
    """What speaks against this bid at this moment, first things first; nothing when it is accepted.

    A bid is the minimum or whole steps above it; it never equals the best, and nobody outbids themselves.
    Source: domain rule 6 of listing (medium); 拍卖法 art. 36 in analogy: a bid cannot be withdrawn (high).
    """
    if standing.state == "paused":
        return Refusal("auctions.paused")
    if standing.state != "open" or now < terms.opens_at:
        return Refusal("auctions.not_open")
    if now >= standing.ends_at:
        return Refusal("auctions.over")
    return _amount_refusal(terms, standing, bidder=bidder, amount=amount)


def _amount_refusal(terms: AuctionTerms, standing: Standing, *, bidder: int, amount: Money) -> Refusal | None:
    if standing.leader == bidder:
        return Refusal("auctions.you_lead")
    if amount > LARGEST_BID:
        return Refusal("auctions.too_much", field="amount")
    minimum = next_minimum(terms, standing.best)
    if amount < minimum:
        return Refusal("auctions.below_minimum", field="amount", data={"minimum": str(minimum), "minimum_fen": minimum.fen})
    if (amount.fen - minimum.fen) % terms.step.fen:
        return Refusal("auctions.not_whole_step", field="amount", data={"step": str(terms.step), "minimum": str(minimum)})
    return None


def extended_until(terms: AuctionTerms, standing: Standing, *, accepted_at: datetime) -> tuple[datetime, int]:
    """The end and the number of extensions after a bid accepted at this moment.

    In the last cycle an accepted bid sets the end to its own time plus a cycle: never earlier than it was, never past the
    hard stop, and no more often than announced.
    Source: 法释〔2016〕18号 art. 20 for the five minutes after the last bid (high), an exchange's cycles in analogy (medium).
    """
    in_last_cycle = standing.ends_at - accepted_at < terms.cycle
    if not in_last_cycle or standing.extensions >= terms.most_extensions:
        return standing.ends_at, standing.extensions
    end = min(max(standing.ends_at, accepted_at + terms.cycle), terms.hard_stop)
    return (end, standing.extensions + 1) if end > standing.ends_at else (standing.ends_at, standing.extensions)


def resumed_until(terms: AuctionTerms, standing: Standing, *, paused_at: datetime, now: datetime) -> datetime:
    """The end after a pause: what was left when the clock stopped, but at least a full cycle.

    The hard stop moves with the clock: the pause took its time from nobody (`hard_stop` of the terms that go on).
    Source: the market's own.
    """
    return now + max(standing.ends_at - paused_at, terms.cycle)


def answers_of_proxies(terms: AuctionTerms, standing: Standing, proxies: Iterable[Proxy]) -> list[Offer]:
    """What the orders bid by themselves after an accepted bid, in this order, until none of them can better the best.

    Of two orders the higher one wins, one step above what the other could pay and within its own limit; of two equal ones
    the earlier. The steps in between are left out: two orders against each other make at most three bids. No order bids
    against its own bidder.
    Source: the market's own.
    """
    listed = list(proxies)
    offers: list[Offer] = []
    best, leader = standing.best, standing.leader
    while round_ := _round_of_proxies(terms, best, leader, listed):
        offers += round_
        best, leader = round_[-1].amount, round_[-1].bidder
    return offers


def _round_of_proxies(terms: AuctionTerms, best: Money | None, leader: int | None, proxies: Iterable[Proxy]) -> list[Offer]:
    minimum = next_minimum(terms, best)
    able = [proxy for proxy in proxies if _highest(terms, proxy.limit) >= minimum]
    if all(proxy.bidder == leader for proxy in able):
        return []
    first, *others = sorted(able, key=lambda proxy: (-_highest(terms, proxy.limit).fen, proxy.entered))
    if not others:
        return [Offer(first.bidder, minimum)]
    second = others[0]
    # How far the lesser order goes: as far as it can and the greater one can still answer.
    last = min(_highest(terms, second.limit), _highest(terms, first.limit) - terms.step)
    answer = Offer(first.bidder, last + terms.step)
    if second.bidder == leader:
        challenge = Offer(first.bidder, minimum)
        return [challenge, Offer(second.bidder, last), answer] if last > minimum else [challenge]
    if last >= minimum:
        return [Offer(second.bidder, last), answer]
    return [Offer(second.bidder if first.bidder == leader else first.bidder, minimum)]


def _highest(terms: AuctionTerms, limit: Money) -> Money:
    """The largest bid on the ladder of steps that is within this limit; less than the start when there is none."""
    if limit < terms.start:
        return ZERO
    return terms.start + Money((limit.fen - terms.start.fen) // terms.step.fen * terms.step.fen)


def winner(terms: AuctionTerms, offers: Iterable[Offer]) -> Offer | None:
    """The best of the accepted bids, in their order; nobody when it stays below the reserve price.

    Source: 拍卖法 arts 28, 50, in analogy (high): below the reserve price there is no sale.
    """
    best: Offer | None = None
    for offer in offers:
        if best is None or offer.amount > best.amount:
            best = offer
    if best is None or (terms.reserve is not None and best.amount < terms.reserve):
        return None
    return best
