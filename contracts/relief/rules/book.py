"""The rule book: every rule of the data files, read and checked, and which of them holds on a day."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from contracts.relief.rules import cit, deductions, people, vat
from contracts.relief.rules.conditions import CONFIDENCES, OPERATORS, Condition, Table, Test, Verdict
from contracts.relief.rules.deadlines import DEADLINES
from contracts.relief.rules.facts import FACTS, RIGHTS, WORDS, Facts, FactType
from contracts.relief.rules.figures import ROUNDINGS, Outcome, Parameters

DATA = Path(__file__).resolve().parent.parent / "rules_data"
TABLE_FILE = "rights.toml"
TAXES = ("vat", "cit", "pit", "stamp", "reward")
# A relief saves tax and can be claimed; the others say what must be known beside it.
KINDS = ("relief", "limit", "cost", "floor")
_ANSWERS = ("yes", "likely", "if", "unclear", "no")


class BadRules(ValueError):
    """A rule file that cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula by its name in the files: what counts, and the parameters it needs."""

    count: Callable[[Facts, Parameters, bool], Outcome]
    needs: frozenset[str] = frozenset()
    roundings: frozenset[str] = frozenset({"tax"})
    needs_brackets: bool = False


FORMULAS: Mapping[str, Formula] = {
    "technology_transfer": Formula(cit.technology_transfer, frozenset({"cap", "excess_share", "statutory_rate"})),
    "vat_exemption": Formula(vat.exemption, frozenset({"service_rate", "goods_rate", "small_rate"})),
    "vat_threshold": Formula(
        vat.threshold, frozenset({"small_rate", "threshold_month", "threshold_quarter", "threshold_occasion"})
    ),
    "vat_input_share": Formula(vat.input_share),
    "vat_waiver": Formula(vat.waiver, frozenset({"months"}), frozenset()),
    "vat_zero_rate": Formula(vat.zero_rate, frozenset({"service_rate"})),
    "reward_tax": Formula(people.reward_tax, frozenset({"included_share"}), needs_brackets=True),
    "equity_deferral": Formula(people.equity_deferral, frozenset({"person_rate", "enterprise_rate", "cap", "excess_share"})),
    "reward_floor": Formula(people.reward_floor, frozenset({"transfer_share", "main_share", "own_use_share"})),
    "research_deduction": Formula(
        deductions.research_deduction,
        frozenset({"commissioned_share", "overseas_cap", "extra", "listed_extra"}),
        frozenset({"tax", "base"}),
    ),
    "stamp_duty": Formula(deductions.stamp_duty, frozenset({"rate", "small_share"})),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to be filed or kept, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """One rule in one period of validity, as its file says. `digest` is the fingerprint of the file's text."""

    id: str
    kind: str
    tax: str
    # Of the rules of one group at most one can be claimed for a contract and year.
    group: str
    zh: str
    en: str
    source: str
    confidence: str
    valid_from: date
    valid_until: date | None
    day_fact: str
    formula: str
    parameters: Parameters
    conditions: tuple[Condition, ...]
    papers: tuple[Paper, ...]
    due: str
    due_source: str
    note_zh: str
    note_en: str
    text: str
    digest: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Book:
    """All rules, in the order of their ids and periods, and the table of rights by tax."""

    rules: tuple[Rule, ...]
    table: Table

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.id for rule in self.rules))

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.id == rule_id)

    def on(self, rule_id: str, day: date | None) -> Rule | None:
        """The version that holds on this day."""
        return next((rule for rule in self.versions(rule_id) if day and rule.holds_on(day)), None)


def load_book(folder: Path = DATA) -> Book:
    """The book of this folder. Raises `BadRules` with a sentence about the first file that cannot be used.

    Source: the market's own.
    """
    table: Table = {}
    rules = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        try:
            data = tomllib.loads(text)
            if path.name == TABLE_FILE:
                table = _table(data)
            else:
                rules.append(_rule(data, text))
        except tomllib.TOMLDecodeError as error:
            raise BadRules(f"{path.name} is no TOML: {error}") from error
        except BadRules as error:
            raise BadRules(f"{path.name}: {error}") from error
        except KeyError as error:
            raise BadRules(f"{path.name}: {error.args[0]!r} is missing") from error
    if set(table) != set(RIGHTS):
        raise BadRules(f"{TABLE_FILE}: it must say something of each of {', '.join(RIGHTS)}")
    _require_no_overlap(rules)
    return Book(tuple(sorted(rules, key=lambda rule: (TAXES.index(rule.tax), rule.id, rule.valid_from))), table)


def _require_no_overlap(rules: Iterable[Rule]) -> None:
    last: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: (rule.id, rule.valid_from)):
        before = last.get(rule.id)
        if before and (before.valid_until is None or before.valid_until >= rule.valid_from):
            raise BadRules(f"{rule.id}: two versions hold on {rule.valid_from}; end the earlier one before that day")
        last[rule.id] = rule


def rule_from(text: str) -> Rule:
    """The rule that a file's text states. Raises `BadRules`. Source: the market's own."""
    return _rule(tomllib.loads(text), text)


