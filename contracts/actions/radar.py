"""What the radar found is kept with the application, answered by a registrar; who takes the case, and who has read it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contracts.models import Application, Flag, Reading, TechnologyContract
from contracts.permissions import may_decide_person, require_registrar
from contracts.queries.applications import waiting_for
from contracts.queries.radar import radar_candidates, radar_facts
from contracts.rules.radar import signs
from contracts.states import APPLICATION, ApplicationEvent, ApplicationState
from market.accounts.models import Person
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, Refused, text_given


def raise_flags(application: Application) -> None:
    """The signs of the application as it is now stand with it; an answer stays while its sign says the same.

    Runs in the transaction of the submission.
    """
    found = {sign.code: sign for sign in signs(radar_facts(application), radar_candidates(application.contract))}
    for flag in application.flags.all():
        sign = found.pop(flag.code, None)
        if sign is None or sign.data != flag.data:
            flag.delete()
            if sign is not None:
                found[sign.code] = sign
    Flag.objects.bulk_create(
        Flag(application=application, code=sign.code, weight=sign.weight, data=sign.data) for sign in found.values()
    )
    application.weight = sum(application.flags.values_list("weight", flat=True))
    application.save(update_fields=["weight"])


@transaction.atomic
def look_again(contract: TechnologyContract) -> None:
    """The signs of its application stand as they are now, while the registry has not decided: something has become known.

    What was proposed already cannot be confirmed over a new sign: it goes back to examination.
    """
    for application in waiting_for(contract):
        raise_flags(application)


@transaction.atomic
def answer_flag(flag: Flag, *, answer: str, actor: Actor, now: datetime) -> Flag:
    """It is written what there is to this sign. Event: application.flag_answered."""
    application = _under_examination(flag.application)
    require_registrar(actor, application.contract)
    given = text_given(answer, Refusal("contracts.reason_missing", field="answer"))
    locked = Flag.objects.select_for_update().get(pk=flag.pk)
    locked.answer = given
    locked.answered_at, locked.answered_by_id = now, person_of(actor)
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    record("application.flag_answered", subject=application.subject, actor=actor, now=now, code=locked.code)
    return locked


@transaction.atomic
def read_application(application: Application, *, actor: Actor, now: datetime) -> Reading:
    """The registrar has read the application as it now stands. Event: application.read."""
    locked = _locked(application)
    require_registrar(actor, locked.contract)
    reading, is_new = Reading.objects.get_or_create(
        application=locked, person_id=person_of(actor), submitted_at=locked.submitted_at, defaults={"read_at": now}
    )
    if is_new:
        record("application.read", subject=locked.subject, actor=actor, now=now)
    return reading


@transaction.atomic
def assign_application(application: Application, *, to: Person, actor: Actor, now: datetime) -> Application:
    """This registrar examines the application. Event: application.assigned. Refused for one who belongs to a side."""
    locked = _locked(application)
    APPLICATION.move(locked.state, ApplicationEvent.ASSIGN)
    require_registrar(actor, locked.contract)
    if not may_decide_person(to, locked):
        raise Refused([Refusal("contracts.cannot_be_assigned", field="person")])
    locked.assigned_to = to
    locked.save(update_fields=["assigned_to"])
    record("application.assigned", subject=locked.subject, actor=actor, now=now, to=to.pk)
    return locked


def _under_examination(application: Application) -> Application:
    locked = _locked(application)
    if locked.state != ApplicationState.SUBMITTED:
        raise OutOfTurn([Refusal("contracts.not_under_examination")])
    return locked


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("contract").get(pk=application.pk)
