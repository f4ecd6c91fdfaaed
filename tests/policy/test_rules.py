"""Working-day arithmetic over the announced calendar, and what may become a policy row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.policy.rules import deadline, may_decide, may_propose, months_after, months_before, working_days_between
from market.values.dates import Calendar, Period, Span, Unit, day_of, end_of

MADE_UP_DAY = date(2026, 2, 14)
CALENDAR = Calendar(
    announced_years=frozenset({2026}),
    off_days={date(2026, 2, day): "春节" for day in range(15, 24)} | {date(2026, 10, day): "国庆节" for day in range(1, 8)},
    extra_working_days=frozenset({MADE_UP_DAY, date(2026, 2, 28), date(2026, 10, 10)}),
)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))
lengths = st.integers(min_value=1, max_value=60)


def test_the_day_after_the_start_is_the_first_that_counts() -> None:
    assert deadline(date(2026, 3, 10), Period(15, Unit.DAYS), CALENDAR).day == date(2026, 3, 25)


def test_working_days_skip_weekends_and_holidays_and_say_so() -> None:
    end = deadline(date(2026, 2, 12), Period(3, Unit.WORKING_DAYS), CALENDAR)
    # Friday 13, the made-up Saturday 14, then the Spring Festival until Monday 23, and Tuesday 24.
    assert end.day == date(2026, 2, 24)
    assert {skip.reason for skip in end.skipped} == {"春节"}
    assert len(end.skipped) == 9
    assert not end.provisional


def test_a_made_up_saturday_counts() -> None:
    assert deadline(date(2026, 2, 13), Period(1, Unit.WORKING_DAYS), CALENDAR).day == MADE_UP_DAY


def test_a_deadline_beyond_the_announced_years_is_provisional() -> None:
    assert deadline(date(2026, 12, 20), Period(20, Unit.WORKING_DAYS), CALENDAR).provisional
    assert not deadline(date(2026, 12, 20), Period(20, Unit.DAYS), CALENDAR).provisional


def test_the_deadline_ends_at_midnight_in_shanghai() -> None:
    end = deadline(date(2026, 3, 10), Period(1, Unit.DAYS), CALENDAR)
    assert end.ends_at == end_of(date(2026, 3, 11))
    assert end.ends_at.utcoffset() == timedelta(hours=8)
    assert day_of(end.ends_at) == date(2026, 3, 12)


def test_suspended_days_do_not_count() -> None:
    stop = Span(date(2026, 3, 12), date(2026, 3, 14))
    assert deadline(date(2026, 3, 10), Period(15, Unit.DAYS), CALENDAR, suspended=[stop]).day == date(2026, 3, 28)


def test_a_suspension_without_an_end_is_an_error() -> None:
    with pytest.raises(ValueError):
        deadline(date(2026, 3, 10), Period(15, Unit.DAYS), CALENDAR, suspended=[Span(date(2026, 3, 12))])


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 5, 9), 24, date(2025, 5, 9)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert deadline(start, Period(months, Unit.MONTHS), CALENDAR).day == end


@given(days, lengths)
def test_exactly_the_period_lies_between_start_and_deadline(start: date, n: int) -> None:
    end = deadline(start, Period(n, Unit.WORKING_DAYS), CALENDAR)
    assert working_days_between(start, end.day, CALENDAR) == n
    assert CALENDAR.is_working(end.day)


@given(days, lengths, lengths)
def test_a_longer_period_never_ends_earlier(start: date, n: int, more: int) -> None:
    first = deadline(start, Period(n, Unit.WORKING_DAYS), CALENDAR).day
    assert deadline(start, Period(n + more, Unit.WORKING_DAYS), CALENDAR).day > first


@given(days, lengths, st.integers(min_value=0, max_value=20), st.integers(min_value=0, max_value=20))
def test_a_suspension_only_ever_lengthens(start: date, n: int, after: int, length: int) -> None:
    stop = Span(start + timedelta(days=after), start + timedelta(days=after + length))
    plain = deadline(start, Period(n, Unit.DAYS), CALENDAR).day
    stopped = deadline(start, Period(n, Unit.DAYS), CALENDAR, suspended=[stop]).day
    assert plain <= stopped <= plain + timedelta(days=length + 1)


@given(days, st.integers(min_value=0, max_value=60))
def test_months_after_and_before_undo_each_other_on_common_days(day: date, n: int) -> None:
    day = day.replace(day=min(day.day, 28))
    assert months_before(months_after(day, n), n) == day


@pytest.mark.parametrize(
    ("value", "measure", "valid_from", "code"),
    [
        ("20", "fen", date(2026, 3, 10), "policy.measure_not_allowed"),
        ("-1", "days", date(2026, 3, 10), "policy.value_out_of_range"),
        ("1.5", "days", date(2026, 3, 10), "policy.value_out_of_range"),
        ("0", "days", date(2026, 3, 10), "policy.period_out_of_range"),
        ("9", "seconds", date(2026, 3, 10), "policy.seconds_out_of_range"),
        ("20", "days", date(2026, 3, 9), "policy.valid_from_in_the_past"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(value: str, measure: str, valid_from: date, code: str) -> None:
    refusals = may_propose(
        value=Decimal(value),
        measure=measure,
        allowed=frozenset({"days", "working_days", "seconds"}),
        valid_from=valid_from,
        today=date(2026, 3, 10),
    )
    assert code in [refusal.code for refusal in refusals]


def test_a_proposal_is_decided_by_somebody_else() -> None:
    assert may_decide(proposed_by=1, decides=2) == []
    assert [refusal.code for refusal in may_decide(proposed_by=1, decides=1)] == ["policy.own_proposal"]
