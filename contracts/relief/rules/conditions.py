"""Does a condition of a rule hold in a case, and how sure is that?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from contracts.relief.rules.facts import Facts
from market.policy.rules import months_after

# Surest first.
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the table of rights says of one right under one tax: yes, likely, if (with a further condition), unclear or no."""

    answer: str
    confidence: str
    zh: str
    en: str


type Table = Mapping[str, Mapping[str, Verdict]]


@dataclass(frozen=True, slots=True)
class Test:
    """A question to one fact: the operator, and the value it is compared with."""

    fact: str
    operator: str
    value: object
    since: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule, asked only where all of `only_if` hold; its words in both languages, and its source."""

    id: str
    test: Test
    only_if: tuple[Test, ...]
    zh: str
    en: str
    source: str
    confidence: str


def _is(test: Test, facts: Facts) -> bool:
    return facts.flag(test.fact) is test.value if isinstance(test.value, bool) else facts.word(test.fact) == test.value


def _one_of(test: Test, facts: Facts) -> bool:
    return isinstance(test.value, list) and facts.word(test.fact) in test.value


def _none_of(test: Test, facts: Facts) -> bool:
    return not _one_of(test, facts)


def _number(test: Test) -> Fraction:
    return Fraction(str(test.value))


def _above(test: Test, facts: Facts) -> bool:
    return facts.number(test.fact) > _number(test)


def _at_least(test: Test, facts: Facts) -> bool:
    return facts.number(test.fact) >= _number(test)


def _below(test: Test, facts: Facts) -> bool:
    return facts.number(test.fact) < _number(test)


def _given(test: Test, facts: Facts) -> bool:
    return facts.has(test.fact) is test.value


def _lasts_years(test: Test, facts: Facts) -> bool:
    return facts.lasts_years(int(_number(test)))


def _within_months(test: Test, facts: Facts) -> bool:
    """The day lies after another one, and within so many months of it; the last day counts."""
    day, since = facts.day(test.fact), facts.day(test.since)
    return day is not None and since is not None and since <= day <= months_after(since, int(_number(test)))


def _over_after_months(test: Test, facts: Facts) -> bool:
    """So many months have passed since that day, if there was one, when the case happens."""
    began, day = facts.day(test.fact), facts.day("day")
    return began is None or (day is not None and day >= months_after(began, int(_number(test))))


OPERATORS: Mapping[str, Callable[[Test, Facts], bool]] = {
    "is": _is,
    "one_of": _one_of,
    "none_of": _none_of,
    "above": _above,
    "at_least": _at_least,
    "below": _below,
    "given": _given,
    "lasts_years": _lasts_years,
    "within_months": _within_months,
    "over_after_months": _over_after_months,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A condition that was asked: whether it holds, and how sure the reading is that says so."""

    condition: Condition
    holds: bool
    confidence: str
    zh: str = ""
    en: str = ""


def answers(conditions: tuple[Condition, ...], facts: Facts, table: Table) -> tuple[Answer, ...]:
    """Every condition that this case asks, answered. Source: the rules' files, each condition with its own source (high)."""
    return tuple(
        _answer(condition, facts, table)
        for condition in conditions
        if all(OPERATORS[test.operator](test, facts) for test in condition.only_if)
    )


def _answer(condition: Condition, facts: Facts, table: Table) -> Answer:
    test = condition.test
    if test.operator != "table":
        return Answer(condition, OPERATORS[test.operator](test, facts), condition.confidence)
    verdict = table.get(facts.word(test.fact), {}).get(str(test.value))
    if verdict is None:
        return Answer(condition, False, condition.confidence)
    holds = verdict.answer in ("yes", "likely") or (verdict.answer == "if" and facts.flag("design_is_technical"))
    return Answer(condition, holds, verdict.confidence, verdict.zh, verdict.en)


def least_sure(confidences: list[str]) -> str:
    """The least sure of these; a sum is no surer than what it rests on. Source: the market's own."""
    return max(confidences, key=CONFIDENCES.index, default="high")
