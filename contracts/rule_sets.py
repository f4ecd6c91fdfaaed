"""Which measures does an application fall under, and what do they say? Read from `data/*.toml`, checked when the site starts.

Figures that officials change (periods, thresholds) are policy rows with the rule set as their scope; a rule names its row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_CONFIDENCES = frozenset({"high", "medium", "low"})
APPLICANTS = frozenset({"seller", "intermediary", "importing_buyer"})


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule in both languages, with its source and how sure the market is of it."""

    id: str
    subject: str
    zh: str
    en: str
    source: str
    confidence: str
    policy: str = ""
    sub_kinds: tuple[str, ...] = ()
    is_exclusion: bool = False

    @property
    def is_confirmed(self) -> bool:
        """False for what rests on a draft or on hearsay: administrators see it as to be confirmed."""
        return self.confidence != "low"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One set of measures: from when to when it takes applications, who applies, and everything it says."""

    id: str
    zh: str
    en: str
    source: str
    confidence: str
    applies_from: date
    applies_until: date | None
    applicants: frozenset[str]
    restarts_on_supplement: bool
    stands_still_for_experts: bool
    number: re.Pattern[str]
    rules: tuple[RuleText, ...]
    tests: tuple[RuleText, ...]
    refusals: tuple[RuleText, ...]
    overrides: tuple[RuleText, ...]

    def rule(self, rule_id: str) -> RuleText:
        """This rule or test. Raises KeyError."""
        for text in (*self.rules, *self.tests):
            if text.id == rule_id:
                return text
        raise KeyError(rule_id)

    def tests_of(self, kind: str, sub_kind: str = "") -> tuple[RuleText, ...]:
        """What a contract of this kind must be, and must not be, to be recognised; of all its sub-kinds when none is named."""
        tests = (test for test in self.tests if test.subject == kind)
        return tuple(test for test in tests if not (sub_kind and test.sub_kinds) or sub_kind in test.sub_kinds)

    def refusal(self, code: str) -> RuleText:
        """The ground of this code, with the template of its reason. Raises KeyError."""
        return {text.id: text for text in self.refusals}[code]


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """All rule sets by id, oldest first. Raises ValueError, naming file and rule, when one contradicts itself."""
    sets = [_read(path) for path in DATA.glob("*.toml")]
    ordered = sorted(sets, key=lambda it: it.applies_from)
    for earlier, later in pairwise(ordered):
        if earlier.applies_until is None or (later.applies_from - earlier.applies_until).days != 1:
            raise ValueError(f"{earlier.id} and {later.id} leave a gap or overlap")
    return {it.id: it for it in ordered}


def rule_set_for(day: date) -> RuleSet:
    """The set that takes applications on this day; the first one for days before it began."""
    found = [it for it in rule_sets().values() if it.applies_from <= day]
    return found[-1] if found else next(iter(rule_sets().values()))


def _read(path: Path) -> RuleSet:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        found = RuleSet(
            id=data["id"],
            zh=data["zh"],
            en=data["en"],
            source=data["source"],
            confidence=data["confidence"],
            applies_from=data["applies_from"],
            applies_until=data.get("applies_until"),
            applicants=frozenset(data["applicants"]),
            restarts_on_supplement=data["restarts_on_supplement"],
            stands_still_for_experts=data["stands_still_for_experts"],
            number=re.compile(data["number"], re.ASCII),
            rules=_texts(data["rule"], subject="subject"),
            tests=_texts(data["test"], subject="kind"),
            refusals=_texts(data["refusal"], subject="code", name="code"),
            overrides=_texts(data.get("override", []), subject="province", name="rule"),
        )
    except KeyError as error:
        raise ValueError(f"{path.name}: {error.args[0]} is missing") from error
    _check(path, found)
    return found


def _texts(rows: list[dict[str, Any]], *, subject: str, name: str = "id") -> tuple[RuleText, ...]:
    return tuple(
        RuleText(
            id=row[name],
            subject=row[subject],
            zh=row["zh"],
            en=row["en"],
            source=row["source"],
            confidence=row["confidence"],
            policy=row.get("policy", ""),
            sub_kinds=tuple(row.get("sub_kinds", ())),
            is_exclusion=row.get("excludes", False),
        )
        for row in rows
    )


def _check(path: Path, found: RuleSet) -> None:
    """Raises ValueError for a set that could not be applied."""
    said: list[RuleSet | RuleText] = [found, *found.rules, *found.tests, *found.refusals, *found.overrides]
    for text in said:
        if text.confidence not in _CONFIDENCES or not text.source.strip():
            raise ValueError(f"{path.name}: {text.id} says neither where from nor how sure")
    for texts in ((*found.rules, *found.tests), found.refusals):
        if len({text.id for text in texts}) != len(texts):
            raise ValueError(f"{path.name}: an id stands twice")
    if not found.applicants or not found.applicants <= APPLICANTS:
        raise ValueError(f"{path.name}: who may apply is {sorted(found.applicants)}")
    unknown = {text.id for text in found.overrides} - {text.id for text in found.rules}
    if unknown:
        raise ValueError(f"{path.name}: a province overrides {sorted(unknown)}, which is no rule")
