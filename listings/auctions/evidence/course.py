"""How does an auction stand at a moment of its replay?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from listings.auctions.rules import ascending, falling, sealed
from listings.auctions.rules.ascending import AuctionTerms, Standing
from listings.auctions.rules.falling import FallingStanding, FallingTerms
from listings.auctions.rules.offers import Offer
from listings.auctions.rules.sealed import SealedTerms
from market.values.money import Money


class Mismatch(Exception):
    """What is recorded is not what the rules lead to; the message says where and what, for auditors, in English."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules lead to. `winner` is a bidder's number; empty without a deal."""

    state: str
    winner: int | None
    price: Money | None
    bids: int
    head: str


@dataclass(slots=True)
class Course:
    """How the auction stands at a moment of the replay."""

    key: str
    mode: str
    terms: Mapping[str, Any]
    reserve: Money | None
    opens_at: datetime
    clock_from: datetime
    free_until: datetime | None
    hard_stop: datetime | None
    standing: Standing
    phase: str = ""
    round: int = 1
    holder: int | None = None
    stopped: Offer | None = None
    topped: Offer | None = None
    opened: list[tuple[int, Offer]] = field(default_factory=list)
    envelopes: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    admitted: frozenset[int] = frozenset()
    orders: set[int] = field(default_factory=set)
    keys_ready: datetime | None = None
    paused_at: datetime | None = None
    match_until: datetime | None = None
    matches: list[int] = field(default_factory=list)
    is_answered: bool = False
    result: Result | None = None

    @property
    def ascending_terms(self) -> AuctionTerms:
        assert self.free_until is not None
        assert self.hard_stop is not None
        return AuctionTerms(
            start=Money(self.terms["start_price_fen"]),
            step=Money(self.terms["step_fen"]),
            reserve=self.reserve,
            opens_at=self.opens_at,
            free_until=self.free_until,
            cycle=seconds(self.terms["cycle_seconds"]),
            most_extensions=self.terms["most_extensions"],
            hard_stop=self.hard_stop,
        )

    @property
    def falling_terms(self) -> FallingTerms:
        return FallingTerms(
            start=Money(self.terms["start_price_fen"]),
            floor=Money(self.terms["floor_price_fen"]),
            step=Money(self.terms["step_fen"]),
            every=seconds(self.terms["step_seconds"]),
            opens_at=self.opens_at,
            sealed_for=seconds(self.terms["sealed_seconds"]),
            topping_for=seconds(self.terms["topping_seconds"]),
        )

    @property
    def falling_standing(self) -> FallingStanding:
        standing = self.standing
        return FallingStanding(standing.state, self.phase, self.clock_from, standing.ends_at, self.holder, standing.best)

    @property
    def sealed_terms(self) -> SealedTerms:
        start, tie_for = Money(self.terms["start_price_fen"]), seconds(self.terms["sealed_seconds"])
        return SealedTerms(start, self.reserve, self.opens_at, self.standing.ends_at, tie_for)

    @property
    def offers(self) -> list[Offer]:
        """The valid opened bids, in the order in which their envelopes were handed in."""
        return [offer for _, offer in sorted(self.opened, key=lambda entry: entry[0])]

    @property
    def best_offer(self) -> Offer | None:
        """Who wins before any pre-emptive right."""
        match self.mode:
            case "ascending":
                standing = self.standing
                led = [] if standing.leader is None or standing.best is None else [Offer(standing.leader, standing.best)]
                return ascending.winner(self.ascending_terms, led)
            case "falling":
                return falling.winner(self.stopped, self.offers, self.topped)
            case _:
                return sealed.winner(self.sealed_terms, self.offers)

    def go(self, state: str, ends_at: datetime | None = None) -> None:
        """The auction is in this state, and ends at this time where it is given."""
        self.standing = replace(self.standing, state=state, ends_at=ends_at or self.standing.ends_at)


def require(holds: bool, sentence: str) -> None:
    """Raises `Mismatch` with this sentence unless it holds."""
    if not holds:
        raise Mismatch(sentence)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)
