"""Asking experts for their opinion on an application, and keeping what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from contracts.actions.recognition import count_again, lock_application
from contracts.models import Application, Opinion
from contracts.permissions import may_give_opinion, require_expert, require_registrar
from contracts.queries.applications import policy_or_none, registry_policy
from contracts.queries.experts import people_concerned
from contracts.rule_sets import rule_sets
from contracts.rules.deciding import may_be_expert, may_give
from contracts.states import ApplicationState
from market.accounts.models import Person
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import working_calendar
from market.policy.rules import deadline
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require, text_given


@transaction.atomic
def ask_expert(
    application: Application, *, expert: str, workplace: str, question: str, email: str = "", actor: Actor, now: datetime
) -> Opinion:
    """An expert of neither side is asked, with a time to answer in. Event: application.expert_asked.

    With the address of an account the expert reads the contract and writes the opinion there. Where the rule set says so the
    registry's clock stands still meanwhile; where it has a longer time for cases with experts, the case has it from now on.
    Refused for whoever stands on a side.
    """
    locked = lock_application(application)
    if locked.state != ApplicationState.SUBMITTED:
        raise OutOfTurn([Refusal("contracts.not_under_examination")])
    require_registrar(actor, locked.contract)
    people, parties = people_concerned(locked)
    require(may_be_expert(expert, workplace, people=people, parties=parties))
    person = _account(email, locked) if email else None
    policy = registry_policy("contract.expert_opinion_period", day_of(now), rule_set=locked.rule_set)
    due = deadline(day_of(now), policy.period, working_calendar(), policy_row=policy.id)
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(
                application=locked,
                expert=text_given(expert, Refusal("contracts.reason_missing", field="expert")),
                workplace=workplace.strip(),
                person=person,
                question=text_given(question, Refusal("contracts.reason_missing", field="question")),
                asked_at=now,
                asked_by_id=person_of(actor),
                due_on=due.day,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.expert_asked_before", field="expert")]) from error
    _take_longer_time(locked, now=now)
    count_again(locked)
    facts = {"due_on": due.day.isoformat(), "decision_by": locked.due_on.isoformat()}
    record("application.expert_asked", subject=locked.subject, actor=actor, now=now, opinion=opinion.key, **facts)
    return opinion


def _account(email: str, application: Application) -> Person:
    """The account with this address, of somebody who has nothing to do with the case."""
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Refused([Refusal("contracts.expert_unknown", field="email")])
    if not may_give_opinion(person, application):
        raise Refused([Refusal("contracts.expert_concerned", field="email")])
    return person


def _take_longer_time(application: Application, *, now: datetime) -> None:
    """The (unsaved) application has the time of cases with experts, where its rule set knows one."""
    policy = policy_or_none("contract.expert_decision_period", day_of(now), scope=application.rule_set)
    if policy is None or application.needs_experts or rule_sets()[application.rule_set].stands_still_for_experts:
        return
    application.needs_experts = True
    application.policy_row_id = policy.id
    application.save(update_fields=["needs_experts", "policy_row"])


@transaction.atomic
def enter_opinion(
    opinion: Opinion, *, verdict: str, text: str, documents: Sequence[Document], actor: Actor, now: datetime
) -> Opinion:
    """What an expert without an account says is kept with the case by a registrar. Event: application.expert_heard."""
    application = lock_application(opinion.application)
    require_registrar(actor, application.contract)
    if opinion.person_id is not None:
        raise Forbidden([Refusal("contracts.expert_writes")])
    return _keep(opinion, application, verdict=verdict, text=text, documents=documents, actor=actor, now=now)


@transaction.atomic
def give_opinion(
    opinion: Opinion, *, verdict: str, text: str, documents: Sequence[Document], is_free: bool, actor: Actor, now: datetime
) -> Opinion:
    """The expert's own opinion is kept with the case, or that the expert has an interest in it and gives none.

    Refused unless the expert declares to have no interest, or gives none. Event: application.expert_heard.
    """
    require_expert(actor, opinion)
    application = lock_application(opinion.application)
    require(may_give(verdict, is_free=is_free))
    return _keep(opinion, application, verdict=verdict, text=text, documents=documents, actor=actor, now=now)


def _keep(
    opinion: Opinion,
    application: Application,
    *,
    verdict: str,
    text: str,
    documents: Sequence[Document],
    actor: Actor,
    now: datetime,
) -> Opinion:
    if application.state != ApplicationState.SUBMITTED:
        raise OutOfTurn([Refusal("contracts.not_under_examination")])
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if locked.given_at is not None:
        raise OutOfTurn([Refusal("contracts.opinion_given_before")])
    locked.text = text_given(text, Refusal("contracts.opinion_missing", field="text"))
    locked.verdict = verdict
    locked.given_at, locked.entered_by_id = now, person_of(actor)
    locked.save(update_fields=["text", "verdict", "given_at", "entered_by"])
    locked.documents.set(documents)
    count_again(application)
    facts = {"verdict": verdict, "decision_by": application.due_on.isoformat(), "opinion": locked.key}
    record("application.expert_heard", subject=application.subject, actor=actor, now=now, **facts)
    return locked
