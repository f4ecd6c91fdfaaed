"""The rule files: a new year's rate is a new file and nothing else, and a bad file is refused with a sentence that names it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from contracts.relief.rules.book import DATA, BadRules, load_book
from contracts.relief.rules.calculator import find
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


_FAULTS = [
    ('formula = "stamp_duty"', 'formula = "stamp_dty"', "formula is 'stamp_dty'"),
    ('rate = "0.0003"', "", "needs the parameter rate"),
    ('rate = "0.0003"', "rate = 0.0003", "write figures in quotes"),
    ('rate = "0.0003"', 'rate = "three"', "not a figure"),
    ('tax = "half_up"', 'tax = "up"', "rounding is 'up'"),
    ('[rounding]\ntax = "half_up"', "", "how the tax is rounded"),
    ("valid_until = 2027-12-31", 'valid_until = "the end"', "not a day"),
    ("valid_until = 2027-12-31", "valid_until = 2021-12-31", "before it begins"),
    ("valid_until = 2027-12-31", "", "two versions hold on 2028-01-01"),
    ('fact = "is_small"', 'fact = "is_tiny"', "'is_tiny', which is not declared"),
    ("is = true", 'is = true\nabove = "1"', "exactly one of"),
    ("is = true", 'one_of = ["tiny"]', "is_small is never 'tiny'"),
    ('confidence = "medium"', 'confidence = "sure"', "confidence is 'sure'"),
    ('counts_on = "signed_on"', 'counts_on = "price"', "is no day"),
    ('kind = "relief"', 'kind = "gift"', "kind is 'gift'"),
    ("[name]", "[nam]", "'name' is missing"),
    ('id = "STAMP"', "id = STAMP", "is no TOML"),
    ("[[paper]]", "[[papers]]", "what is filed and by when"),
    ("is = true", 'is = "$nothing"', "the parameter 'nothing', which is not there"),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), _FAULTS, ids=[sentence for _, _, sentence in _FAULTS])
def test_a_bad_file_is_refused_with_a_sentence(folder: Path, right: str, wrong: str, sentence: str) -> None:
    path = folder / "stamp_2022.toml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BadRules) as refused:
        load_book(folder)
    assert sentence in str(refused.value)
    assert "stamp_2022.toml" in str(refused.value) or "STAMP" in str(refused.value)


def test_the_table_of_rights_must_be_whole(folder: Path) -> None:
    path = folder / "rights.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('right = "software"', 'right = "hardware"'), encoding="utf-8")
    with pytest.raises(BadRules, match=r"rights.toml: it must say something of each"):
        load_book(folder)


def test_brackets_must_not_end(folder: Path) -> None:
    path = folder / "pit_reward_2018.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('up_to = "0"', 'up_to = "990000"'), encoding="utf-8")
    with pytest.raises(BadRules, match="no end"):
        load_book(folder)


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
