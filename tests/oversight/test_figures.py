"""Entering a plan, reporting values, and the public page of the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from market.events.models import Event
from market.oversight.actions import IndicatorTerms, PlanTerms, enter_actual_value, load_plan
from market.oversight.models import ActualValue, Indicator, Plan
from market.oversight.queries.plans import plan_figures
from market.oversight.rules import Course
from market.values.actor import ANONYMOUS, Actor, Channel
from market.values.refusal import Forbidden, Refused
from tests.people import Cast

COMMAND = Actor(channel=Channel.COMMAND)
PLAN = PlanTerms(
    key="plan-2014",
    name_zh="行动计划",
    name_en="Action plan",
    first_year=2014,
    last_year=2020,
    indicators=(
        IndicatorTerms(
            code="contract-value",
            name_zh="技术合同交易总额",
            name_en="Technology contract value",
            unit_zh="万元",
            unit_en="10,000 yuan",
            source="market",
            course=Course(2012, Decimal(5190), Decimal(12), None, 2020, Decimal(12850), 0),
        ),
        IndicatorTerms(
            code="patents",
            name_zh="有效发明专利拥有量",
            name_en="Valid invention patents",
            unit_zh="件",
            unit_en="patents",
            source="entered",
            course=Course(2013, Decimal(85), Decimal("32.5"), None, 2020, Decimal(609), 0),
        ),
    ),
)


@pytest.fixture
def plan(db: None, now: datetime) -> Plan:
    return load_plan(PLAN, actor=COMMAND, now=now)


def test_loading_again_changes_nothing(plan: Plan, now: datetime) -> None:
    Indicator.objects.filter(code="patents").update(target_value=700)
    assert load_plan(PLAN, actor=COMMAND, now=now) == plan
    assert Indicator.objects.get(code="patents").target_value == 700
    assert Event.objects.filter(name="plan.loaded").count() == 1


@pytest.mark.django_db
def test_a_plan_with_a_wrong_course_is_not_loaded_at_all(now: datetime) -> None:
    wrong = replace(PLAN.indicators[1], course=Course(growth_percent=Decimal(3)))
    with pytest.raises(Refused):
        load_plan(replace(PLAN, indicators=(PLAN.indicators[0], wrong)), actor=COMMAND, now=now)
    with pytest.raises(Refused):
        load_plan(replace(PLAN, indicators=PLAN.indicators * 2), actor=COMMAND, now=now)
    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_only_officials_enter_a_plan(cast: Cast, now: datetime) -> None:
    for actor in (ANONYMOUS, cast.enterprise_agent.actor, cast.registrar.actor):
        with pytest.raises(Forbidden):
            load_plan(PLAN, actor=actor, now=now)
    assert not Plan.objects.exists()
    load_plan(PLAN, actor=cast.supervisor.actor, now=now)


def test_the_figures_stand_against_their_path(plan: Plan, cast: Cast, now: datetime) -> None:
    patents = Indicator.objects.get(code="patents")
    enter_actual_value(patents, year=2014, value=Decimal(113), evidence="", actor=cast.supervisor.actor, now=now)
    figures = plan_figures()
    assert figures is not None
    contract_value, patents_figures = figures.indicators
    assert [year.year for year in contract_value.years] == list(range(2012, 2021))
    assert contract_value.years[1].planned == Decimal(5813)
    assert contract_value.latest is None
    assert (patents_figures.latest.year, patents_figures.latest.reached) == (2014, Decimal("100.0"))  # type: ignore[union-attr]


def test_a_value_entered_again_replaces_the_first_and_both_are_in_the_log(plan: Plan, cast: Cast, now: datetime) -> None:
    patents = Indicator.objects.get(code="patents")
    for value in (100, 113):
        enter_actual_value(patents, year=2014, value=Decimal(value), evidence="年报", actor=cast.administrator.actor, now=now)
    assert ActualValue.objects.get().value == 113
    assert Event.objects.filter(name="plan.value_entered").count() == 2


@pytest.mark.parametrize(
    ("code", "year", "value", "refusal"),
    [
        ("contract-value", 2014, 1, "oversight.measured_by_the_market"),
        ("patents", 2013, 1, "oversight.year_outside_plan"),
        ("patents", 2021, 1, "oversight.year_outside_plan"),
        ("patents", 2014, -1, "oversight.value_negative"),
    ],
)
def test_wrong_values_are_refused(plan: Plan, cast: Cast, now: datetime, code: str, year: int, value: int, refusal: str) -> None:
    indicator = Indicator.objects.get(code=code)
    with pytest.raises(Refused) as caught:
        enter_actual_value(indicator, year=year, value=Decimal(value), evidence="", actor=cast.supervisor.actor, now=now)
    assert [entry.code for entry in caught.value.refusals] == [refusal]
    assert not ActualValue.objects.exists()


def test_a_stranger_enters_no_value(plan: Plan, cast: Cast, now: datetime) -> None:
    indicator = Indicator.objects.get(code="patents")
    with pytest.raises(Forbidden):
        enter_actual_value(indicator, year=2014, value=Decimal(1), evidence="", actor=cast.enterprise_agent.actor, now=now)
    assert not ActualValue.objects.exists()


def test_the_page_shows_both_languages_and_says_what_is_not_measured(plan: Plan, client: Client) -> None:
    chinese, english = client.get("/plan-figures/").content.decode(), client.get("/en/plan-figures/").content.decode()
    assert "技术合同交易总额" in chinese
    assert "12,850" in chinese
    assert "Technology contract value" in english
    assert "Not yet measured" in english
    assert "5,813" in english


@pytest.mark.django_db
def test_without_a_plan_the_page_says_so(client: Client) -> None:
    assert "No plan has been entered yet." in client.get("/en/plan-figures/").content.decode()


def test_the_page_asks_equally_often_however_many_indicators(plan: Plan, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        plan_figures()
