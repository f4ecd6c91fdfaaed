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
from market.policy.permissions import require_decider, require_policy_official
from market.policy.rules import AnnouncedDay, may_add_day, may_announce, may_begin, may_propose
from market.policy.states import POLICY_ROW, PolicyRowEvent, PolicyRowState
from market.values.actor import Actor, Channel
from market.values.dates import day_of
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require, text_given


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


@transaction.atomic
def propose_policy_row(terms: PolicyTerms, *, actor: Actor, now: datetime) -> PolicyRow:
    """A proposed row stands beside the one in force, waiting for a second official. Event: policy.proposed."""
    require_policy_official(actor)
    kind = KINDS[terms.kind]
    allowed = frozenset(measure.value for measure in kind.measures)
    refusals = may_propose(
        value=terms.value, measure=terms.measure, allowed=allowed, valid_from=terms.valid_from, today=day_of(now)
    )
    if terms.scope and terms.scope not in kind.scopes:
        refusals.append(Refusal("policy.scope_not_allowed", field="scope"))
    if not terms.source.strip():
        refusals.append(Refusal("policy.source_missing", field="source"))
    require(refusals)
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
        subject=row.subject,
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
    """The row holds from its day on for whatever begins then. Event: policy.approved.

    Refused once its day is over: what began since then has begun under another row.
    """
    locked = _decide(row, PolicyRowEvent.APPROVE, actor=actor, now=now)
    require(may_begin(valid_from=locked.valid_from, today=day_of(now)))
    record("policy.approved", subject=row.subject, actor=actor, now=now, kind=row.kind)
    return locked


@transaction.atomic
def reject_policy_row(row: PolicyRow, *, reason: str, actor: Actor, now: datetime) -> PolicyRow:
    """The proposal is over, with a reason. Event: policy.rejected."""
    given = text_given(reason, Refusal("policy.reason_missing", field="reason"))
    locked = _decide(row, PolicyRowEvent.REJECT, actor=actor, now=now)
    record("policy.rejected", subject=locked.subject, actor=actor, now=now, kind=locked.kind, reason=given)
    return locked


def _decide(row: PolicyRow, event: PolicyRowEvent, *, actor: Actor, now: datetime) -> PolicyRow:
    locked = PolicyRow.objects.select_for_update().get(pk=row.pk)
    move = POLICY_ROW.move(locked.state, event)
    require_decider(actor, locked)
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
    """The year's working days are known; readers of holidays.announced compute provisional dates again.

    One official suffices: what is entered is a copy of the State Council's public notice, and nothing that is over can change.
    """
    require_policy_official(actor)
    announced = tuple(days)
    refusals = may_announce(year, announced, today=day_of(now))
    if not source.strip():
        refusals.append(Refusal("policy.source_missing", field="source"))
    require(refusals)
    entry, created = HolidayYear.objects.get_or_create(year=year, defaults={"source": source.strip()})
    if not created:
        raise OutOfTurn([Refusal("policy.year_already_announced", field="year", data={"year": year})])
    CalendarDay.objects.bulk_create(
        CalendarDay(on=day.on, year=entry, name=day.name.strip(), is_working=day.is_working) for day in announced
    )
    record("holidays.announced", subject=entry.subject, actor=actor, now=now, year=year, source=entry.source)
    return entry


@transaction.atomic
def add_calendar_day(day: AnnouncedDay, *, source: str, actor: Actor, now: datetime) -> CalendarDay:
    """One more day off, or made up, in an announced year; readers of holidays.extended compute running dates again.

    Refused for a day that is over, and for one that is entered already.
    """
    require_policy_official(actor)
    year = HolidayYear.objects.select_for_update().filter(year=day.on.year).first()
    if year is None:
        raise Refused([Refusal("policy.year_not_announced", field="on", data={"year": day.on.year})])
    refusals = may_add_day(day, today=day_of(now), is_announced=CalendarDay.objects.filter(on=day.on).exists())
    if not source.strip():
        refusals.append(Refusal("policy.source_missing", field="source"))
    require(refusals)
    added = CalendarDay.objects.create(on=day.on, year=year, name=day.name.strip(), is_working=day.is_working)
    record(
        "holidays.extended",
        subject=year.subject,
        actor=actor,
        now=now,
        day=day.on.isoformat(),
        name=added.name,
        is_working=day.is_working,
        source=source.strip(),
    )
    return added


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
    record("policy.entered", subject=row.subject, actor=actor, now=now, kind=row.kind, scope=row.scope)
    return True
