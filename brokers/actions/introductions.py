"""Introductions: stated by the broker, confirmed by both, or decided by a supervisor."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from brokers.models import Engagement, Introduction
from brokers.permissions import require_bearer, require_introduction_mover, require_may_introduce
from brokers.rules import may_bear, may_introduce
from brokers.states import INTRODUCTION, IntroductionEvent, IntroductionState
from market.accounts.models import Organisation
from market.events.actions import record
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, require, text_given


@transaction.atomic
def state_introduction(
    engagement: Engagement, introduced: Organisation, *, introduced_on: date, account: str, actor: Actor, now: datetime
) -> Introduction:
    """The two who were brought together are asked to confirm it. Event: introduction.stated."""
    locked = Engagement.objects.select_for_update(of=("self",)).select_related("broker").get(pk=engagement.pk)
    require_may_introduce(actor, locked)
    signed_on = None if locked.signed_at is None else day_of(locked.signed_at)
    is_principal = introduced.pk == locked.principal_id
    require(may_introduce(is_principal=is_principal, introduced_on=introduced_on, signed_on=signed_on, today=day_of(now)))
    try:
        with transaction.atomic():
            introduction = Introduction.objects.create(
                engagement=locked, introduced=introduced, introduced_on=introduced_on, account=account, stated_at=now
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("brokers.introduced_before")]) from error
    facts = {"engagement": locked.key, "introduced_on": introduced_on.isoformat(), "account": account}
    record("introduction.stated", subject=introduction.subject, actor=actor, now=now, **facts)
    return introduction


@transaction.atomic
def confirm_introduction(introduction: Introduction, *, actor: Actor, now: datetime) -> Introduction:
    """One side says that it was so; when both have, it counts. Events: introduction.half_confirmed, introduction.confirmed."""
    locked = _locked(introduction)
    move = INTRODUCTION.move(locked.state, IntroductionEvent.CONFIRM)
    require_introduction_mover(actor, locked, move.by)
    locked.heard_id = actor.organisation
    locked.save(update_fields=["heard"])
    _set_state(locked, move.to)
    is_whole = move.to == IntroductionState.CONFIRMED
    name = "introduction.confirmed" if is_whole else "introduction.half_confirmed"
    record(name, subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def agree_to_bear(introduction: Introduction, *, actor: Actor, now: datetime) -> Introduction:
    """Of a deal between the two the introduced pays that part of the commission which the mandate leaves to it.

    Event: introduction.bearing_agreed.
    """
    locked = _locked(introduction)
    require_bearer(actor, locked)
    require(may_bear(principal_share=locked.engagement.principal_share, bears=locked.bears_since is not None))
    locked.bears_since = now
    locked.save(update_fields=["bears_since"])
    record("introduction.bearing_agreed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def object_to_introduction(introduction: Introduction, *, objection: str, actor: Actor, now: datetime) -> Introduction:
    """A supervisor is asked whether it counts. Event: introduction.objected."""
    locked = _locked(introduction)
    move = INTRODUCTION.move(locked.state, IntroductionEvent.OBJECT)
    require_introduction_mover(actor, locked, move.by)
    locked.objection = text_given(objection, Refusal("brokers.objection_missing", field="reason"))
    locked.objected_by_id = actor.organisation
    locked.save(update_fields=["objection", "objected_by"])
    _set_state(locked, move.to)
    record("introduction.objected", subject=locked.subject, actor=actor, now=now, objection=locked.objection)
    return locked


@transaction.atomic
def decide_introduction(introduction: Introduction, *, counts: bool, grounds: str, actor: Actor, now: datetime) -> Introduction:
    """The introduction counts, or it does not; whoever it names can then be named again. Event: introduction.decided."""
    locked = _locked(introduction)
    move = INTRODUCTION.move(locked.state, IntroductionEvent.DISMISS if counts else IntroductionEvent.UPHOLD)
    require_introduction_mover(actor, locked, move.by)
    locked.decision = text_given(grounds, Refusal("brokers.reason_missing", field="grounds"))
    locked.save(update_fields=["decision"])
    _set_state(locked, move.to)
    record("introduction.decided", subject=locked.subject, actor=actor, now=now, counts=counts, decision=locked.decision)
    return locked


def _locked(introduction: Introduction) -> Introduction:
    found = Introduction.objects.select_for_update(of=("self",))
    return found.select_related("introduced", "engagement__broker", "engagement__principal").get(pk=introduction.pk)


def _set_state(introduction: Introduction, state: str) -> None:
    introduction.state = state
    introduction.save(update_fields=["state"])
