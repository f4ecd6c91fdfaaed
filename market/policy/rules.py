"""When is a period over? Working-day arithmetic over an announced calendar, with the days that did not count and why."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from market.values.dates import Calendar, Deadline, Period, Skipped, Span, Unit, end_of, in_any
from market.values.money import Money
from market.values.refusal import Refusal

WEEKEND = "weekend"
SUSPENDED = "suspended"
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy row as rules see it: its id, what it sets and how sure we are of it (high, medium, low)."""

    id: int
    kind: str
    scope: str
    value: Decimal
    measure: str
    source: str
    confidence: str
    valid_from: date

    @property
    def is_confirmed(self) -> bool:
        """Does a source bear the figure, so that something may lapse by it?"""
        return self.confidence == "high"

    @property
    def period(self) -> Period:
        """Raises ValueError when the row states no period."""
        return Period(int(self.value), Unit(self.measure))

    @property
    def rate(self) -> Decimal:
        return self.value

    @property
    def money(self) -> Money:
        return Money(int(self.value))

    @property
    def count(self) -> int:
        return int(self.value)


def deadline(
    start: date,
    period: Period,
    calendar: Calendar,
    *,
    suspended: Iterable[Span] = (),
    policy_row: int | None = None,
) -> Deadline:
    """The last day of a period. The day after `start` is the first that counts; days of a suspension never count.

    A period in days counts every day; one in working days skips weekends and announced holidays and counts make-up days;
    one in months ends on the same day of the month, or the month's last, and its suspended days are added.
    The deadline is provisional when it was counted over a year whose holidays are not announced.
    Source: 民法典 arts 201-203 (high) for the first day; 国务院办公厅's yearly announcements for working days (high).
    """
    stops = tuple(suspended)
    skipped: list[Skipped] = []
    if period.unit is Unit.MONTHS:
        day = _after_suspensions(start, months_after(start, period.n), stops, skipped)
    else:
        day = _counted(start, period, calendar, stops, skipped)
    provisional = period.unit is Unit.WORKING_DAYS and not all(
        year in calendar.announced_years for year in range(_next(start).year, day.year + 1)
    )
    return Deadline(day, end_of(day), provisional, start, period, tuple(skipped), policy_row)


def _counted(start: date, period: Period, calendar: Calendar, stops: tuple[Span, ...], skipped: list[Skipped]) -> date:
    day, left = start, period.n
    for _ in range(_LONGEST):
        if left == 0:
            return day
        day = _next(day)
        reason = _why_not_counted(day, period.unit, calendar, stops)
        if reason is None:
            left -= 1
        else:
            skipped.append(Skipped(day, reason))
    raise ValueError(f"{period} from {start} does not end within {_LONGEST} days")


def _why_not_counted(day: date, unit: Unit, calendar: Calendar, stops: tuple[Span, ...]) -> str | None:
    if in_any(day, stops):
        return SUSPENDED
    if unit is Unit.DAYS or calendar.is_working(day):
        return None
    return calendar.off_days.get(day, WEEKEND)


def _after_suspensions(start: date, end: date, stops: tuple[Span, ...], skipped: list[Skipped]) -> date:
    day = start
    while day < end:
        day = _next(day)
        if in_any(day, stops):
            skipped.append(Skipped(day, SUSPENDED))
            end = _next(end)
        if (day - start).days > _LONGEST:
            raise ValueError("the suspension has no end")
    return end


def months_after(day: date, n: int) -> date:
    """The same day n months later, or that month's last day.

    Source: 民法典 art. 202: the same day of the month, or its last (high).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def months_before(day: date, n: int) -> date:
    """The same day n months earlier, or that month's last day. Source: 民法典 art. 202, counted backwards (medium)."""
    return months_after(day, -n)


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lie after `first` up to and with `last`. Source: 国务院办公厅's yearly announcements (high)."""
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def may_propose(*, value: Decimal, measure: str, allowed: frozenset[str], valid_from: date, today: date) -> list[Refusal]:
    """What speaks against these terms as a new policy row: it may not begin in the past, nor state nonsense.

    Source: the market's own.
    """
    refusals = []
    if measure not in allowed:
        refusals.append(Refusal("policy.measure_not_allowed", field="measure"))
    if value < 0 or (measure == "rate" and value > 1) or (measure != "rate" and value != value.to_integral_value()):
        refusals.append(Refusal("policy.value_out_of_range", field="value"))
    elif measure in {"days", "working_days", "months"} and not 1 <= value <= 1000:
        refusals.append(Refusal("policy.period_out_of_range", field="value"))
    elif measure == "seconds" and not 10 <= value <= 3600:
        refusals.append(Refusal("policy.seconds_out_of_range", field="value"))
    return refusals + may_begin(valid_from=valid_from, today=today)


def may_begin(*, valid_from: date, today: date) -> list[Refusal]:
    """A row holds for what begins from today on: neither proposal nor approval reaches back over what has begun already.

    Source: 立法法 art. 104: rules do not reach back (medium), in analogy.
    """
    return [Refusal("policy.valid_from_in_the_past", field="valid_from")] if valid_from < today else []


def may_decide(*, proposed_by: int | None, decides: int | None) -> list[Refusal]:
    """A proposal is decided by another official than the one who made it.

    Source: GB/T 22239-2019: separation of duties (medium).
    """
    return [Refusal("policy.own_proposal")] if proposed_by == decides else []


@dataclass(frozen=True, slots=True)
class AnnouncedDay:
    """One day of a holiday announcement: off under a holiday's name, or a day at a weekend on which work is made up."""

    on: date
    name: str
    is_working: bool


def may_announce(year: int, days: Iterable[AnnouncedDay], *, today: date) -> list[Refusal]:
    """What speaks against these days as the announcement of a year, each wrong day named once.

    Source: 全国年节及纪念日放假办法 (high); a year has holidays, and the announcement comes in the autumn before.
    """
    announced = tuple(days)
    refusals = []
    if not 2000 <= year <= today.year + 2:
        refusals.append(Refusal("policy.year_out_of_range", field="year", data={"last": today.year + 2}))
    if not any(not day.is_working for day in announced):
        refusals.append(Refusal("policy.year_empty", field="days"))
    seen: set[date] = set()
    for day in announced:
        refusals += _flaws_of_day(day, year, is_repeated=day.on in seen)
        seen.add(day.on)
    return refusals


def may_add_day(day: AnnouncedDay, *, today: date, is_announced: bool) -> list[Refusal]:
    """What speaks against one more day in an announced year: only what lies ahead can still change.

    Source: 国务院办公厅's yearly announcements are amended for days to come only (medium).
    """
    refusals = _flaws_of_day(day, day.on.year, is_repeated=is_announced, field="on")
    if day.on <= today:
        refusals.append(Refusal("policy.day_not_ahead", field="on", data={"day": day.on.isoformat()}))
    return refusals


def _flaws_of_day(day: AnnouncedDay, year: int, *, is_repeated: bool, field: str = "days") -> list[Refusal]:
    data = {"day": day.on.isoformat(), "year": year}
    if day.on.year != year:
        return [Refusal("policy.day_not_in_year", field=field, data=data)]
    if is_repeated:
        return [Refusal("policy.day_twice", field=field, data=data)]
    if not day.name.strip():
        return [Refusal("policy.day_without_name", field=field, data=data)]
    if day.is_working and day.on.weekday() < 5:
        return [Refusal("policy.made_up_on_a_weekday", field=field, data=data)]
    return []
