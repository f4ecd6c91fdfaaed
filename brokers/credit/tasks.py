"""What credit does by itself: the ledger follows the log, grades are counted every night, late decisions are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from brokers.credit.actions.appeals import note_overdue_appeal
from brokers.credit.actions.ledger import count_due, enter_evidence
from brokers.credit.queries.evidence import EVIDENCE
from brokers.credit.queries.records import overdue_appeals
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from market.values.dates import day_of


def enter(event: Event) -> None:
    enter_evidence(event)


def tell_overdue(now: datetime) -> None:
    """Appeals whose decision is late."""
    do_each("credit.overdue_appeals", overdue_appeals(day_of(now)), lambda it: note_overdue_appeal(it, now=now), now=now)


follow(Reader("credit.ledger", dict.fromkeys(EVIDENCE, enter)))
sweep(Sweep("credit.count", count_due))
sweep(Sweep("credit.overdue_appeals", tell_overdue, every=timedelta(minutes=10)))
