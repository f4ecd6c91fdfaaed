"""The rule files: a new year's rate is a new file and nothing else, and a bad file is refused with a sentence that names it."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from contracts.relief.rules.book import DATA, FORMULAS, TAXES, BadRules, load_book, rule_from
from contracts.relief.rules.calculator import find
from contracts.relief.rules.conditions import OPERATORS, Condition, Verdict
from contracts.relief.rules.conditions import Test as Question
from contracts.relief.rules.deadlines import DEADLINES
from contracts.relief.rules.facts import RIGHTS
from contracts.relief.rules.figures import Outcome
from tests.relief.cases import BOOK, CALENDAR, facts_from


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rule files that a test may change."""
    return Path(shutil.copytree(DATA, tmp_path / "rules"))


def _stamp_from(folder: Path, day: str, rate: str) -> None:
    """The rate of stamp duty from this day, entered as an official would: the old file ends, a new one begins."""
    old = folder / "stamp_2028.toml"
    text = old.read_text(encoding="utf-8")
    last = date.fromisoformat(day) - timedelta(days=1)
    old.write_text(text.replace("valid_from = 2028-01-01", f"valid_from = 2028-01-01\nvalid_until = {last}"), encoding="utf-8")
    new = text.replace("valid_from = 2028-01-01", f"valid_from = {day}").replace('rate = "0.0003"', f'rate = "{rate}"')
    (folder / f"stamp_{day[:4]}.toml").write_text(new, encoding="utf-8")


def test_a_new_years_rate_is_a_new_file_and_nothing_else(folder: Path) -> None:
    _stamp_from(folder, "2030-01-01", "0.0005")
    book = load_book(folder)
    for day, duty in (("2029-12-31", 30000), ("2030-01-01", 50000)):
        facts = facts_from({"price": "1000000", "signed_on": day})
        assert find(book, "STAMP", facts, CALENDAR).outcome.after.fen == duty


def test_a_year_that_ends_leaves_no_rule_behind() -> None:
    assert BOOK.on("VAT-TT", date(2027, 12, 31)) is not None
    assert BOOK.on("VAT-TT", date(2028, 1, 1)) is None


@pytest.mark.parametrize("rule_id", BOOK.ids())
def test_versions_of_a_rule_follow_one_another(rule_id: str) -> None:
    versions = BOOK.versions(rule_id)
    for earlier, later in pairwise(versions):
        assert earlier.valid_until is not None
        assert earlier.valid_until + timedelta(days=1) == later.valid_from


def test_every_rule_speaks_both_languages_and_names_its_source() -> None:
    for rule in BOOK.rules:
        words = [(rule.zh, rule.en), *((c.zh, c.en) for c in rule.conditions), *((p.zh, p.en) for p in rule.papers)]
        assert all(zh.strip() and en.strip() for zh, en in words), rule.id
        assert rule.source
        assert all(condition.source for condition in rule.conditions)
        assert bool(rule.note_zh) is bool(rule.note_en)


def test_all_rules_of_the_rule_book_are_there() -> None:
    known = {"VAT-TT", "VAT-INPUT", "VAT-WAIVE", "VAT-THR", "VAT-ZERO", "CIT-TT-OWN", "CIT-TT-LIC", "CIT-ZGC"}
    assert set(BOOK.ids()) == known | {"PIT-58", "EQ-101", "RD-100", "STAMP", "REWARD-45"}


