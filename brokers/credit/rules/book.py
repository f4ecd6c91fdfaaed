"""What counts for credit: the versions of the data files, read and checked, and which of them holds on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "rules_data"
HOLDERS = frozenset({"broker", "organisation"})
# A thousandth of a point is the smallest there is: whoever adds up whole numbers gets the same sum in every order.
MILLI = 1000


class BadRules(ValueError):
    """A file of rules that cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Severity:
    """How long a bad record of this class stands, and after how many days it may be repaired."""

    name: str
    days: int
    repair_after: int
    source: str


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One thing that counts. Points are thousandths, never negative; a rule with a severity counts against the holder.

    Good records count in full for `full_days`, then less every day, and nothing after `valid_days`. `cap` is the most that
    records without a counterpart can add together; of bad ones, the most that those of one counterpart can take.
    """

    code: str
    holders: frozenset[str]
    points: int
    full_days: int
    valid_days: int
    zh: str
    en: str
    source: str
    severity: str = ""
    cap: int | None = None
    is_examined: bool = False
    is_manual: bool = False
    # Points by what is reached: yuan of recognised value, or the level of a certificate.
    brackets: tuple[tuple[Decimal, int], ...] = ()
    levels: tuple[tuple[str, int], ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.severity


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the rules: what counts, and how a grade is made of it."""

    id: str
    valid_from: date
    source: str
    base: int
    party_cap: int
    # Of a thousand: what the next record of one kind with the same counterpart counts of the one before.
    repeat: int
    least_parties: int
    # From the best to the worst: name and the least score.
    grades: tuple[tuple[str, int], ...]
    severities: Mapping[str, Severity]
    rules: Mapping[str, CreditRule]

    def grade(self, score: int) -> str:
        return next(name for name, least in self.grades if score >= least)

    def rules_for(self, holder: str) -> tuple[CreditRule, ...]:
        return tuple(rule for rule in self.rules.values() if holder in rule.holders)


@dataclass(frozen=True, slots=True)
class Book:
    """Every version, the latest first."""

    schemes: tuple[Scheme, ...]

    def on(self, day: date) -> Scheme:
        """The version that holds on this day; the first one for days before it."""
        return next((scheme for scheme in self.schemes if scheme.valid_from <= day), self.schemes[-1])


def load_book(folder: Path = DATA) -> Book:
    """The book of this folder. Raises `BadRules` with a sentence about the first file that cannot be used.

    Source: the market's own.
    """
    schemes = []
    for path in sorted(folder.glob("*.toml")):
        try:
            schemes.append(_scheme(tomllib.loads(path.read_text(encoding="utf-8"))))
        except KeyError as error:
            raise BadRules(f"{path.name}: {error.args[0]!r} is missing") from error
        except (tomllib.TOMLDecodeError, InvalidOperation, TypeError, ValueError) as error:
            raise BadRules(f"{path.name}: {error}") from error
    if not schemes:
        raise BadRules(f"{folder} holds no rules")
    return Book(tuple(sorted(schemes, key=lambda scheme: scheme.valid_from, reverse=True)))


def milli(points: str) -> int:
    """Points as whole thousandths. Raises ValueError where they are finer than that.

    Source: the market's own.
    """
    value = Decimal(points) * MILLI
    if value != value.to_integral_value() or value < 0:
        raise ValueError(f"points are whole thousandths and not negative: {points!r}")
    return int(value)


def _scheme(data: Mapping[str, Any]) -> Scheme:
    severities = {
        name: Severity(name, entry["days"], entry["repair_after"], entry["source"]) for name, entry in data["severity"].items()
    }
    rules = {entry["code"]: _rule(entry, severities) for entry in data["rule"]}
    if len(rules) != len(data["rule"]):
        raise ValueError("a rule stands there twice")
    grades = tuple((entry["name"], milli(entry["from"])) for entry in data["grade"])
    if [least for _, least in grades] != sorted((least for _, least in grades), reverse=True) or grades[-1][1] != 0:
        raise ValueError("grades go from the best down to 0")
    repeat = milli(data["repeat"])
    if repeat >= MILLI:
        raise ValueError("what is repeated counts less")
    return Scheme(
        id=data["id"],
        valid_from=data["valid_from"],
        source=data["source"],
        base=milli(data["base"]),
        party_cap=milli(data["party_cap"]),
        repeat=repeat,
        least_parties=data["least_parties"],
        grades=grades,
        severities=severities,
        rules=rules,
    )


def _rule(data: Mapping[str, Any], severities: Mapping[str, Severity]) -> CreditRule:
    severity = data.get("severity", "")
    days = severities[severity].days if severity else data["valid_days"]
    full_days = days if severity else data["full_days"]
    if full_days > days:
        raise ValueError(f"{data['code']}: valid_days is shorter than full_days")
    holders = frozenset(data["holders"])
    if not holders or holders - HOLDERS:
        raise ValueError(f"{data['code']}: holders are of {sorted(HOLDERS)}")
    return CreditRule(
        code=data["code"],
        holders=holders,
        points=milli(data["points"]),
        full_days=full_days,
        valid_days=days,
        zh=data["zh"],
        en=data["en"],
        source=data["source"],
        severity=severity,
        cap=milli(data["cap"]) if "cap" in data else None,
        is_examined=data.get("examined", False),
        is_manual=data.get("manual", False),
        brackets=tuple((Decimal(least), milli(points)) for least, points in data.get("brackets", ())),
        levels=tuple((level, milli(points)) for level, points in data.get("levels", ())),
    )
