"""What may stand in a proposal, until when, and who may be chosen?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from listings.demands.rules.demands import Indicator, is_met, plain
from market.values.money import Money
from market.values.refusal import Refusal

SHORTEST_APPROACH = 50
LONGEST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Promise:
    """What a proposal promises for one indicator of the demand."""

    name: str
    value: Decimal
    unit: str
    remark: str = ""

    def as_row(self) -> dict[str, str]:
        """As it is kept and logged."""
        return {"name": self.name, "value": plain(self.value), "unit": self.unit, "remark": self.remark}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Promise:
        """The promise that was kept as this row."""
        return cls(**{**row, "value": Decimal(row["value"])})


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody who would do the work."""

    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """Everything that is typed of a proposal. `achievements` and `documents` stand by their keys in the database."""

    approach: str
    price: Money
    months: int
    promises: tuple[Promise, ...] = ()
    team: tuple[TeamMember, ...] = ()
    achievements: tuple[int, ...] = ()
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """An indicator beside what a proposal promises for it; None where it promises nothing."""

    indicator: Indicator
    promise: Promise | None

    @property
    def is_met(self) -> bool:
        return self.promise is not None and is_met(self.indicator, self.promise.value)


def kept_promises(indicators: Sequence[Indicator], promises: Sequence[Promise]) -> list[Kept]:
    """Each indicator of the demand beside the promise that bears its name. Source: the market's own."""
    by_name = {promise.name: promise for promise in promises}
    return [Kept(indicator, by_name.get(indicator.name)) for indicator in indicators]


def proposal_refusals(entry: ProposalEntry, indicators: Sequence[Indicator]) -> list[Refusal]:
    """What speaks against handing this in; a draft may be as incomplete as it likes.

    Source: 民法典 art. 845, a technology contract names target, content, progress, price (high); the limits are the market's own (low).
    """
    refusals = []
    if len(entry.approach.strip()) < SHORTEST_APPROACH:
        refusals.append(Refusal("demands.approach_too_short", field="approach", data={"shortest": SHORTEST_APPROACH}))
    if entry.price.fen <= 0:
        refusals.append(Refusal("demands.price_zero", field="price"))
    if not 0 < entry.months <= LONGEST_MONTHS:
        refusals.append(Refusal("demands.months_out_of_range", field="months", data={"most": LONGEST_MONTHS}))
    if not entry.team:
        refusals.append(Refusal("demands.team_missing", field="team"))
    missing = [kept.indicator.name for kept in kept_promises(indicators, entry.promises) if kept.promise is None]
    return refusals + [Refusal("demands.promise_missing", data={"name": name}) for name in missing]


def may_answer(*, now: datetime, ends_at: datetime) -> list[Refusal]:
    """What speaks against handing in or revising now: the deadline, to the second of the server's clock.

    Source: 招标投标法 art. 28 by analogy, what comes after the deadline is refused (medium).
    """
    return [Refusal("demands.deadline_is_over")] if now >= ends_at else []
