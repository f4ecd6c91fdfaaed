"""Two rule sets as data: the day chooses, each says where from, and local law may say otherwise."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from contracts.kinds import ContractKind, RefusalReason, RuleSet, SubKind
from contracts.rule_sets import _read, rule_set_for, rule_sets
from market.policy.kinds import KINDS
from tests.contracts.builders import an_application
from tests.people import Cast


def test_the_sets_are_those_of_the_trade_and_leave_no_day_out() -> None:
    sets = rule_sets()
    assert list(sets) == ["MOST-2000", "MIIT-2026"]
    assert set(sets) == set(RuleSet.values)
    assert rule_set_for(date(2026, 2, 28)).id == "MOST-2000"
    assert rule_set_for(date(2026, 3, 1)).id == "MIIT-2026"
    assert rule_set_for(date(1990, 1, 1)).id == "MOST-2000"


@pytest.mark.parametrize("name", RuleSet.values)
def test_each_set_has_tests_for_every_kind_and_a_template_for_every_ground(name: str) -> None:
    found = rule_sets()[name]
    for kind in ContractKind:
        tests = found.tests_of(kind)
        assert any(not test.is_exclusion for test in tests)
        assert any(test.is_exclusion for test in tests), f"what is not a contract of {kind}"
    assert {text.id for text in found.refusals} == set(RefusalReason.values)
    assert {sub for test in found.tests for sub in test.sub_kinds} <= set(SubKind.values)
    assert all(text.policy in KINDS for text in found.rules if text.policy)
    assert {"applicant", "decision", "place", "form", "amount", "number", "change"} <= {text.subject for text in found.rules}


def test_a_test_of_one_sub_kind_is_not_asked_of_another() -> None:
    tests = {test.id for test in rule_sets()["MIIT-2026"].tests_of("service", "training")}
    assert "SER-3" in tests
    assert "SER-4" not in tests


@pytest.mark.parametrize("number", ["2026140600000001", "26140600000001"])
def test_numbers_of_both_lengths_are_numbers(number: str) -> None:
    assert all(found.number.fullmatch(number) for found in rule_sets().values())
    assert not any(found.number.fullmatch(number + "0") for found in rule_sets().values())


@pytest.mark.parametrize(
    ("pattern", "replacement", "complaint"),
    [
        (r'confidence = "high"', 'confidence = "sure"', "how sure"),
        (r'applicants = \["seller"\]', 'applicants = ["anybody"]', "who may apply"),
        (r'id = "REG-02"', 'id = "REG-01"', "twice"),
        (r'rule = "REG-06"', 'rule = "REG-99"', "is no rule"),
        (r"applies_from = .*", "", "applies_from is missing"),
    ],
)
def test_a_set_that_contradicts_itself_is_not_loaded(tmp_path: Path, pattern: str, replacement: str, complaint: str) -> None:
    text = (Path("contracts/data") / "MOST-2000.toml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(re.sub(pattern, replacement, text, count=1), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        _read(broken)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("registry", "day", "due"),
    [
        ("140600", datetime(2026, 1, 5, 2, tzinfo=UTC), date(2026, 2, 4)),
        ("330100", datetime(2026, 1, 5, 2, tzinfo=UTC), date(2026, 1, 15)),
        ("410100", datetime(2026, 1, 5, 2, tzinfo=UTC), date(2026, 1, 20)),
        ("330100", datetime(2026, 3, 10, 2, tzinfo=UTC), date(2026, 3, 20)),
        ("140600", datetime(2026, 3, 10, 2, tzinfo=UTC), date(2026, 3, 31)),
    ],
)
def test_the_law_of_the_registrys_province_goes_before(
    cast: Cast, settings: LazySettings, registry: str, day: datetime, due: date
) -> None:
    """Source: 浙江省技术市场条例 art. 16, 河南省技术市场条例 art. 16 (high)."""
    settings.REGISTRY_CODE = registry
    assert an_application(cast, day).due_on == due


@pytest.mark.django_db
def test_everybody_reads_the_rules_and_officials_are_told_what_is_unsure(cast: Cast, client: Client, sign_in: object) -> None:
    listed = client.get("/en/contracts/rules/").content.decode()
    assert "Measures of 2026" in listed
    page = "/en/contracts/rules/MIIT-2026/"
    public = client.get(page).content.decode()
    assert "征求意见稿第十四条" in public
    assert "15 working days" in public
    assert "rules are to be confirmed" not in public
    official = sign_in(cast.administrator).get(page).content.decode()  # type: ignore[operator]
    assert "rules are to be confirmed" in official
    assert client.get("/en/contracts/rules/NONE/").status_code == 404
