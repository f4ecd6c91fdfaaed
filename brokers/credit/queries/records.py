"""What does the page of a record and the officials' desk show?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from brokers.credit.models import Appeal, Record, Repair
from brokers.credit.rules.rating import Fact
from brokers.credit.rules.records import days_out
from brokers.credit.states import AppealState, RepairState


def fact_of(record: Record) -> Fact:
    """The record as the rating sees it, with what was entered about it."""
    return Fact(
        id=record.pk,
        rule=record.rule,
        points=record.points,
        starts=record.starts,
        full_until=record.full_until,
        ends=record.ends,
        party=record.party,
        is_examined=record.is_examined,
        out=days_out(record.entries.values_list("on", "pk", "act")),
    )


def names_around(appeal: Appeal) -> list[str]:
    """Every name that a published decision must not contain: the holder, its institution, the counterpart, who filed and entered."""
    record = appeal.record
    people = [appeal.filed_by, record.made_by, record.standing.broker.person if record.standing.broker else None]
    organisations = [
        record.standing.organisation,
        record.standing.broker.institution if record.standing.broker else None,
        record.counterpart,
    ]
    names = [name for each in organisations if each is not None for name in (each.name, each.name_en)]
    return [*names, *(person.name for person in people if person is not None), record.title]


_RECORD = ("record__standing__broker__person", "record__standing__broker__institution", "record__standing__organisation")


def open_appeals() -> QuerySet[Appeal]:
    """Those that wait for a decision, the most urgent first."""
    return Appeal.objects.filter(state=AppealState.FILED).select_related(*_RECORD).order_by("due_on", "pk")


def open_repairs() -> QuerySet[Repair]:
    """Those that wait for an answer, the longest waiting first."""
    return Repair.objects.filter(state=RepairState.ASKED).select_related(*_RECORD).order_by("asked_at", "pk")


def overdue_appeals(today: date) -> QuerySet[Appeal]:
    """Those whose decision is late and of which nobody was told yet."""
    return Appeal.objects.filter(state=AppealState.FILED, due_on__lt=today, overdue_at__isnull=True).order_by("pk")


def published_decisions() -> QuerySet[Appeal]:
    """The decided ones, the latest first."""
    decided = [AppealState.UPHELD, AppealState.DISMISSED]
    return Appeal.objects.filter(state__in=decided).select_related("record__standing").order_by("-decided_at", "-pk")
