"""`manage.py load_policy`: the first policy rows and the announced holidays, from the data files; what is there stays."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from market.policy.actions import PolicyTerms, announce_holidays, enter_first_row
from market.policy.models import HolidayYear
from market.policy.rules import AnnouncedDay
from market.values.actor import Actor, Channel

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Enters the first policy rows and the announced holidays, once each; rows that officials changed are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor(channel=Channel.COMMAND)
        now = timezone.now()
        entered = sum(enter_first_row(terms, actor=actor, now=now) for terms in first_rows())
        years = 0
        for path in sorted(DATA.glob("holidays_*.json")):
            announcement = json.loads(path.read_text(encoding="utf-8"))
            if HolidayYear.objects.filter(year=announcement["year"]).exists():
                continue
            announce_holidays(
                announcement["year"], announced_days(announcement), source=announcement["source"], actor=actor, now=now
            )
            years += 1
        self.stdout.write(f"{entered} policy rows and {years} years of holidays entered.")


def first_rows() -> list[PolicyTerms]:
    """The rows of the data file."""
    rows = tomllib.loads((DATA / "rows.toml").read_text(encoding="utf-8"))["row"]
    return [
        PolicyTerms(
            kind=row["kind"],
            scope=row.get("scope", ""),
            value=Decimal(row["value"]),
            measure=row["measure"],
            valid_from=row["valid_from"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in rows
    ]


def announced_days(announcement: dict[str, Any]) -> list[AnnouncedDay]:
    return [AnnouncedDay(date.fromisoformat(day["on"]), day["name"], day["is_working"]) for day in announcement["days"]]
