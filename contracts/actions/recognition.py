"""Applying for recognition, deciding on it, and ending a registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from contracts.models import Application, Registration, TechnologyContract
from contracts.permissions import require_application_mover, require_no_case, require_registrar, require_seller
from contracts.queries import due_of, facts_of, price_of
from contracts.rules import (
    Values,
    may_apply,
    may_recognise,
    may_return,
    needs_experts,
    registration_number,
    rule_set_on,
    technology_value,
)
from contracts.states import (
    APPLICATION,
    OPEN_APPLICATION,
    REGISTRATION,
    ApplicationEvent,
    ContractState,
    RegistrationEvent,
)
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.policy.actions import next_number
from market.policy.queries import NoPolicy, policy_on, working_calendar
from market.policy.rules import Policy, deadline
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require


@transaction.atomic
def apply_for_recognition(
    contract: TechnologyContract, *, documents: Sequence[Document], actor: Actor, now: datetime
) -> Application:
    """The registry has the application and a day to decide by. Event: application.submitted.

    The rule set is that of today and stays with the case. Refused before both sides agreed, without the contract's text,
    while another application is open, and once registered.
    """
    locked = TechnologyContract.objects.select_for_update(of=("self",)).select_related("seller").get(pk=contract.pk)
    require_seller(actor, locked)
    require(may_apply(facts_of(locked), today=day_of(now), is_agreed=locked.state == ContractState.AGREED))
    if not documents:
        raise Refused([Refusal("contracts.text_missing", field="documents")])
    require_no_case(locked)
    application = _application(locked, technology_value(price_of(locked)), actor=actor, now=now)
    application.documents.set(documents)
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
    rule_set = rule_set_on(today)
    with_experts = needs_experts(values.technology_value, _policy_or_none("contract.expert_review_from", rule_set, now))
    kind = "contract.expert_decision_period" if with_experts else "contract.decision_period"
    policy = policy_on(kind, today, scope=rule_set)
    due = deadline(today, policy.period, working_calendar(), policy_row=policy.id)
    try:
        with transaction.atomic():
            return Application.objects.create(
                contract=contract,
                rule_set=rule_set,
                contract_value_fen=values.contract_value.fen,
                technology_value_fen=values.technology_value.fen,
                needs_experts=with_experts,
                submitted_at=now,
                submitted_by_id=person_of(actor),
                due_on=due.day,
                is_due_provisional=due.provisional,
                policy_row_id=policy.id,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("contracts.application_open")]) from error


def _policy_or_none(kind: str, scope: str, now: datetime) -> Policy | None:
    try:
        return policy_on(kind, day_of(now), scope=scope)
    except NoPolicy:
        return None


@transaction.atomic
def recognise_contract(application: Application, *, technology_value: Money, actor: Actor, now: datetime) -> Registration:
    """The contract stands in the register under a number of its own, for these values.

    The registrar may correct the technology value. Events: application.recognised, registration.made, contract.recognised.
    """
    locked = _decide(application, ApplicationEvent.RECOGNISE, "", "", actor=actor, now=now)
    contract = locked.contract
    require(may_recognise(contract_value=Money(locked.contract_value_fen), technology_value=technology_value))
    year = day_of(now).year
    code = settings.REGISTRY_CODE
    registration = Registration.objects.create(
        number=registration_number(year, code, next_number(f"registration:{code}:{year}")),
        contract=contract,
        application=locked,
        kind=contract.kind,
        contract_value_fen=locked.contract_value_fen,
        technology_value_fen=technology_value.fen,
        registry_code=code,
        registered_at=now,
        registered_by_id=person_of(actor),
    )
    record("application.recognised", subject=locked.subject, actor=actor, now=now, number=registration.number)
    facts = {
        "number": registration.number,
        "contract": contract.key,
        "deal": contract.deal.key,
        "contract_value_fen": registration.contract_value_fen,
        "technology_value_fen": registration.technology_value_fen,
    }
    record("registration.made", subject=registration.subject, actor=actor, now=now, **facts)
    record("contract.recognised", subject=contract.subject, actor=actor, now=now, **facts)
    return registration


@transaction.atomic
def return_application(application: Application, *, reason: str, actor: Actor, now: datetime) -> Application:
    """The seller must correct what the reason says; once only. Event: application.returned."""
    locked = _decide(application, ApplicationEvent.RETURN, "", _given(reason), actor=actor, now=now)
    require(may_return(times_returned=locked.times_returned))
    locked.times_returned += 1
    locked.save(update_fields=["times_returned"])
    record("application.returned", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def resubmit_application(application: Application, *, documents: Sequence[Document], actor: Actor, now: datetime) -> Application:
    """The correction is with the registry, and its time begins anew. Event: application.resubmitted.

    The day by which it is asked for is the market's own: no source lets an application lapse with it, so a later one is taken.
    Source: draft measures of 2026 art. 14: the time restarts with the supplement (low).
    """
    locked = _locked(application)
    move = APPLICATION.move(locked.state, ApplicationEvent.RESUBMIT)
    require_application_mover(actor, locked, move.by)
    if not documents:
        raise Refused([Refusal("contracts.text_missing", field="documents")])
    locked.documents.set(documents)
    locked.submitted_at = now
    due = due_of(locked)
    locked.due_on, locked.is_due_provisional = due.day, due.provisional
    _set_state(locked, move.to, "submitted_at", "due_on", "is_due_provisional")
    record("application.resubmitted", subject=locked.subject, actor=actor, now=now, due_on=locked.due_on.isoformat())
    return locked


@transaction.atomic
def refuse_application(application: Application, *, code: str, reason: str, actor: Actor, now: datetime) -> Application:
    """The contract is not recognised, for this reason. Event: application.refused."""
    locked = _decide(application, ApplicationEvent.REFUSE, code, _given(reason), actor=actor, now=now)
    record("application.refused", subject=locked.subject, actor=actor, now=now, code=code, reason=locked.reason)
    return locked


@transaction.atomic
def withdraw_application(application: Application, *, actor: Actor, now: datetime) -> Application:
    """The seller takes the application back. Event: application.withdrawn."""
    locked = _locked(application)
    move = APPLICATION.move(locked.state, ApplicationEvent.WITHDRAW)
    require_application_mover(actor, locked, move.by)
    _set_state(locked, move.to)
    record("application.withdrawn", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def revoke_registration(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> Registration:
    """The registration was obtained wrongly and no longer holds; its number stays used. Event: registration.revoked."""
    return _end(registration, RegistrationEvent.REVOKE, "registration.revoked", reason=reason, actor=actor, now=now)


@transaction.atomic
def cancel_registration(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> Registration:
    """The contract has ended, and with it the registration. Event: registration.cancelled."""
    return _end(registration, RegistrationEvent.CANCEL, "registration.cancelled", reason=reason, actor=actor, now=now)


def _end(
    registration: Registration, event: RegistrationEvent, name: str, *, reason: str, actor: Actor, now: datetime
) -> Registration:
    locked = Registration.objects.select_for_update(of=("self",)).select_related("contract__deal").get(pk=registration.pk)
    move = REGISTRATION.move(locked.state, event)
    require_registrar(actor, locked.contract)
    locked.reason = _given(reason)
    locked.ended_at = now
    _set_registration_state(locked, move.to)
    record(
        name,
        subject=locked.subject,
        actor=actor,
        now=now,
        number=locked.number,
        contract=locked.contract.key,
        deal=locked.contract.deal.key,
        reason=locked.reason,
    )
    return locked


@transaction.atomic
def compute_due_again(application: Application, *, now: datetime) -> None:
    """The day of decision is counted over the calendar as it is now, under the row it began under.

    Event: application.due_changed when the day moved, application.due_confirmed when a provisional day became final.
    """
    locked = _locked(application)
    if locked.state not in OPEN_APPLICATION:
        return
    due = due_of(locked)
    before, was_provisional = locked.due_on, locked.is_due_provisional
    locked.due_on, locked.is_due_provisional = due.day, due.provisional
    locked.save(update_fields=["due_on", "is_due_provisional"])
    facts = {"due_on": due.day.isoformat(), "before": before.isoformat()}
    if due.day != before:
        record("application.due_changed", subject=locked.subject, actor=CLOCK, now=now, **facts)
    elif was_provisional and not due.provisional:
        record("application.due_confirmed", subject=locked.subject, actor=CLOCK, now=now, **facts)


def _decide(
    application: Application, event: ApplicationEvent, code: str, reason: str, *, actor: Actor, now: datetime
) -> Application:
    locked = _locked(application)
    move = APPLICATION.move(locked.state, event)
    require_application_mover(actor, locked, move.by)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    locked.reason_code = code
    locked.reason = reason
    _set_state(locked, move.to, "decided_at", "decided_by", "reason_code", "reason")
    return locked


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("contract__deal", "contract__seller", "contract__buyer")
        .get(pk=application.pk)
    )


def _set_state(application: Application, state: str, *fields: str) -> None:
    application.state = state
    application.save(update_fields=["state", *fields])


def _set_registration_state(registration: Registration, state: str) -> None:
    registration.state = state
    registration.save(update_fields=["state", "reason", "ended_at"])


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused([Refusal("contracts.reason_missing", field="reason")])
    return reason.strip()
