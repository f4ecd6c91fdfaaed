"""Changing policy: rows are proposed by one official and decided by another; years of holidays are announced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from market.events.actions import record
from market.policy.kinds import KINDS
from market.policy.models import CalendarDay, HolidayYear, PolicyRow, Series
from market.policy.permissions import require_policy_official
from market.policy.rules import may_decide, may_propose
from market.policy.states import POLICY_ROW, PolicyRowEvent, PolicyRowState
from market.values.actor import Actor, Channel
from market.values.dates import day_of
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a new policy row is to say."""

    kind: str
    scope: str
    value: Decimal
    measure: str
    valid_from: date
    source: str
    confidence: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncedDay:
    """One day of a holiday announcement."""

    on: date
    name: str
    is_working: bool


@transaction.atomic
def propose_policy_row(terms: PolicyTerms, *, actor: Actor, now: datetime) -> PolicyRow:
    """A proposed row stands beside the one in force, waiting for a second official. Event: policy.proposed."""
    require_policy_official(actor)
    allowed = frozenset(measure.value for measure in KINDS[terms.kind].measures)
    require(
        may_propose(value=terms.value, measure=terms.measure, allowed=allowed, valid_from=terms.valid_from, today=day_of(now))
    )
    row = PolicyRow.objects.create(
        kind=terms.kind,
        scope=terms.scope,
        value=terms.value,
        measure=terms.measure,
        valid_from=terms.valid_from,
        source=terms.source,
        confidence=terms.confidence,
        reason=terms.reason,
        proposed_by_id=actor.person,
    )
    record(
        "policy.proposed",
        subject=f"policy:{row.pk}",
        actor=actor,
        now=now,
        kind=row.kind,
        scope=row.scope,
        value=str(terms.value),
        measure=row.measure,
        valid_from=row.valid_from.isoformat(),
    )
    return row


@transaction.atomic
def approve_policy_row(row: PolicyRow, *, actor: Actor, now: datetime) -> PolicyRow:
    """The row holds from its day on for whatever begins then. Event: policy.approved."""
    locked = _decide(row, PolicyRowEvent.APPROVE, actor=actor, now=now)
    record("policy.approved", subject=f"policy:{row.pk}", actor=actor, now=now, kind=row.kind)
    return locked


@transaction.atomic
def reject_policy_row(row: PolicyRow, *, reason: str, actor: Actor, now: datetime) -> PolicyRow:
    """The proposal is over, with a reason. Event: policy.rejected."""
    locked = _decide(row, PolicyRowEvent.REJECT, actor=actor, now=now)
    record("policy.rejected", subject=f"policy:{row.pk}", actor=actor, now=now, kind=row.kind, reason=reason)
    return locked


def _decide(row: PolicyRow, event: PolicyRowEvent, *, actor: Actor, now: datetime) -> PolicyRow:
    locked = PolicyRow.objects.select_for_update().get(pk=row.pk)
    move = POLICY_ROW.move(locked.state, event)
    require_policy_official(actor)
    if refusals := may_decide(proposed_by=locked.proposed_by_id, decides=actor.person):
        raise Forbidden(refusals)
    locked.decided_by_id = actor.person
    locked.decided_at = now
    _set_state(locked, move.to)
    return locked


def _set_state(row: PolicyRow, state: str) -> None:
    row.state = state
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_by", "decided_at"])
    except IntegrityError as error:
        raise Refused([Refusal("policy.same_day_row", field="valid_from")]) from error


@transaction.atomic
def announce_holidays(year: int, days: Iterable[AnnouncedDay], *, source: str, actor: Actor, now: datetime) -> HolidayYear:
    """The year's working days are known; readers of holidays.announced compute provisional dates again."""
    require_policy_official(actor)
    announced = tuple(days)
    if not announced:
        raise Refused([Refusal("policy.year_empty", field="days")])
    require(
        Refusal("policy.day_not_in_year", field="days", data={"day": day.on.isoformat(), "year": year})
        for day in announced
        if day.on.year != year
    )
    entry, created = HolidayYear.objects.get_or_create(year=year, defaults={"source": source})
    if not created:
        raise OutOfTurn([Refusal("policy.year_already_announced", data={"year": year})])
    CalendarDay.objects.bulk_create(
        CalendarDay(on=day.on, year=entry, name=day.name, is_working=day.is_working) for day in announced
    )
    record("holidays.announced", subject=f"holidays:{year}", actor=actor, now=now, year=year, source=source)
    return entry


def next_number(series: str) -> int:
    """The next number of an official series, given once. Must run inside the action's transaction, which keeps the row locked."""
    Series.objects.get_or_create(name=series)
    row = Series.objects.select_for_update().get(name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@transaction.atomic
def enter_first_row(terms: PolicyTerms, *, actor: Actor, now: datetime) -> bool:
    """The first row of a kind and scope is in force without a second official; False when there is one already.

    Only for the command that sets up an installation. Event: policy.entered.
    """
    if actor.channel is not Channel.COMMAND:
        raise Forbidden([Refusal("policy.officials_only")])
    if PolicyRow.objects.filter(kind=terms.kind, scope=terms.scope).exists():
        return False
    row = PolicyRow.objects.create(
        kind=terms.kind,
        scope=terms.scope,
        value=terms.value,
        measure=terms.measure,
        valid_from=terms.valid_from,
        source=terms.source,
        confidence=terms.confidence,
        state=PolicyRowState.APPROVED,
        decided_at=now,
    )
    record("policy.entered", subject=f"policy:{row.pk}", actor=actor, now=now, kind=row.kind, scope=row.scope)
    return True
