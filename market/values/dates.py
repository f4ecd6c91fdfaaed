"""Which day? Shanghai days, legal periods, the working calendar, and a deadline that can explain itself."""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Unit(enum.StrEnum):
    """What a legal period counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as rules state it: 20 working days, 15 days, 24 months."""

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError("a period is not negative")

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both inside; an open end means it still goes on."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Calendar:
    """The working days that officials announced. In a year not yet announced, weekdays work (and dates are provisional)."""

    announced_years: frozenset[int] = frozenset()
    off_days: dict[date, str] = field(default_factory=dict)
    extra_working_days: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        if day in self.extra_working_days:
            return True
        return day not in self.off_days and day.weekday() < 5

    def knows(self, day: date) -> bool:
        return day.year in self.announced_years


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that did not count, and why: a weekend, a holiday's name, or a suspension."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period (inclusive), the instant it ends, and the answer to "why this day?".

    `provisional` is true when a counted day lies in a year whose holidays are not announced yet.
    `policy_row` is the id of the policy row that set the period.
    """

    day: date
    ends_at: datetime
    provisional: bool
    start: date
    period: Period
    skipped: tuple[Skipped, ...] = ()
    policy_row: int | None = None


def day_of(instant: datetime) -> date:
    """The Shanghai day of an instant. Raises ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The instant at which a Shanghai day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def start_of(day: date) -> datetime:
    """The instant at which a Shanghai day begins."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def last_day_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def in_any(day: date, spans: Iterable[Span]) -> bool:
    return any(span.holds(day) for span in spans)
