"""Which rules hold in this case, why or why not, and what do they come to?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.relief.rules.book import FORMULAS, Book, Rule
from contracts.relief.rules.conditions import Answer, answers, least_sure
from contracts.relief.rules.deadlines import filing_day
from contracts.relief.rules.facts import Facts
from contracts.relief.rules.figures import Outcome
from market.values.dates import Calendar
from market.values.money import ZERO, Money


@dataclass(frozen=True)
class Finding:
    """What one rule says of a case: the conditions asked, the sum, what to file and by when.

    `rule` is the version that holds on the case's day; without one `nearest` tells which version came closest and `outcome`
    is empty. `confidence` is that of the least sure of what it rests on.
    """

    rule: Rule
    is_in_force: bool
    applies: bool
    asked: tuple[Answer, ...]
    outcome: Outcome
    confidence: str
    due_on: date | None

    @property
    def failed(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.asked if not answer.holds)

    @property
    def relief(self) -> Money:
        return self.outcome.relief if self.applies else ZERO

    @property
    def is_doubtful(self) -> bool:
        return self.confidence == "low"


def find(book: Book, rule_id: str, facts: Facts, calendar: Calendar) -> Finding:
    """What the version of this rule that holds on the case's day says of it. Raises KeyError for a rule that is not there.

    Source: the rules' files (high).
    """
    versions = book.versions(rule_id)
    if not versions:
        raise KeyError(rule_id)
    day = facts.day(versions[0].day_fact)
    rule = book.on(rule_id, day)
    if rule is None or day is None:
        return Finding(_nearest(versions, day), False, False, (), Outcome(), "high", None)
    return apply_rule(rule, facts, book, calendar, day)


def apply_rule(rule: Rule, facts: Facts, book: Book, calendar: Calendar, day: date) -> Finding:
    """What this version says of a case of that day. Source: the rules' files (high)."""
    asked = answers(rule.conditions, facts, book.table)
    applies = all(answer.holds for answer in asked)
    outcome = FORMULAS[rule.formula].count(facts, rule.parameters, applies)
    # Why it fails is as sure as the surest of the reasons; that it applies, as the least sure condition.
    reasons = [answer.confidence for answer in asked if not answer.holds]
    confidence = least_sure([rule.confidence, *(answer.confidence for answer in asked)]) if applies else _surest(reasons)
    due_on = filing_day(rule.due, day, calendar) if applies and rule.due else None
    return Finding(rule, True, applies, asked, outcome, confidence, due_on)


def _surest(confidences: list[str]) -> str:
    return "high" if "high" in confidences else "medium" if "medium" in confidences else "low"


def _nearest(versions: tuple[Rule, ...], day: date | None) -> Rule:
    """The first version for a day before all, else the last that began by then."""
    begun = [rule for rule in versions if day is None or rule.valid_from <= day]
    return begun[-1] if begun else versions[0]


def findings(book: Book, facts: Facts, calendar: Calendar) -> tuple[Finding, ...]:
    """Every rule's finding in the order of the book. Source: the rules' files (high)."""
    return tuple(find(book, rule_id, facts, calendar) for rule_id in book.ids())


def best(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What can be had together: of the findings that exclude one another, the one that saves most. Source: the market's own."""
    chosen: dict[str, Finding] = {}
    for finding in found:
        if finding.applies and finding.rule.kind == "relief":
            key = finding.rule.group or finding.rule.id
            if key not in chosen or finding.relief > chosen[key].relief:
                chosen[key] = finding
    return tuple(chosen.values())
