"""What deal rooms do by themselves: whoever is late with a task is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from brokers.rooms.actions.tasks import note_overdue_task
from brokers.rooms.queries import overdue_tasks
from market.events.registry import Sweep, sweep
from market.events.work import do_each
from market.values.dates import day_of


def tell_overdue(now: datetime) -> None:
    """Tasks whose day is past."""
    do_each("rooms.overdue_tasks", overdue_tasks(day_of(now)), lambda it: note_overdue_task(it, now=now), now=now)


sweep(Sweep("rooms.overdue_tasks", tell_overdue, every=timedelta(minutes=10)))
