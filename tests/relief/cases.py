"""Worked cases as tables: reading facts from text, and comparing a finding with what was expected."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

from contracts.relief.rules.book import load_book
from contracts.relief.rules.calculator import Finding, find
from contracts.relief.rules.facts import Facts, Transfer, read_fact
from contracts.relief.rules.figures import Step, half_up
from market.values.dates import Calendar
from market.values.money import Money

HERE = Path(__file__).parent
BOOK = load_book()
# Nothing announced: weekdays work.
CALENDAR = Calendar()
EXAMPLES: list[dict[str, Any]] = json.loads((HERE / "relief_examples.json").read_text(encoding="utf-8"))


def facts_from(values: dict[str, Any], *, others: dict[str, str] | None = None, key: str = "") -> Facts:
    """Facts as a table writes them: amounts and rates in quotes."""
    transfers = tuple(Transfer(name, Fraction(income)) for name, income in (others or {}).items())
    return Facts({name: read_fact(name, value) for name, value in values.items()}, key=key, others=transfers)


def cases() -> list[dict[str, Any]]:
    """The table, each case with the facts of its base filled in."""
    data = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
    return [{**case, "facts": {**data["base"][case["base"]], **case.get("facts", {})}} for case in data["case"]]


def told_cases() -> list[dict[str, Any]]:
    """Those whose every step was worked out, each with the facts of its base filled in."""
    bases = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["base"]
    told = tomllib.loads((HERE / "told.toml").read_text(encoding="utf-8"))["case"]
    return [{**case, "facts": {**bases[case["base"]], **case["facts"]}} for case in told]


def breaks() -> list[dict[str, Any]]:
    """For each rule a sound case, and the change that makes the condition of that name fail."""
    data = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
    return [
        {"rule": rule, "condition": name, "facts": {**data["base"][row["base"]], **row["facts"]}, "change": change}
        for rule, row in data["breaks"].items()
        for name, change in row.items()
        if name not in ("base", "facts")
    ]


def found(case: dict[str, Any]) -> Finding:
    return find(BOOK, case["rule"], facts_from(case["facts"], others=case.get("others")), CALENDAR)


def told(finding: Finding, name: str) -> Any:
    """What a finding says under a name of the table, as the table writes it."""
    match name:
        case "applies" | "is_in_force" | "confidence":
            return getattr(finding, name)
        case "failed":
            return sorted(answer.condition.id for answer in finding.failed)
        case "relief":
            return _plain(finding.relief)
        case "before" | "after":
            return _plain(getattr(finding.outcome, name))
        case "due_on":
            return finding.due_on
        case "steps":
            return [_step(step) for step in finding.outcome.steps]
        case "figures":
            return {figure: _plain(value) for figure, value in finding.outcome.figures.items()}
        case _:
            return _plain(finding.outcome.figures[name])


def _step(step: Step) -> str:
    value = f"{half_up(step.value).in_yuan:.2f}" if step.unit == "yuan" else f"{float(step.value):g}"
    return " ".join(part for part in (step.code, value, step.unit if step.unit != "yuan" else "", step.source) if part)


def _plain(figure: Any) -> Any:
    return f"{figure.in_yuan:.2f}" if isinstance(figure, Money) else figure
