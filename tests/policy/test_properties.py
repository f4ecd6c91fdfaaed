"""Working-day arithmetic against a naive reference: one that walks the days and asks of each whether it counts."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from market.policy.rules import SUSPENDED, WEEKEND, deadline, may_announce, months_after, months_before
from market.values.dates import Calendar, Period, Skipped, Span, Unit, day_of, end_of

ONE_DAY = timedelta(days=1)

days = st.dates(min_value=date(2023, 1, 1), max_value=date(2029, 12, 31))
lengths = st.integers(min_value=0, max_value=80)
countings = st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS])
units = st.sampled_from(list(Unit))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Some years announced, with holidays anywhere and work made up at weekends only."""
    off = draw(st.lists(days, max_size=25))
    made_up = [day for day in draw(st.lists(days, max_size=10)) if day.weekday() >= 5 and day not in off]
    years = draw(st.frozensets(st.integers(min_value=2023, max_value=2030)))
    return Calendar(frozenset(years), dict.fromkeys(off, "节日"), frozenset(made_up))


@st.composite
def suspensions(draw: st.DrawFn) -> list[Span]:
    """Closed spans, overlapping or not, in any order."""
    spans = draw(st.lists(st.tuples(days, st.integers(min_value=0, max_value=30)), max_size=4))
    return [Span(first, first + timedelta(days=length)) for first, length in spans]


def counts(day: date, unit: Unit, calendar: Calendar, stops: list[Span]) -> bool:
    if any(stop.holds(day) for stop in stops):
        return False
    return unit is Unit.DAYS or calendar.is_working(day)


def naive(start: date, n: int, unit: Unit, calendar: Calendar, stops: list[Span]) -> date:
    day = start
    while n:
        day += ONE_DAY
        n -= counts(day, unit, calendar, stops)
    return day


@given(days, lengths, countings, calendars(), suspensions())
def test_the_deadline_is_that_of_the_naive_count(start: date, n: int, unit: Unit, calendar: Calendar, stops: list[Span]) -> None:
    assert deadline(start, Period(n, unit), calendar, suspended=stops).day == naive(start, n, unit, calendar, stops)


@given(days, lengths, countings, calendars(), suspensions())
def test_days_counted_and_days_skipped_are_all_the_days_that_passed(
    start: date, n: int, unit: Unit, calendar: Calendar, stops: list[Span]
) -> None:
    end = deadline(start, Period(n, unit), calendar, suspended=stops)
    assert n + len(end.skipped) == (end.day - start).days
    assert len({skip.day for skip in end.skipped}) == len(end.skipped)
    for skip in end.skipped:
        assert start < skip.day < end.day, "the last day itself counts"
        assert not counts(skip.day, unit, calendar, stops)


@given(days, lengths, calendars(), suspensions())
def test_each_skipped_day_says_rightly_why(start: date, n: int, calendar: Calendar, stops: list[Span]) -> None:
    for skip in deadline(start, Period(n, Unit.WORKING_DAYS), calendar, suspended=stops).skipped:
        match skip:
            case Skipped(day, reason) if reason == SUSPENDED:
                assert any(stop.holds(day) for stop in stops)
            case Skipped(day, reason) if reason == WEEKEND:
                assert day.weekday() >= 5
                assert day not in calendar.off_days
            case Skipped(day, reason):
                assert calendar.off_days[day] == reason


@given(days, st.integers(min_value=1, max_value=80), calendars(), suspensions())
def test_a_period_in_working_days_ends_on_a_working_day_outside_every_suspension(
    start: date, n: int, calendar: Calendar, stops: list[Span]
) -> None:
    end = deadline(start, Period(n, Unit.WORKING_DAYS), calendar, suspended=stops).day
    assert calendar.is_working(end)
    assert not any(stop.holds(end) for stop in stops)


@given(days, lengths, st.integers(min_value=1, max_value=20), countings, calendars(), suspensions())
def test_a_longer_period_ends_later(start: date, n: int, more: int, unit: Unit, calendar: Calendar, stops: list[Span]) -> None:
    first = deadline(start, Period(n, unit), calendar, suspended=stops).day
    assert deadline(start, Period(n + more, unit), calendar, suspended=stops).day > first


@given(days, st.integers(min_value=0, max_value=10), lengths, units, calendars())
def test_a_later_start_never_ends_earlier(start: date, later: int, n: int, unit: Unit, calendar: Calendar) -> None:
    first = deadline(start, Period(n, unit), calendar).day
    assert deadline(start + timedelta(days=later), Period(n, unit), calendar).day >= first


@given(days, lengths, lengths, countings, calendars(), suspensions())
def test_a_period_can_be_counted_in_two_pieces(
    start: date, n: int, m: int, unit: Unit, calendar: Calendar, stops: list[Span]
) -> None:
    half_way = deadline(start, Period(n, unit), calendar, suspended=stops).day
    assert (
        deadline(half_way, Period(m, unit), calendar, suspended=stops).day
        == deadline(start, Period(n + m, unit), calendar, suspended=stops).day
    )


