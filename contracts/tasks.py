"""What contracts do by themselves: days of decision are counted again when the calendar changes."""

from datetime import datetime, timedelta

from contracts.actions.recognition import compute_due_again
from contracts.queries.applications import running_applications
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each, retry_each

_WORK = "contracts.count_applications"


def compute_again(event: Event) -> None:
    now = event.at
    do_each(_WORK, running_applications(), lambda it: compute_due_again(it, now=now), now=now, at_most=None)


def count_failed_again(now: datetime) -> None:
    retry_each(_WORK, running_applications(), lambda it: compute_due_again(it, now=now), now=now)


sweep(Sweep("contracts.count_failed_again", count_failed_again, every=timedelta(minutes=1)))
follow(Reader("contracts.holidays", {"holidays.announced": compute_again, "holidays.extended": compute_again}))