def _rule(data: dict[str, Any], text: str) -> Rule:
    due = data.get("due", {"kind": "", "source": ""})
    rule = Rule(
        id=data["id"],
        kind=_among(data["kind"], KINDS, "kind"),
        tax=_among(data["tax"], TAXES, "tax"),
        group=data.get("group", ""),
        zh=data["name"]["zh"],
        en=data["name"]["en"],
        source=data["source"],
        confidence=_among(data["confidence"], CONFIDENCES, "confidence"),
        valid_from=_day(data["valid_from"], "valid_from"),
        valid_until=_day(data["valid_until"], "valid_until") if "valid_until" in data else None,
        day_fact=data.get("counts_on", "day"),
        formula=_among(data["formula"], FORMULAS, "formula"),
        parameters=_parameters(data),
        conditions=tuple(_condition(entry, data) for entry in data.get("condition", ())),
        papers=tuple(Paper(entry["zh"], entry["en"]) for entry in data.get("paper", ())),
        due=_among(due["kind"], ("", *DEADLINES), "due"),
        due_source=due["source"],
        note_zh=data.get("note", {}).get("zh", ""),
        note_en=data.get("note", {}).get("en", ""),
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    _require_whole(rule)
    return rule


def _require_whole(rule: Rule) -> None:
    formula = FORMULAS[rule.formula]
    if missing := formula.needs - rule.parameters.values.keys():
        raise BadRules(f"the formula {rule.formula} needs the parameter {', '.join(sorted(missing))}")
    if missing := formula.roundings - rule.parameters.rounding.keys():
        raise BadRules(f"it does not say how the {', '.join(sorted(missing))} is rounded")
    if formula.needs_brackets and not rule.parameters.brackets:
        raise BadRules(f"the formula {rule.formula} needs brackets")
    if FACTS.get(rule.day_fact) is not FactType.DAY:
        raise BadRules(f"counts_on names {rule.day_fact!r}, which is no day")
    if rule.valid_until and rule.valid_until < rule.valid_from:
        raise BadRules(f"it ends on {rule.valid_until}, before it begins")
    if rule.kind == "relief" and not (rule.papers and rule.due):
        raise BadRules("a relief must say what is filed and by when")


def _parameters(data: dict[str, Any]) -> Parameters:
    values = data.get("parameters", {})
    for name, value in values.items():
        _number(value, f"the parameter {name}")
    rounding = {name: _among(value, ROUNDINGS, "rounding") for name, value in data.get("rounding", {}).items()}
    brackets = tuple(
        (_number(entry["up_to"], "up_to"), _number(entry["rate"], "rate"), _number(entry["quick"], "quick"))
        for entry in data.get("bracket", ())
    )
    if brackets and brackets[-1][0] != 0:
        raise BadRules('the last bracket must have no end (up_to = "0")')
    return Parameters(values, rounding, brackets)


def _condition(entry: dict[str, Any], data: dict[str, Any]) -> Condition:
    parameters = data.get("parameters", {})
    return Condition(
        id=entry["id"],
        test=_test(entry, parameters, entry["id"]),
        only_if=tuple(_test(each, parameters, entry["id"]) for each in entry.get("only_if", ())),
        zh=entry["zh"],
        en=entry["en"],
        source=entry.get("source", data["source"]),
        confidence=_among(entry.get("confidence", data["confidence"]), CONFIDENCES, "confidence"),
    )


def _test(entry: dict[str, Any], parameters: Mapping[str, str], name: str) -> Test:
    fact = entry["fact"]
    if fact not in FACTS:
        raise BadRules(f"condition {name!r} asks the fact {fact!r}, which is not declared")
    operators = [key for key in entry if key in OPERATORS or key == "table"]
    if len(operators) != 1:
        raise BadRules(f"condition {name!r} must have exactly one of {', '.join(OPERATORS)}, table")
    operator = operators[0]
    value = entry[operator]
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in parameters:
            raise BadRules(f"condition {name!r} names the parameter {value[1:]!r}, which is not there")
        value = parameters[value[1:]]
    _require_words(fact, operator, value, name)
    return Test(fact, operator, value, entry.get("since", ""))


def _require_words(fact: str, operator: str, value: object, name: str) -> None:
    if operator in ("above", "at_least", "below", "lasts_years", "within_months", "over_after_months"):
        _number(value, f"condition {name!r}")
        return
    words = value if isinstance(value, list) else [value] if isinstance(value, str) and operator == "is" else []
    if unknown := [word for word in words if word not in ("", *WORDS.get(fact, ()))]:
        raise BadRules(f"condition {name!r}: {fact} is never {unknown[0]!r}")


def _table(data: dict[str, Any]) -> Table:
    return {
        row["right"]: {
            tax: Verdict(
                _among(row[tax]["answer"], _ANSWERS, tax),
                _among(row[tax]["confidence"], CONFIDENCES, "confidence"),
                row[tax]["zh"],
                row[tax]["en"],
            )
            for tax in ("vat", "cit", "stamp")
        }
        for row in data["row"]
    }


def _among(value: Any, allowed: Iterable[str], name: str) -> str:
    known = tuple(allowed)
    if value not in known:
        raise BadRules(f"{name} is {value!r}, not one of {', '.join(filter(None, known))}")
    return str(value)


def _day(value: Any, name: str) -> date:
    if type(value) is not date:
        raise BadRules(f"{name} is {value!r}, not a day such as 2026-01-01")
    return value


def _number(value: Any, name: str) -> Fraction:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise BadRules(f'{name} is {value!r}: write figures in quotes, such as "0.06"')
    try:
        return Fraction(value)
    except ValueError as error:
        raise BadRules(f"{name} is {value!r}, not a figure") from error
