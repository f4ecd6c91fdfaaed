"""Our own worked cases: every boundary of the rules, each row with the source that makes it so."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from contracts.relief.wording import STEPS
from tests.relief.cases import BOOK, breaks, cases, found, told, told_cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['rule']}: {case['title']}")
def test_the_case_is_as_it_was_worked_out(case: dict[str, Any]) -> None:
    finding = found(case)
    assert {name: told(finding, name) for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", told_cases(), ids=lambda case: f"{case['rule']}: {case['title']}")
def test_every_step_of_the_sum_is_told(case: dict[str, Any]) -> None:
    finding = found(case)
    names = ("applies", "before", "after", "steps", "figures")
    assert {name: told(finding, name) for name in names} == {name: case[name] for name in names}
    assert finding.outcome.relief == finding.outcome.before - finding.outcome.after


def test_of_every_formula_a_case_is_told_step_by_step_in_words() -> None:
    assert {case["rule"] for case in told_cases()} == set(BOOK.ids())
    codes = {step.split()[0] for case in told_cases() for step in case["steps"]}
    assert codes <= set(STEPS)


def test_every_case_has_its_source_and_says_something() -> None:
    for case in cases():
        assert case["expect"], case["title"]
        assert case["source"].endswith(")"), case["title"]
    assert len(cases()) >= 60
    assert [title for title, n in Counter(case["title"] for case in cases()).items() if n > 1] == []


@pytest.mark.parametrize("row", breaks(), ids=lambda row: f"{row['rule']}: {row['condition']}")
def test_one_fact_changed_breaks_the_rule_by_its_condition_alone(row: dict[str, Any]) -> None:
    assert found(row).applies
    changed = found({**row, "facts": {**row["facts"], **row["change"]}})
    assert [answer.condition.id for answer in changed.failed] == [row["condition"]]
    assert not changed.relief


def test_every_condition_of_every_rule_fails_in_some_case() -> None:
    """A condition that no case lets fail could be left out without anybody's seeing."""
    failing = {(case["rule"], name) for case in cases() for name in case["expect"].get("failed", ())}
    failing |= {(row["rule"], row["condition"]) for row in breaks()}
    conditions = {(rule.id, condition.id) for rule in BOOK.rules for condition in rule.conditions}
    assert sorted(conditions - failing) == []
