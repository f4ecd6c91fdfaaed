"""What does a pasted or uploaded holiday announcement say? One line for each day or stretch of days, or the JSON of the data files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from market.policy.rules import AnnouncedDay

# As the announcement itself and spreadsheets have it: 2027-02-06, 2027/2/6, 2027.2.6, 2027年2月6日.
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_STRETCH = re.compile(rf"^{_DAY}(?:\s*(?:至|到|~|～|—|–|\.\.)\s*{_DAY})?$")
_WORKED = frozenset({"班", "补班", "上班", "调休上班", "work", "working", "true", "1"})
_OFF = frozenset({"休", "放假", "休息", "", "off", "holiday", "false", "0"})
_LONGEST_STRETCH = 31


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that says nothing we understand: its number, and what it says."""

    number: int
    text: str


def parse_announcement(text: str) -> tuple[list[AnnouncedDay], list[BadLine]]:
    """The days of the announcement, and the lines that cannot be read; nothing is guessed."""
    if text.lstrip().startswith("{"):
        return _from_json(text)
    days: list[AnnouncedDay] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = list(_from_line(line))
        days += found
        if not found:
            bad.append(BadLine(number, line.strip()[:80]))
    return days, bad


def _from_line(line: str) -> Iterator[AnnouncedDay]:
    for mark in ("，", "、", "；", ";", "\t", "　"):
        line = line.replace(mark, ",")
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    match = _STRETCH.match(cells[0])
    kind = cells[2].lower() if len(cells) > 2 else ""
    if match is None or len(cells) < 2 or len(cells[1]) > 40 or kind not in _WORKED | _OFF:
        return
    try:
        first = date(*map(int, match.groups()[:3]))
        last = date(*map(int, match.groups()[3:])) if match[4] else first
    except ValueError:
        return
    if (last - first).days < _LONGEST_STRETCH:
        for n in range((last - first).days + 1):
            yield AnnouncedDay(first + timedelta(days=n), cells[1], kind in _WORKED)


def _from_json(text: str) -> tuple[list[AnnouncedDay], list[BadLine]]:
    try:
        entries: list[dict[str, Any]] = json.loads(text)["days"]
        return [
            AnnouncedDay(date.fromisoformat(day["on"]), str(day["name"])[:40], bool(day["is_working"])) for day in entries
        ], []
    except (ValueError, KeyError, TypeError) as error:
        return [], [BadLine(1, f"{type(error).__name__}: {error}"[:80])]
