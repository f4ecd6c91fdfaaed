"""What may stand in a demand, and what may still change once it is published?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from market.values.money import Money
from market.values.refusal import Refusal

MOST_KEYWORDS = 5
MOST_INDICATORS = 12


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measurable target: what is measured, how its value is to be met, in which unit; where it stands today, and how it is measured."""

    name: str
    comparison: str
    value: Decimal
    unit: str
    current: str = ""
    method: str = ""

    def as_row(self) -> dict[str, str]:
        """As it is kept and logged: figures as plain text."""
        return {
            "name": self.name,
            "comparison": self.comparison,
            "value": plain(self.value),
            "unit": self.unit,
            "current": self.current,
            "method": self.method,
        }

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Indicator:
        """The indicator that was kept as this row."""
        return cls(**{**row, "value": Decimal(row["value"])})


@dataclass(frozen=True, slots=True)
class DemandEntry:
    """Everything that is typed of a demand. `details` are what the level of confidentiality protects; `named` the parties' keys.

    A budget is a range, a sum up to which, or open where both ends are None.
    """

    title: str
    industry: str
    problem: str
    targets: str
    expected: str
    keywords: tuple[str, ...]
    budget: Money | None
    cooperation: str
    valid_until: date
    kind: str = "breakthrough"
    existing_basis: str = ""
    contact: str = ""
    conditions: str = ""
    budget_from: Money | None = None
    indicators: tuple[Indicator, ...] = ()
    confidentiality: str = "open"
    details: str = ""
    nondisclosure: str = ""
    named: tuple[int, ...] = ()


def plain(value: Decimal) -> str:
    """The figure as people write it: without an exponent and without zeros at the end. Source: the market's own."""
    return f"{value.normalize():f}"


def is_met(indicator: Indicator, promised: Decimal) -> bool:
    """True when a promised value meets the indicator. Source: the market's own."""
    match indicator.comparison:
        case "at_least":
            return promised >= indicator.value
        case "at_most":
            return promised <= indicator.value
        case _:
            return promised == indicator.value


def demand_refusals(entry: DemandEntry, *, today: date) -> list[Refusal]:
    """What speaks against this demand as it was typed.

    Source: city and national demand forms, with time limit, keywords, figures and budget (medium); the limits are the market's own (low).
    """
    refusals = []
    if len(entry.keywords) > MOST_KEYWORDS:
        refusals.append(Refusal("listings.too_many_keywords", field="keywords", data={"most": MOST_KEYWORDS}))
    if entry.valid_until <= today:
        refusals.append(Refusal("demands.deadline_in_the_past", field="valid_until"))
    refusals += _budget_refusals(entry.budget_from, entry.budget)
    refusals += _confidentiality_refusals(entry)
    names = [indicator.name for indicator in entry.indicators]
    if len(names) > MOST_INDICATORS:
        refusals.append(Refusal("demands.too_many_indicators", field="indicators", data={"most": MOST_INDICATORS}))
    twice = sorted({name for name in names if names.count(name) > 1})
    return refusals + [Refusal("demands.indicator_twice", field="indicators", data={"name": name}) for name in twice]


def _budget_refusals(lower: Money | None, upper: Money | None) -> list[Refusal]:
    if (upper is not None and upper.fen <= 0) or (lower is not None and lower.fen <= 0):
        return [Refusal("demands.budget_zero", field="budget")]
    if lower is not None and (upper is None or lower.fen > upper.fen):
        return [Refusal("demands.budget_reversed", field="budget")]
    return []


def _confidentiality_refusals(entry: DemandEntry) -> list[Refusal]:
    if entry.confidentiality == "open":
        return [Refusal("demands.details_would_be_public", field="details")] if entry.details.strip() else []
    refusals = []
    if not entry.details.strip():
        refusals.append(Refusal("demands.details_missing", field="details"))
    if not entry.nondisclosure.strip():
        refusals.append(Refusal("demands.nondisclosure_missing", field="nondisclosure"))
    if entry.confidentiality == "named" and not entry.named:
        refusals.append(Refusal("demands.nobody_named", field="named"))
    return refusals


def may_change_published(
    before: DemandEntry, after: DemandEntry, *, changed: Collection[str], is_answered: bool, is_open_call: bool
) -> list[Refusal]:
    """What speaks against this new version of a published demand.

    Those who answered relied on the deadline and on who reads what; of an open call only the deadline moves, and only outwards.
    Source: 招标投标法实施条例 art. 21 by analogy, changes with time to react (medium).
    """
    refusals = []
    if not changed:
        refusals.append(Refusal("demands.nothing_changed"))
    if is_answered and after.valid_until < before.valid_until:
        refusals.append(Refusal("demands.deadline_shortened", field="valid_until"))
    if after.confidentiality != before.confidentiality:
        refusals.append(Refusal("demands.level_is_fixed", field="confidentiality"))
    elif after.nondisclosure != before.nondisclosure:
        refusals.append(Refusal("demands.terms_are_fixed", field="nondisclosure"))
    if is_open_call and set(changed) - {"valid_until"}:
        refusals.append(Refusal("demands.call_is_fixed"))
    return refusals


def changed_fields(before: DemandEntry, after: DemandEntry, names: Sequence[str]) -> list[str]:
    """The names of what is another now, in their order. Source: the market's own."""
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def may_read_details(*, confidentiality: str, is_own: bool, is_official: bool, is_named: bool, has_accepted: bool) -> bool:
    """True for whoever the level lets read the details: the enterprise, supervision, and those who accepted the terms.

    Source: 民法典 arts 501, 509, secrecy in negotiations (high); the three levels are the market's own.
    """
    if confidentiality == "open" or is_own or is_official:
        return True
    return has_accepted and (confidentiality != "named" or is_named)
