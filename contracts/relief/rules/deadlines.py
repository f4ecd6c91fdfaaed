"""By when must a relief be filed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from market.values.dates import Calendar


def _annual_settlement(day: date) -> date:
    return date(day.year + 1, 5, 31)


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 15)


def _quarter_after(day: date) -> date:
    first = (day.month - 1) // 3 * 3 + 4
    return date(day.year + (first > 12), first - 12 if first > 12 else first, 15)


def _january_after(day: date) -> date:
    return date(day.year + 1, 1, 15)


DEADLINES: Mapping[str, Callable[[date], date]] = {
    "annual_settlement": _annual_settlement,
    "month_after": _month_after,
    "quarter_after": _quarter_after,
    "january_after": _january_after,
}


def filing_day(kind: str, day: date, calendar: Calendar) -> date:
    """The last day to file what happened on `day`; one that falls on a holiday ends with the first working day after it.

    Source: 企业所得税法 art. 54, 增值税法 and 印花税法 for the periods (high); 税收征收管理法实施细则 art. 109 for holidays (high).
    """
    last = DEADLINES[kind](day)
    while not calendar.is_working(last):
        last += timedelta(days=1)
    return last
