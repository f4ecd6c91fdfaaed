"""What falls due by itself: a refund that is late is said so once, and providers are compared with the ledger every day."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.events.registry import Sweep, sweep
from market.events.work import do_each
from market.payments.actions.deposits import note_overdue_refund
from market.payments.actions.reconciliation import reconcile_due
from market.payments.queries.deposits import late_refunds
from market.values.dates import day_of


def note_late_refunds(now: datetime) -> None:
    """Every refund that has become late stands in the log, where officials see it."""
    late = late_refunds(day_of(now))
    do_each("payments.note_late_refunds", late, lambda deposit: note_overdue_refund(deposit, now=now), now=now)


sweep(Sweep("payments.note_late_refunds", note_late_refunds))
sweep(Sweep("payments.reconcile", lambda now: reconcile_due(now=now), every=timedelta(hours=1)))
