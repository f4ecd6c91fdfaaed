"""What is measured in the yearly evaluation, and how many points does a value earn? The figures are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from market.values.refusal import Refusal

DATA = Path(__file__).resolve().parent.parent / "rules_data"
_WHOLE = 100
_HUNDREDTH = Decimal("0.01")


class BadScheme(ValueError):
    """A file that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the evaluation and the points it can bring."""

    code: str
    points: Decimal
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: `full` earns all of `points`, less earns its share. A manual one is entered by an official with evidence."""

    code: str
    group: str
    points: Decimal
    unit: str
    full: Decimal
    is_manual: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EvaluationScheme:
    """One version of the evaluation."""

    id: str
    source: str
    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]
    grades: tuple[tuple[str, Decimal], ...]

    def grade(self, points: Decimal) -> str:
        return next(code for code, least in self.grades if points >= least)

    def of_group(self, code: str) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.indicators.values() if indicator.group == code)


def load_schemes(folder: Path = DATA) -> dict[str, EvaluationScheme]:
    """Every version by its id, the latest last. Raises `BadScheme`.

    Source: the market's own.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            scheme = _scheme(path)
        except KeyError as error:
            raise BadScheme(f"{path.name}: {error.args[0]!r} is missing") from error
        except (tomllib.TOMLDecodeError, ArithmeticError, ValueError) as error:
            raise BadScheme(f"{path.name}: {error}") from error
        found[scheme.id] = scheme
    return found


def _scheme(path: Path) -> EvaluationScheme:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    groups = tuple(Group(each["code"], Decimal(each["points"]), each["zh"], each["en"]) for each in data["group"])
    indicators = {
        each["code"]: Indicator(
            each["code"],
            each["group"],
            Decimal(each["points"]),
            each["unit"],
            Decimal(each["full"]),
            each.get("manual", False),
            each["zh"],
            each["en"],
        )
        for each in data["indicator"]
    }
    for group in groups:
        if sum(each.points for each in indicators.values() if each.group == group.code) != group.points:
            raise BadScheme(f"the indicators of {group.code} do not add up to its points")
    if sum(group.points for group in groups) != _WHOLE:
        raise BadScheme("all groups together make 100 points")
    if any(each.full <= 0 for each in indicators.values()):
        raise BadScheme("what earns all points lies above zero")
    grades = tuple((each["code"], Decimal(each["from"])) for each in data["grade"])
    return EvaluationScheme(data["id"], data["source"], groups, indicators, grades)


def points_for(indicator: Indicator, value: Decimal) -> Decimal:
    """The value's share of what earns all points, to the hundredth of a point; never more than all, nothing below zero.

    Source: rules.md 5.3, after a provincial evaluation of technology transfer institutions (medium).
    """
    part = min(max(value, Decimal(0)) / indicator.full, Decimal(1))
    return (indicator.points * part).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def total(scheme: EvaluationScheme, values: Mapping[str, Decimal]) -> Decimal:
    """The points of all indicators; one without a value earns nothing.

    Source: rules.md 5.3 (medium).
    """
    earned = (points_for(indicator, values[code]) for code, indicator in scheme.indicators.items() if code in values)
    return sum(earned, Decimal(0))


def ranked(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """The place of each by its points; those with the same points share a place.

    Source: the market's own.
    """
    ordered: Sequence[Decimal] = sorted(totals.values(), reverse=True)
    return {key: ordered.index(points) + 1 for key, points in totals.items()}


def may_publish(*, comment_until: date, today: date, open_comments: int) -> list[Refusal]:
    """What speaks against publishing; empty when nothing does.

    Source: domain rule 5 of brokers: a draft score can be contested before it is published (medium).
    """
    refusals = []
    if today <= comment_until:
        refusals.append(Refusal("evaluation.comments_running", data={"day": comment_until.isoformat()}))
    if open_comments:
        refusals.append(Refusal("evaluation.comments_open", data={"count": open_comments}))
    return refusals