# What is compared with a figure.
COMPARED = ("above", "at_least", "below", "lasts_years", "within_months", "over_after_months")
_RATE = 'rate = "0.0003"'
_STAMP = "stamp_2022.toml"
_NAMES = ", ".join(FORMULAS)
_NOT_DECLARED = "condition 'small' asks the fact 'is_tiny', which is not declared"
_SURE = "confidence is 'sure', not one of high, medium, low"
_QUOTES = 'write figures in quotes, such as "0.06"'
_BRACKETS = "pit_reward_2018.toml"
_OPERATORS = ", ".join(OPERATORS)
# File, what stands there, what stands there by mistake, and the whole sentence about it.
_FAULTS = [
    (_STAMP, 'formula = "stamp_duty"', 'formula = "stamp_dty"', f"formula is 'stamp_dty', not one of {_NAMES}"),
    (_STAMP, _RATE, "", "the formula stamp_duty needs the parameter rate"),
    (_STAMP, f'{_RATE}\nsmall_share = "0.5"', "", "the formula stamp_duty needs the parameter rate, small_share"),
    (_STAMP, _RATE, "rate = 0.0003", 'the parameter rate is 0.0003: write figures in quotes, such as "0.06"'),
    (_STAMP, _RATE, "rate = true", 'the parameter rate is True: write figures in quotes, such as "0.06"'),
    (_STAMP, _RATE, 'rate = "three"', "the parameter rate is 'three', not a figure"),
    (_STAMP, 'tax = "half_up"', 'tax = "up"', "rounding is 'up', not one of half_up, down"),
    (_STAMP, '[rounding]\ntax = "half_up"', "", "it does not say how the tax is rounded"),
    ("research_2023.toml", 'tax = "half_up"', 'other = "half_up"', "it does not say how the tax is rounded"),
    (_STAMP, "valid_from = 2022-07-01", "valid_from = 2022", "valid_from is 2022, not a day such as 2026-01-01"),
    (_STAMP, "valid_until = 2027-12-31", 'valid_until = "the end"', "valid_until is 'the end', not a day such as 2026-01-01"),
    (_STAMP, "valid_until = 2027-12-31", "valid_until = 2022-06-30", "it ends on 2022-06-30, before it begins"),
    (_STAMP, 'fact = "is_small"', 'fact = "is_tiny"', _NOT_DECLARED),
    (_STAMP, "is = true", 'is = true\nabove = "1"', f"condition 'small' must have exactly one of {_OPERATORS}, table"),
    (_STAMP, "is = true", "", f"condition 'small' must have exactly one of {_OPERATORS}, table"),
    (_STAMP, "is = true", 'one_of = ["tiny"]', "condition 'small': is_small is never 'tiny'"),
    (_STAMP, "is = true", 'is = "tiny"', "condition 'small': is_small is never 'tiny'"),
    (_STAMP, "is = true", 'is = "$nothing"', "condition 'small' names the parameter 'nothing', which is not there"),
    *((_STAMP, "is = true", f'{each} = "some"', "condition 'small' is 'some', not a figure") for each in COMPARED),
    (_STAMP, "is = true", 'is = true\nonly_if = [{ fact = "is_tiny", is = true }]', _NOT_DECLARED),
    (_STAMP, 'confidence = "medium"', 'confidence = "sure"', _SURE),
    (_STAMP, '2023年第12号"\nconfidence = "medium"', '2023年第12号"\nconfidence = "sure"', _SURE),
    (_STAMP, 'counts_on = "signed_on"', 'counts_on = "price"', "counts_on names 'price', which is no day"),
    (_STAMP, 'kind = "relief"', 'kind = "gift"', "kind is 'gift', not one of relief, limit, cost, floor"),
    (_STAMP, 'tax = "stamp"', 'tax = "window"', "tax is 'window', not one of vat, cit, pit, stamp, reward"),
    (_STAMP, 'kind = "quarter_after"', 'kind = "some_day"', f"due is 'some_day', not one of {', '.join(DEADLINES)}"),
    (_STAMP, "[name]", "[nam]", "'name' is missing"),
    (_STAMP, "[[paper]]", "[[papers]]", "a relief must say what is filed and by when"),
    (_STAMP, "[due]", "[do]", "a relief must say what is filed and by when"),
    (_BRACKETS, 'up_to = "0"', 'up_to = "990000"', 'the last bracket must have no end (up_to = "0")'),
    (_BRACKETS, "[[bracket]]", "[[brackets]]", "the formula reward_tax needs brackets"),
    *((_BRACKETS, f"{each} = ", f"{each} = true # ", f"{each} is True: {_QUOTES}") for each in ("up_to", "rate", "quick")),
    ("rights.toml", 'right = "software"', 'right = "hardware"', f"it must say something of each of {', '.join(RIGHTS)}"),
    ("rights.toml", 'answer = "if"', 'answer = "perhaps"', "cit is 'perhaps', not one of yes, likely, if, unclear, no"),
    ("rights.toml", 'confidence = "high"', 'confidence = "sure"', _SURE),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "sentence"), _FAULTS, ids=[f"{fault[2]}: {fault[3]}" for fault in _FAULTS])
def test_a_bad_file_is_refused_with_a_sentence_that_names_it(
    folder: Path, name: str, right: str, wrong: str, sentence: str
) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert right in text
    # Of brackets all, so that none is left.
    path.write_text(text.replace(right, wrong, -1 if right.startswith("[[") else 1), encoding="utf-8")
    with pytest.raises(BadRules) as refused:
        load_book(folder)
    assert str(refused.value) == f"{name}: {sentence}"


def test_what_is_no_toml_is_refused_where_it_stands(folder: Path) -> None:
    (folder / _STAMP).write_text("id = STAMP", encoding="utf-8")
    with pytest.raises(BadRules, match=r"^stamp_2022.toml is no TOML: Invalid value"):
        load_book(folder)


@pytest.mark.parametrize(
    ("end", "is_refused"), [("", True), ("valid_until = 2028-01-01", True), ("valid_until = 2027-12-31", False)]
)
def test_two_versions_never_hold_on_one_day(folder: Path, end: str, is_refused: bool) -> None:
    path = folder / _STAMP
    path.write_text(path.read_text(encoding="utf-8").replace("valid_until = 2027-12-31", end), encoding="utf-8")
    if not is_refused:
        assert len(load_book(folder).versions("STAMP")) == 2
        return
    with pytest.raises(BadRules) as refused:
        load_book(folder)
    assert str(refused.value) == "STAMP: two versions hold on 2028-01-01; end the earlier one before that day"


