"""Appealing against a refused recognition, and deciding the appeal."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from contracts.actions.decisions import clear_proposal, given
from contracts.actions.recognition import lock_application, set_application_state
from contracts.models import Appeal, Application
from contracts.permissions import require_application_mover
from contracts.queries.applications import registry_policy
from contracts.rules.recognition import may_appeal
from contracts.states import APPLICATION, ApplicationEvent
from market.accounts.permissions import person_of
from market.events.actions import record
from market.policy.queries import working_calendar
from market.policy.rules import deadline
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, require


@transaction.atomic
def appeal_refusal(application: Application, *, grounds: str, actor: Actor, now: datetime) -> Appeal:
    """The supervisor has the appeal; the refusal stands until it is decided. Event: application.appealed."""
    locked = lock_application(application)
    move = APPLICATION.move(locked.state, ApplicationEvent.APPEAL)
    require_application_mover(actor, locked, move.by)
    assert locked.decided_at is not None
    policy = registry_policy("contract.appeal_period", day_of(locked.decided_at), rule_set=locked.rule_set)
    last = deadline(day_of(locked.decided_at), policy.period, working_calendar(), policy_row=policy.id).day
    require(may_appeal(today=day_of(now), last=last))
    try:
        with transaction.atomic():
            set_application_state(locked, move.to)
    except IntegrityError as error:
        # Another application for the same contract has been made since.
        raise OutOfTurn([Refusal("contracts.application_open")]) from error
    appeal = Appeal.objects.create(application=locked, grounds=given(grounds), filed_at=now, filed_by_id=person_of(actor))
    record("application.appealed", subject=locked.subject, actor=actor, now=now)
    return appeal


@transaction.atomic
def uphold_refusal(application: Application, *, answer: str, actor: Actor, now: datetime) -> Application:
    """The refusal stays, for good. Event: application.upheld."""
    locked, state = _decided(application, ApplicationEvent.UPHOLD, answer, actor=actor, now=now)
    set_application_state(locked, state)
    record("application.upheld", subject=locked.subject, actor=actor, now=now, answer=answer.strip())
    return locked


@transaction.atomic
def reopen_application(application: Application, *, answer: str, actor: Actor, now: datetime) -> Application:
    """The appeal is right: the registry examines again, and its time begins anew. Event: application.reopened."""
    locked, state = _decided(application, ApplicationEvent.REOPEN, answer, actor=actor, now=now)
    clear_proposal(locked)
    locked.decided_at = locked.decided_by = None
    locked.reason_code = ""
    locked.counted_from, locked.away_from, locked.away_until = day_of(now), None, None
    policy = locked.policy_row
    period = registry_policy(policy.kind, day_of(now), rule_set=locked.rule_set)
    due = deadline(day_of(now), period.period, working_calendar(), policy_row=period.id)
    locked.policy_row_id, locked.due_on, locked.is_due_provisional = period.id, due.day, due.provisional
    locked.save()
    set_application_state(locked, state)
    record("application.reopened", subject=locked.subject, actor=actor, now=now, due_on=due.day.isoformat())
    return locked


def _decided(
    application: Application, event: ApplicationEvent, answer: str, *, actor: Actor, now: datetime
) -> tuple[Application, str]:
    locked = lock_application(application)
    move = APPLICATION.move(locked.state, event)
    require_application_mover(actor, locked, move.by)
    appeal = locked.appeals.select_for_update().get(decided_at__isnull=True)
    appeal.answer = given(answer)
    appeal.decided_at, appeal.decided_by_id = now, person_of(actor)
    appeal.save(update_fields=["answer", "decided_at", "decided_by"])
    return locked, move.to
