"""How are a day and an instant written for people? One way for pages, timelines, letters and refusals, in each language."""

from __future__ import annotations

from datetime import date, datetime

from market.values.dates import SHANGHAI, day_of

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def is_chinese(language: str | None) -> bool:
    """True for Chinese, which is also what is written where no language is set."""
    return (language or "zh").startswith("zh")


def written_day(on: date, language: str | None) -> str:
    """ "2026年11月24日", in English "24 November 2026"."""
    if is_chinese(language):
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def written_instant(at: datetime, language: str | None) -> str:
    """Day and minute in Shanghai: "2026年11月24日 15:03", in English "24 November 2026, 15:03"."""
    between = " " if is_chinese(language) else ", "
    return f"{written_day(day_of(at), language)}{between}{at.astimezone(SHANGHAI):%H:%M}"
