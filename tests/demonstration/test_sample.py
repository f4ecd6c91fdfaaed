"""Is the sample what the issue of the plan asks for: the plan's demands, and achievements that answer them?"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from listings.codes import is_industry_code, is_ipc_subclass
from listings.kinds import Industry, Maturity
from listings.rules.achievements import is_patent_number, may_submit
from market.demonstration.sample import achievement_entry, sample
from market.values.social_code import is_social_code
from tests.conftest import NOW

ACHIEVEMENTS: list[dict[str, Any]] = sample("achievements")
DEMANDS: list[dict[str, Any]] = sample("demands")


def test_there_are_about_forty_achievements_and_sixty_demands_of_all_nine_industries() -> None:
    assert 40 <= len(ACHIEVEMENTS) <= 45
    assert 55 <= len(DEMANDS) <= 65
    assert {row["industry"] for row in DEMANDS} == set(Industry.values)
    assert {row["industry"] for row in ACHIEVEMENTS} == set(Industry.values)


def test_each_achievement_answers_a_demand_of_its_industry() -> None:
    industry_of = {row["title"]: row["industry"] for row in DEMANDS}
    wrong = [row["title"] for row in ACHIEVEMENTS if industry_of.get(row["answers"]) != row["industry"]]
    assert wrong == []


@pytest.mark.parametrize("row", ACHIEVEMENTS, ids=lambda row: row["title"])
def test_each_achievement_could_be_submitted(row: dict[str, Any]) -> None:
    from listings.actions.achievements import facts_of_entry

    entry = achievement_entry(row)
    assert may_submit(facts_of_entry(entry), today=NOW.date().replace(year=2026, month=11, day=25)) == []
    assert len(entry.abstract) >= 120
    assert entry.maturity in Maturity.values
    assert sum((Decimal(inventor["share_percent"]) for inventor in row["inventors"]), Decimal(0)) == 100
    assert is_industry_code(entry.gbt4754)


def test_patents_have_right_numbers_each_once_and_an_ipc_of_the_table() -> None:
    patents = [patent for row in ACHIEVEMENTS for patent in row["patents"]]
    assert len(patents) >= 40
    assert [patent["number"] for patent in patents if not is_patent_number(patent["number"])] == []
    assert [patent["ipc"] for patent in patents if not is_ipc_subclass(patent["ipc"])] == []
    assert max(Counter(patent["number"] for patent in patents).values()) == 1
    # Serials that begin with 99 are far above those given out: no real patent is meant.
    assert all(patent["number"][7:9] == "99" for patent in patents)


def test_titles_differ_and_listings_have_a_price() -> None:
    assert max(Counter(row["title"] for row in ACHIEVEMENTS).values()) == 1
    assert max(Counter(row["title"] for row in DEMANDS).values()) == 1
    listed = [row["listing"] for row in ACHIEVEMENTS if row["stage"] == "listed"]
    assert len(listed) == 28
    assert all(listing["price_fen"] > 0 for listing in listed)


def test_organisations_are_fictional_and_known_by_their_code() -> None:
    organisations = {row["key"]: row for row in sample("organisations")}
    assert all(is_social_code(row["social_credit_code"]) for row in organisations.values())
    assert all("样例" in row["name"] or "演示" in row["name"] for row in organisations.values())
    assert {row["organisation"] for row in ACHIEVEMENTS} | {row["enterprise"] for row in DEMANDS} <= set(organisations)


def test_each_demand_names_its_section_of_the_plan_and_says_what_is_to_be_reached() -> None:
    assert all(row["plan_section"].startswith("4(") for row in DEMANDS)
    assert all(len(row["problem"]) >= 60 and row["targets"] for row in DEMANDS)
