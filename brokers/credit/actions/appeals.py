"""Contesting a record, deciding on it, and repairing what was made good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from brokers.credit.actions.ledger import count_again, enter_act
from brokers.credit.kinds import Act
from brokers.credit.models import Appeal, Record, Repair
from brokers.credit.permissions import require_decider, require_holder
from brokers.credit.queries.records import fact_of, names_around
from brokers.credit.rulebook import book
from brokers.credit.rules.advice import repair_from
from brokers.credit.rules.rating import Fact, weight_on
from brokers.credit.rules.records import may_repair, names_in
from brokers.credit.states import APPEAL, REPAIR, AppealEvent, AppealState, RepairEvent
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record as tell
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given


@transaction.atomic
def file_appeal(record: Record, *, grounds: str, evidence: Sequence[Document], actor: Actor, now: datetime) -> Appeal:
    """The record is out of the rating until the decision. Events: credit_appeal.filed, credit.grade_changed."""
    locked, today = _locked_record(record), day_of(now)
    require_holder(actor, locked.standing)
    _require_in_force(fact_of(locked), today)
    policy = policy_on("credit.appeal_period", today)
    due = deadline(today, policy.period, working_calendar(), policy_row=policy.id)
    appeal = Appeal(
        record=locked,
        grounds=text_given(grounds, Refusal("credit.text_missing", field="grounds")),
        filed_at=now,
        filed_by_id=person_of(actor),
        due_on=due.day,
        policy_row_id=policy.id,
    )
    try:
        with transaction.atomic():
            appeal.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("credit.appealed_already")]) from error
    appeal.evidence.set(evidence)
    _enter(appeal, Act.STAY, "", actor=actor, now=now)
    tell("credit_appeal.filed", subject=appeal.subject, actor=actor, now=now, due_on=due.day.isoformat(), record=locked.key)
    return appeal


@transaction.atomic
def uphold_appeal(appeal: Appeal, *, decision: str, published: str, actor: Actor, now: datetime) -> Appeal:
    """The record no longer counts; the decision is published without names. Events: credit_appeal.upheld, credit.grade_changed."""
    return _decide(appeal, AppealEvent.UPHOLD, Act.VOID, decision=decision, published=published, actor=actor, now=now)


@transaction.atomic
def dismiss_appeal(appeal: Appeal, *, decision: str, published: str, actor: Actor, now: datetime) -> Appeal:
    """The record counts again; the decision is published without names. Events: credit_appeal.dismissed, credit.grade_changed."""
    return _decide(appeal, AppealEvent.DISMISS, Act.RESUME, decision=decision, published=published, actor=actor, now=now)


def _decide(
    appeal: Appeal, event: AppealEvent, act: Act, *, decision: str, published: str, actor: Actor, now: datetime
) -> Appeal:
    locked = _locked(appeal)
    move = APPEAL.move(locked.state, event)
    require_decider(actor, locked.record)
    locked.decision = text_given(decision, Refusal("credit.text_missing", field="decision"))
    locked.published = text_given(published, Refusal("credit.text_missing", field="published"))
    require(names_in(locked.published, names_around(locked)))
    locked.decided_at, locked.decided_by_id = now, actor.person
    _set_appeal_state(locked, move.to, "decision", "published", "decided_at", "decided_by")
    _enter(locked, act, locked.decision, actor=actor, now=now)
    tell(f"credit_appeal.{move.to}", subject=locked.subject, actor=actor, now=now, record=locked.record.key)
    return locked


@transaction.atomic
def withdraw_appeal(appeal: Appeal, *, actor: Actor, now: datetime) -> Appeal:
    """The record counts again. Events: credit_appeal.withdrawn, credit.grade_changed."""
    locked = _locked(appeal)
    move = APPEAL.move(locked.state, AppealEvent.WITHDRAW)
    require_holder(actor, locked.record.standing)
    _set_appeal_state(locked, move.to)
    _enter(locked, Act.RESUME, "", actor=actor, now=now)
    tell("credit_appeal.withdrawn", subject=locked.subject, actor=actor, now=now, record=locked.record.key)
    return locked


@transaction.atomic
def note_overdue_appeal(appeal: Appeal, *, now: datetime) -> None:
    """The decision is late, and the officials are told, once; nothing happens when it was made meanwhile. Event: credit_appeal.overdue."""
    locked = _locked(appeal)
    if locked.state == AppealState.FILED and locked.overdue_at is None and locked.due_on < day_of(now):
        locked.overdue_at = now
        locked.save(update_fields=["overdue_at"])
        facts = {"due_on": locked.due_on.isoformat(), "record": locked.record.key}
        tell("credit_appeal.overdue", subject=locked.subject, actor=CLOCK, now=now, **facts)


@transaction.atomic
def ask_for_repair(
    record: Record, *, statement: str, promises: bool, evidence: Sequence[Document], actor: Actor, now: datetime
) -> Repair:
    """An official is asked to end a record whose cause was made good. Event: credit_repair.asked."""
    locked, today = _locked_record(record), day_of(now)
    require_holder(actor, locked.standing)
    fact = fact_of(locked)
    from_day = repair_from(fact, book().on(locked.starts))
    _require_in_force(fact, today)
    require(may_repair(is_bad=locked.is_bad, repair_from=from_day, today=today))
    if not promises:
        raise Refused([Refusal("credit.promise_missing", field="promises")])
    repair = Repair(
        record=locked,
        statement=text_given(statement, Refusal("credit.text_missing", field="statement")),
        asked_at=now,
        asked_by_id=person_of(actor),
    )
    try:
        with transaction.atomic():
            repair.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("credit.repair_asked")]) from error
    repair.evidence.set(evidence)
    tell("credit_repair.asked", subject=repair.subject, actor=actor, now=now, record=locked.key)
    return repair


@transaction.atomic
def grant_repair(repair: Repair, *, answer: str, actor: Actor, now: datetime) -> Repair:
    """The record no longer counts. Events: credit_repair.granted, credit.grade_changed."""
    locked = _answered(repair, RepairEvent.GRANT, answer, actor=actor, now=now)
    enter_act(locked.record, Act.REPAIR, reason=locked.answer, by=actor.person, now=now)
    count_again(locked.record.standing, now=now)
    tell("credit_repair.granted", subject=locked.subject, actor=actor, now=now, record=locked.record.key)
    return locked


@transaction.atomic
def decline_repair(repair: Repair, *, answer: str, actor: Actor, now: datetime) -> Repair:
    """The record counts on; the holder may ask again. Event: credit_repair.declined."""
    locked = _answered(repair, RepairEvent.DECLINE, answer, actor=actor, now=now)
    facts = {"record": locked.record.key, "answer": locked.answer}
    tell("credit_repair.declined", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


def _answered(repair: Repair, event: RepairEvent, answer: str, *, actor: Actor, now: datetime) -> Repair:
    locked = Repair.objects.select_for_update(of=("self",)).get(pk=repair.pk)
    locked.record = _locked_record(locked.record)
    move = REPAIR.move(locked.state, event)
    require_decider(actor, locked.record)
    locked.answer = text_given(answer, Refusal("credit.text_missing", field="answer"))
    locked.decided_at, locked.decided_by_id = now, actor.person
    _set_repair_state(locked, move.to, "answer", "decided_at", "decided_by")
    return locked


def _enter(appeal: Appeal, act: Act, reason: str, *, actor: Actor, now: datetime) -> None:
    enter_act(appeal.record, act, reason=reason, by=actor.person, now=now)
    count_again(appeal.record.standing, now=now)


def _require_in_force(fact: Fact, today: date) -> None:
    if not weight_on(fact, today):
        raise OutOfTurn([Refusal("credit.not_in_force")])


def _locked_record(record: Record) -> Record:
    """The ledger's rows are never changed: what is locked is the standing, for all of its records together."""
    row = Record.objects.select_related("standing__broker__institution", "standing__organisation", "counterpart").get(
        pk=record.pk
    )
    type(row.standing).objects.select_for_update().get(pk=row.standing_id)
    return row


def _locked(appeal: Appeal) -> Appeal:
    record = _locked_record(appeal.record)
    locked = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    locked.record = record
    return locked


def _set_appeal_state(appeal: Appeal, state: str, *fields: str) -> None:
    appeal.state = state
    appeal.save(update_fields=["state", *fields])


def _set_repair_state(repair: Repair, state: str, *fields: str) -> None:
    repair.state = state
    repair.save(update_fields=["state", *fields])