def test_a_rule_may_hold_for_one_day(folder: Path) -> None:
    path = folder / _STAMP
    path.write_text(
        path.read_text(encoding="utf-8").replace("valid_until = 2027-12-31", "valid_until = 2022-07-01"), encoding="utf-8"
    )
    (rule, _next) = load_book(folder).versions("STAMP")
    assert [rule.holds_on(date(2022, 7, day)) for day in (1, 2)] == [True, False]
    assert not rule.holds_on(date(2022, 6, 30))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_every_word_of_a_file_stands_in_its_rule(path: Path) -> None:
    """Read a second time here, word by word."""
    text = path.read_text(encoding="utf-8")
    data, book = tomllib.loads(text), load_book()
    if path.name == "rights.toml":
        told = {row["right"]: {tax: Verdict(**row[tax]) for tax in ("vat", "cit", "stamp")} for row in data["row"]}
        assert book.table == told
        return
    (rule,) = (rule for rule in book.versions(data["id"]) if rule.valid_from == data["valid_from"])
    assert rule == rule_from(text)
    due, note = data.get("due", {}), data.get("note", {})
    assert (rule.id, rule.kind, rule.tax, rule.group) == (data["id"], data["kind"], data["tax"], data.get("group", ""))
    assert (rule.zh, rule.en, rule.source) == (data["name"]["zh"], data["name"]["en"], data["source"])
    assert (rule.confidence, rule.valid_until) == (data["confidence"], data.get("valid_until"))
    assert (rule.day_fact, rule.formula) == (data.get("counts_on", "day"), data["formula"])
    assert (rule.due, rule.due_source) == (due.get("kind", ""), due.get("source", ""))
    assert (rule.note_zh, rule.note_en) == (note.get("zh", ""), note.get("en", ""))
    assert [(paper.zh, paper.en) for paper in rule.papers] == [(it["zh"], it["en"]) for it in data.get("paper", ())]
    assert (rule.parameters.values, rule.parameters.rounding) == (data.get("parameters", {}), data.get("rounding", {}))
    brackets = [tuple(Fraction(it[name]) for name in ("up_to", "rate", "quick")) for it in data.get("bracket", ())]
    assert list(rule.parameters.brackets) == brackets
    assert (rule.text, rule.digest) == (text, hashlib.sha256(text.encode()).hexdigest())
    assert list(rule.conditions) == [_condition(it, data) for it in data.get("condition", ())]


def _condition(entry: dict[str, Any], data: dict[str, Any]) -> Condition:
    asked = tuple(_question(it, data) for it in entry.get("only_if", ()))
    words = (entry["zh"], entry["en"], entry.get("source", data["source"]), entry.get("confidence", data["confidence"]))
    return Condition(entry["id"], _question(entry, data), asked, *words)


def _question(entry: dict[str, Any], data: dict[str, Any]) -> Question:
    (operator,) = entry.keys() & {*OPERATORS, "table"}
    value = entry[operator]
    if isinstance(value, str) and value.startswith("$"):
        value = data["parameters"][value[1:]]
    return Question(entry["fact"], operator, value, entry.get("since", ""))


def test_rules_stand_by_tax_then_name_then_day() -> None:
    book = load_book()
    order = [(TAXES.index(rule.tax), rule.id, rule.valid_from) for rule in book.rules]
    assert order == sorted(order)
    assert set(book.table) == set(RIGHTS)


@pytest.mark.parametrize(
    ("day", "version", "is_in_force"),
    [
        ("2016-04-30", 0, False),
        ("2016-05-01", 0, True),
        ("2018-04-30", 0, True),
        ("2018-05-01", 1, True),
        ("2028-01-01", -1, False),
        (None, -1, False),
    ],
)
def test_on_a_day_without_a_rule_the_nearest_is_told(day: str | None, version: int, is_in_force: bool) -> None:
    found = find(BOOK, "VAT-TT", facts_from({"day": day} if day else {}), CALENDAR)
    assert found.rule == BOOK.versions("VAT-TT")[version]
    assert (found.is_in_force, found.applies, found.confidence, found.due_on) == (is_in_force, False, found.confidence, None)
    if not is_in_force:
        assert (found.asked, found.outcome, found.confidence) == ((), Outcome(), "high")


def test_a_rule_that_is_not_there_is_a_fault_of_the_asker() -> None:
    with pytest.raises(KeyError, match="VAT-OLD"):
        find(BOOK, "VAT-OLD", facts_from({}), CALENDAR)


def test_a_fact_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fact"):
        facts_from_wrong("prise", "1")
    with pytest.raises(ValueError, match="is money"):
        facts_from_wrong("price", "1")
    with pytest.raises(ValueError, match="cannot be"):
        facts_from_wrong("grant", "lease")


def facts_from_wrong(name: str, value: object) -> None:
    from contracts.relief.rules.facts import Facts

    Facts({name: value})  # type: ignore[dict-item]


def test_the_site_does_not_start_with_a_bad_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def bad() -> None:
        raise BadRules("stamp_2028.toml: the formula stamp_duty needs the parameter rate")

    monkeypatch.setattr("contracts.relief.rulebook.book", bad)
    with pytest.raises(ImproperlyConfigured, match=r"The rules of relief cannot be used. stamp_2028.toml: the formula"):
        apps.get_app_config("relief").ready()
