"""Applying for recognition, correcting and withdrawing the application, and counting its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from contracts.actions.radar import raise_flags
from contracts.models import Application, TechnologyContract
from contracts.permissions import require_applicant, require_application_mover, require_no_case
from contracts.queries.applications import due_of, policy_or_none, registry_policy
from contracts.queries.contracts import facts_of, price_of
from contracts.rule_sets import rule_set_for, rule_sets
from contracts.rules.amounts import Values, technology_value
from contracts.rules.deciding import away_span, registry_region
from contracts.rules.recognition import may_apply, needs_experts
from contracts.states import APPLICATION, OPEN_APPLICATION, ApplicationEvent, ContractState
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused, require

_CLOCK = ("counted_from", "away_from", "away_until", "due_on", "is_due_provisional")


@transaction.atomic
def apply_for_recognition(
    contract: TechnologyContract, *, documents: Sequence[Document], actor: Actor, now: datetime
) -> Application:
    """The registry has the application and a day to decide by. Event: application.submitted.

    The rule set is that of today and stays with the case. Refused before both sides agreed, without the contract's text,
    while another application is open, and once registered.
    """
    locked = TechnologyContract.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=contract.pk)
    require_applicant(actor, locked)
    require(may_apply(facts_of(locked), today=day_of(now), is_agreed=locked.state == ContractState.AGREED))
    if not documents:
        raise Refused([Refusal("contracts.text_missing", field="documents")])
    require_no_case(locked)
    application = _application(locked, technology_value(price_of(locked)), actor=actor, now=now)
    application.documents.set(documents)
    raise_flags(application)
    record(
        "application.submitted",
        subject=application.subject,
        actor=actor,
        now=now,
        contract=locked.key,
        rule_set=application.rule_set,
        due_on=application.due_on.isoformat(),
    )
    return application


def _application(contract: TechnologyContract, values: Values, *, actor: Actor, now: datetime) -> Application:
    today = day_of(now)
    rule_set = rule_set_for(today).id
    with_experts = needs_experts(values.technology_value, policy_or_none("contract.expert_review_from", today, scope=rule_set))
    kind = "contract.expert_decision_period" if with_experts else "contract.decision_period"
    policy = registry_policy(kind, today, rule_set=rule_set)
    due = deadline(today, policy.period, working_calendar(), policy_row=policy.id)
    try:
        with transaction.atomic():
            return Application.objects.create(
                contract=contract,
                rule_set=rule_set,
                contract_value_fen=values.contract_value.fen,
                technology_value_fen=values.technology_value.fen,
                needs_experts=with_experts,
                region=registry_region(contract.applied.region, settings.REGISTRY_CODE),
                submitted_at=now,
                submitted_by_id=person_of(actor),
                counted_from=today,
                due_on=due.day,
                is_due_provisional=due.provisional,
                policy_row_id=policy.id,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.application_open")]) from error


@transaction.atomic
def resubmit_application(application: Application, *, documents: Sequence[Document], actor: Actor, now: datetime) -> Application:
    """The correction is with the registry. Event: application.resubmitted.

    Its time begins anew where the rule set says so; otherwise it runs on, without the days the application was away.
    The day by which the correction is asked for is the market's own: no source lets an application lapse with it, so a later
    one is taken.
    Source: draft measures of 2026 art. 14: the time restarts with the supplement (low).
    """
    locked = lock_application(application)
    move = APPLICATION.move(locked.state, ApplicationEvent.RESUBMIT)
    require_application_mover(actor, locked, move.by)
    if not documents:
        raise Refused([Refusal("contracts.text_missing", field="documents")])
    locked.documents.set(documents)
    _count_on(locked, now=now)
    values = technology_value(price_of(locked.contract))
    locked.contract_value_fen, locked.technology_value_fen = values.contract_value.fen, values.technology_value.fen
    locked.submitted_at, locked.submitted_by_id = now, person_of(actor)
    locked.decided_at = locked.decided_by = None
    fields = ("contract_value_fen", "technology_value_fen", "submitted_at", "submitted_by", "decided_at", "decided_by")
    set_application_state(locked, move.to, *fields, *_CLOCK)
    raise_flags(locked)
    record("application.resubmitted", subject=locked.subject, actor=actor, now=now, due_on=locked.due_on.isoformat())
    return locked


def _count_on(application: Application, *, now: datetime) -> None:
    """The (unsaved) clock of an application that comes back today."""
    today = day_of(now)
    if rule_sets()[application.rule_set].restarts_on_supplement:
        application.counted_from = today
    elif application.decided_at and (away := away_span(day_of(application.decided_at), today)):
        application.away_from, application.away_until = away.first, away.last
    due = due_of(application)
    application.due_on, application.is_due_provisional = due.day, due.provisional


@transaction.atomic
def withdraw_application(application: Application, *, actor: Actor, now: datetime) -> Application:
    """The seller takes the application back. Event: application.withdrawn."""
    locked = lock_application(application)
    move = APPLICATION.move(locked.state, ApplicationEvent.WITHDRAW)
    require_application_mover(actor, locked, move.by)
    set_application_state(locked, move.to)
    record("application.withdrawn", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def compute_due_again(application: Application, *, now: datetime) -> None:
    """The day of decision is counted over the calendar as it is now, under the row it began under.

    Event: application.due_changed when the day moved, application.due_confirmed when a provisional day became final.
    """
    locked = lock_application(application)
    if locked.state not in OPEN_APPLICATION:
        return
    before, was_provisional = locked.due_on, locked.is_due_provisional
    count_again(locked)
    facts = {"due_on": locked.due_on.isoformat(), "before": before.isoformat()}
    if locked.due_on != before:
        record("application.due_changed", subject=locked.subject, actor=CLOCK, now=now, **facts)
    elif was_provisional and not locked.is_due_provisional:
        record("application.due_confirmed", subject=locked.subject, actor=CLOCK, now=now, **facts)


def count_again(application: Application) -> None:
    """The day of decision of a locked application is what its clock gives now."""
    due = due_of(application)
    application.due_on, application.is_due_provisional = due.day, due.provisional
    application.save(update_fields=["due_on", "is_due_provisional"])


def lock_application(application: Application) -> Application:
    """The application, locked for this transaction, with its contract and parties."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("contract__deal", "contract__seller", "contract__buyer", "contract__applicant")
        .get(pk=application.pk)
    )


def set_application_state(application: Application, state: str, *fields: str) -> None:
    """The application is in this state, and these of its fields are stored with it."""
    application.state = state
    application.save(update_fields=["state", *fields])
