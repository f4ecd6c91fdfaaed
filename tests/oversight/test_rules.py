"""The plan's arithmetic, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest

from market.oversight.rules import Course, may_state, planned_value, planned_years, reached_percent, repeated

CONTRACT_VALUE = Course(
    base_year=2012,
    base_value=Decimal("51.90"),
    growth_percent=Decimal(12),
    target_year=2020,
    target_value=Decimal("128.50"),
    decimals=2,
)


@pytest.mark.parametrize(
    ("year", "planned"),
    [(2012, "51.90"), (2013, "58.13"), (2014, "65.10"), (2015, "72.92"), (2019, "114.73"), (2020, "128.50")],
)
def test_contract_value_grows_twelve_percent_a_year(year: int, planned: str) -> None:
    assert planned_value(CONTRACT_VALUE, year) == Decimal(planned)


def test_rounding_happens_once_and_not_year_by_year() -> None:
    course = Course(base_year=2012, base_value=Decimal(1), growth_percent=Decimal(40), decimals=0)
    assert [planned_value(course, year) for year in (2013, 2014, 2015)] == [1, 2, 3]


def test_in_the_target_year_the_plans_own_figure_wins() -> None:
    share = Course(2012, Decimal("0.38"), Decimal(27), None, 2020, Decimal("2.5"), 2)
    assert planned_value(share, 2019) == Decimal("2.02")
    assert planned_value(share, 2020) == Decimal("2.50")


def test_before_its_base_year_nothing_is_planned() -> None:
    assert planned_value(CONTRACT_VALUE, 2011) is None


def test_between_base_and_target_nothing_is_invented() -> None:
    course = Course(base_year=2012, base_value=Decimal("4.7"), target_year=2020, target_value=Decimal(15), decimals=1)
    assert [planned_value(course, year) for year in (2012, 2016, 2020)] == [Decimal("4.7"), None, Decimal("15.0")]


def test_a_yearly_increase_is_counted_back_from_the_target() -> None:
    course = Course(yearly_increase=Decimal(2), target_year=2020, target_value=Decimal(20), decimals=0)
    assert [planned_value(course, year) for year in (2014, 2019, 2020)] == [8, 18, 20]
    assert planned_value(course, 2009) is None


def test_a_yearly_increase_is_added_to_the_base() -> None:
    course = Course(base_year=2014, base_value=Decimal(5), yearly_increase=Decimal(0), decimals=0)
    assert planned_value(course, 2018) == 5


def test_an_indicator_without_figures_has_no_path() -> None:
    assert planned_value(Course(), 2015) is None


def test_the_table_begins_with_a_base_before_the_plan() -> None:
    assert list(planned_years(CONTRACT_VALUE, first=2014, last=2016)) == [2012, 2013, 2014, 2015, 2016]
    assert list(planned_years(Course(), first=2014, last=2015)) == [2014, 2015]


def test_reached_is_stated_only_against_a_plan() -> None:
    assert reached_percent(Decimal("29.065"), Decimal("58.13")) == Decimal("50.0")
    assert reached_percent(None, Decimal(1)) is None
    assert reached_percent(Decimal(1), None) is None
    assert reached_percent(Decimal(1), Decimal(0)) is None


@pytest.mark.parametrize(
    ("course", "code"),
    [
        (Course(2012, Decimal(1), Decimal(2), Decimal(3)), "oversight.two_ways_of_growing"),
        (Course(base_year=2012), "oversight.half_a_base"),
        (Course(target_value=Decimal(3)), "oversight.half_a_target"),
        (Course(2012, Decimal(1), None, None, 2012, Decimal(2)), "oversight.target_before_base"),
        (Course(growth_percent=Decimal(2)), "oversight.growth_without_base"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(course: Course, code: str) -> None:
    assert code in [refusal.code for refusal in may_state(course)]


def test_the_plans_own_course_is_in_order() -> None:
    assert may_state(CONTRACT_VALUE) == []


def test_codes_that_stand_twice_are_named_once() -> None:
    assert repeated(["a", "b", "a", "a"]) == ["a"]