@given(
    days, st.integers(min_value=1, max_value=60), st.integers(min_value=0, max_value=59), st.integers(min_value=0, max_value=20)
)
def test_a_suspension_on_the_way_moves_the_end_by_its_days(start: date, n: int, after: int, length: int) -> None:
    assume(after < n)
    first = start + timedelta(days=after + 1)
    stop = Span(first, first + timedelta(days=length))
    plain = deadline(start, Period(n, Unit.DAYS), Calendar()).day
    assert deadline(start, Period(n, Unit.DAYS), Calendar(), suspended=[stop]).day == plain + timedelta(days=length + 1)


@given(days, lengths, countings, calendars(), suspensions(), days)
def test_what_lies_outside_the_period_does_not_matter(
    start: date, n: int, unit: Unit, calendar: Calendar, stops: list[Span], elsewhere: date
) -> None:
    end = deadline(start, Period(n, unit), calendar, suspended=stops)
    assume(not start < elsewhere <= end.day)
    assert deadline(start, Period(n, unit), calendar, suspended=[*stops, Span(elsewhere, elsewhere)]).day == end.day


@given(days, lengths, countings, calendars(), days)
def test_another_holiday_never_brings_the_end_forward(start: date, n: int, unit: Unit, calendar: Calendar, holiday: date) -> None:
    assume(holiday not in calendar.extra_working_days)
    richer = Calendar(calendar.announced_years, {**calendar.off_days, holiday: "新增"}, calendar.extra_working_days)
    before, after = (deadline(start, Period(n, unit), each).day for each in (calendar, richer))
    assert before <= after


@given(days, st.integers(min_value=1, max_value=80), units, calendars())
def test_a_date_is_final_only_when_every_year_it_counts_over_is_announced(
    start: date, n: int, unit: Unit, calendar: Calendar
) -> None:
    end = deadline(start, Period(n, unit), calendar)
    years = {(start + timedelta(days=i)).year for i in range(1, (end.day - start).days + 1)}
    assert end.provisional == (unit is Unit.WORKING_DAYS and not years <= calendar.announced_years)


@given(days, lengths, units, calendars())
def test_the_last_day_is_a_whole_day_of_shanghai(start: date, n: int, unit: Unit, calendar: Calendar) -> None:
    end = deadline(start, Period(n, unit), calendar)
    assert end.ends_at == end_of(end.day)
    assert day_of(end.ends_at - timedelta(seconds=1)) == end.day
    assert (end.start, end.period) == (start, Period(n, unit))


# --- months ------------------------------------------------------------------------------------------------------------


@given(days, lengths)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: date, n: int) -> None:
    end = months_after(start, n)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    last = months.monthrange(end.year, end.month)[1]
    assert end.day == min(start.day, last)


@given(days, lengths)
def test_months_back_never_pass_the_day_they_came_from(start: date, n: int) -> None:
    back = months_before(months_after(start, n), n)
    assert back <= start
    assert (start - back).days <= 3, "only the length of a February lies between"


@given(days, st.integers(min_value=1, max_value=40), st.integers(min_value=0, max_value=20))
def test_days_of_a_suspension_are_added_to_months(start: date, n: int, length: int) -> None:
    stop = Span(start + ONE_DAY, start + timedelta(days=length + 1))
    plain = deadline(start, Period(n, Unit.MONTHS), Calendar())
    stopped = deadline(start, Period(n, Unit.MONTHS), Calendar(), suspended=[stop])
    assert stopped.day == plain.day + timedelta(days=length + 1)
    assert len(stopped.skipped) == length + 1


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2024, 2, 29), Period(12, Unit.MONTHS), date(2025, 2, 28)),
        (date(2024, 2, 29), Period(48, Unit.MONTHS), date(2028, 2, 29)),
        (date(2024, 1, 31), Period(1, Unit.MONTHS), date(2024, 2, 29)),
        (date(2023, 1, 31), Period(1, Unit.MONTHS), date(2023, 2, 28)),
        (date(2024, 2, 28), Period(1, Unit.DAYS), date(2024, 2, 29)),
        (date(2024, 2, 28), Period(2, Unit.DAYS), date(2024, 3, 1)),
        (date(2024, 2, 28), Period(1, Unit.WORKING_DAYS), date(2024, 2, 29)),
        (date(2024, 2, 29), Period(1, Unit.WORKING_DAYS), date(2024, 3, 1)),
        (date(2028, 2, 28), Period(1, Unit.WORKING_DAYS), date(2028, 2, 29)),
        (date(2023, 12, 31), Period(1, Unit.DAYS), date(2024, 1, 1)),
    ],
)
def test_leap_days_and_ends_of_months_and_years(start: date, period: Period, end: date) -> None:
    assert deadline(start, period, Calendar()).day == end


@given(st.integers(min_value=2000, max_value=2028))
def test_a_year_without_holidays_is_never_an_announcement(year: int) -> None:
    refusals = may_announce(year, [], today=date(2026, 11, 25))
    assert [refusal.code for refusal in refusals] == ["policy.year_empty"]
