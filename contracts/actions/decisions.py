"""Deciding on applications: examination, a second registrar, return, refusal, and many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from contracts.actions.recognition import lock_application, set_application_state
from contracts.form_kinds import Proposal
from contracts.models import Application, Reading, Registration
from contracts.permissions import require_application_mover
from contracts.queries.applications import policy_or_none
from contracts.queries.experts import hearing_of
from contracts.rules.amounts import may_correct
from contracts.rules.deciding import may_decide, needs_second
from contracts.rules.recognition import may_recognise, may_return, registration_number
from contracts.states import APPLICATION, ApplicationEvent, ApplicationState
from market.accounts.permissions import person_of
from market.events.actions import record
from market.policy.actions import next_number
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given


@transaction.atomic
def propose_decision(
    application: Application, *, proposal: str, value: Money, code: str = "", reason: str = "", actor: Actor, now: datetime
) -> Application:
    """The first registrar has examined it and proposes this to a second. Event: application.examined.

    `value` is the technology transaction value; another than applied for, and a refusal, need the reason.
    """
    locked, move = _moved(application, ApplicationEvent.PROPOSE, actor=actor)
    _require_examined(locked, now=now)
    text = given(reason) if proposal == Proposal.REFUSE else reason.strip()
    if proposal == Proposal.RECOGNISE:
        _require_value(locked, value, reason=text)
    locked.proposal = proposal
    locked.proposed_value_fen = value.fen if proposal == Proposal.RECOGNISE else None
    locked.proposed_at, locked.proposed_by_id = now, person_of(actor)
    locked.reason_code = code if proposal == Proposal.REFUSE else ""
    locked.reason = text if proposal == Proposal.REFUSE else locked.reason
    locked.correction_reason = text if proposal == Proposal.RECOGNISE else ""
    set_application_state(locked, move, *_PROPOSAL, "reason_code", "reason")
    record("application.examined", subject=locked.subject, actor=actor, now=now, proposal=proposal)
    return locked


@transaction.atomic
def send_back_application(application: Application, *, reason: str, actor: Actor, now: datetime) -> Application:
    """The second registrar does not agree: it is examined again. Event: application.sent_back."""
    locked, move = _moved(application, ApplicationEvent.SEND_BACK, actor=actor)
    reason = given(reason)
    clear_proposal(locked)
    set_application_state(locked, move, *_PROPOSAL)
    record("application.sent_back", subject=locked.subject, actor=actor, now=now, reason=reason)
    return locked


@transaction.atomic
def recognise_contract(
    application: Application, *, technology_value: Money, reason: str = "", actor: Actor, now: datetime
) -> Registration:
    """The contract stands in the register under a number of its own, for these values.

    The registrar may correct the technology value, with a reason. From the amount of the policy row on, a second registrar
    confirms what the first proposed, and nothing else. Events: application.recognised, registration.made, contract.recognised.
    """
    was_examined = lock_application(application).state == ApplicationState.EXAMINED
    locked = _decide(application, ApplicationEvent.RECOGNISE, "", "", actor=actor, now=now)
    if was_examined:
        if locked.proposal != Proposal.RECOGNISE or locked.proposed_value_fen != technology_value.fen:
            raise OutOfTurn([Refusal("contracts.other_than_proposed")])
    else:
        _require_value(locked, technology_value, reason=reason)
        _require_alone(locked, technology_value, now=now)
        locked.correction_reason = reason.strip()
        locked.save(update_fields=["correction_reason"])
    return _register(locked, technology_value, actor=actor, now=now)


def _register(locked: Application, value: Money, *, actor: Actor, now: datetime) -> Registration:
    contract = locked.contract
    year = day_of(now).year
    code = settings.REGISTRY_CODE
    registration = Registration.objects.create(
        number=_free_number(year, code),
        rule_set=locked.rule_set,
        region=locked.region,
        contract=contract,
        application=locked,
        kind=contract.kind,
        contract_value_fen=locked.contract_value_fen,
        technology_value_fen=value.fen,
        registry_code=code,
        registered_at=now,
        registered_by_id=person_of(actor),
    )
    record("application.recognised", subject=locked.subject, actor=actor, now=now, number=registration.number)
    facts = {
        "number": registration.number,
        "contract": contract.key,
        "deal": contract.deal_key,
        "contract_value_fen": registration.contract_value_fen,
        "technology_value_fen": registration.technology_value_fen,
    }
    record("registration.made", subject=registration.subject, actor=actor, now=now, **facts)
    record("contract.recognised", subject=contract.subject, actor=actor, now=now, **facts)
    return registration


def _free_number(year: int, registry: str) -> str:
    """The next number of the year; what was taken over may have used some already."""
    while True:
        number = registration_number(year, registry, next_number(f"registration:{registry}:{year}"))
        if not Registration.objects.filter(number=number).exists():
            return number


@transaction.atomic
def recognise_together(applications: Sequence[Application], *, actor: Actor, now: datetime) -> list[Registration]:
    """All of these are registered for the values applied for or proposed, or none is; each was read by the actor before."""
    done = []
    for application in sorted(applications, key=lambda it: it.pk):
        locked = lock_application(application)
        if not Reading.objects.filter(application=locked, person_id=person_of(actor), submitted_at=locked.submitted_at).exists():
            raise Refused([Refusal("contracts.not_read", data={"title": locked.contract.title})])
        fen = locked.proposed_value_fen if locked.proposed_value_fen is not None else locked.technology_value_fen
        done.append(recognise_contract(locked, technology_value=Money(fen), actor=actor, now=now))
    return done


@transaction.atomic
def return_application(application: Application, *, reason: str, actor: Actor, now: datetime) -> Application:
    """The seller must correct what the reason says; once only. Event: application.returned."""
    locked = _decide(application, ApplicationEvent.RETURN, "", given(reason), actor=actor, now=now)
    require(may_return(times_returned=locked.times_returned))
    locked.times_returned += 1
    locked.save(update_fields=["times_returned"])
    record("application.returned", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def refuse_application(application: Application, *, code: str, reason: str, actor: Actor, now: datetime) -> Application:
    """The contract is not recognised, for this reason; a second registrar confirms it as with a recognition.

    Event: application.refused.
    """
    was_examined = lock_application(application).state == ApplicationState.EXAMINED
    locked = _decide(application, ApplicationEvent.REFUSE, code, given(reason), actor=actor, now=now)
    if was_examined:
        if locked.proposal != Proposal.REFUSE:
            raise OutOfTurn([Refusal("contracts.other_than_proposed")])
    else:
        _require_alone(locked, Money(locked.technology_value_fen), now=now)
    record("application.refused", subject=locked.subject, actor=actor, now=now, code=code, reason=locked.reason)
    return locked


_PROPOSAL = ("proposal", "proposed_value_fen", "proposed_at", "proposed_by", "correction_reason")


def clear_proposal(application: Application) -> None:
    """What a first registrar proposed is gone from the (unsaved) application."""
    application.proposal = application.correction_reason = ""
    application.proposed_value_fen = application.proposed_at = application.proposed_by = None


def given(reason: str) -> str:
    """The reason without blanks around it. Raises `Refused` when there is none."""
    return text_given(reason, Refusal("contracts.reason_missing", field="reason"))


def _moved(application: Application, event: ApplicationEvent, *, actor: Actor) -> tuple[Application, str]:
    """The locked application and the state that the event leads to, for an actor who may."""
    locked = lock_application(application)
    move = APPLICATION.move(locked.state, event)
    require_application_mover(actor, locked, move.by)
    return locked, move.to


def _decide(
    application: Application, event: ApplicationEvent, code: str, reason: str, *, actor: Actor, now: datetime
) -> Application:
    locked, state = _moved(application, event, actor=actor)
    if event != ApplicationEvent.RETURN:
        _require_examined(locked, now=now)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    locked.reason_code = code
    locked.reason = reason
    set_application_state(locked, state, "decided_at", "decided_by", "reason_code", "reason")
    return locked


def _require_examined(application: Application, *, now: datetime) -> None:
    flags_open = application.flags.filter(answered_at__isnull=True).count()
    require(may_decide(flags_open=flags_open, hearing=hearing_of(application), today=day_of(now)))


def _require_value(application: Application, value: Money, *, reason: str) -> None:
    computed, contract_value = Money(application.technology_value_fen), Money(application.contract_value_fen)
    has_royalties = application.contract.royalties_fen > 0
    require(may_recognise(contract_value=contract_value, technology_value=value, has_royalties=has_royalties))
    require(may_correct(computed, value, reason=reason))


def _require_alone(application: Application, value: Money, *, now: datetime) -> None:
    threshold = policy_or_none("contract.four_eyes_from", day_of(now))
    if needs_second(max(value, Money(application.technology_value_fen)), threshold):
        raise Refused([Refusal("contracts.second_registrar_needed")])
