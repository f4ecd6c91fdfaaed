"""What falls due by itself: a refund that is late is said so once."""

from __future__ import annotations

from datetime import datetime

from market.events.registry import Sweep, sweep
from market.payments.actions.deposits import note_overdue_refund
from market.payments.queries.deposits import late_refunds
from market.values.dates import day_of


def note_late_refunds(now: datetime) -> None:
    """Every refund that has become late stands in the log, where officials see it."""
    for deposit in late_refunds(day_of(now))[:200]:
        note_overdue_refund(deposit, now=now)


sweep(Sweep("payments.note_late_refunds", note_late_refunds))
