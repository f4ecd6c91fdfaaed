"""Becoming a broker, and ceasing to be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from brokers.models import Broker, ServiceProfile
from brokers.permissions import require_broker_institution, require_broker_official, require_service_organisation
from brokers.states import BROKER, BrokerEvent, BrokerState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of
from market.values.refusal import Refusal, Refused, text_given

_NO_REASON = Refusal("brokers.reason_missing", field="reason")


@dataclass(frozen=True, slots=True)
class BrokerEntry:
    """What somebody states who wants to be a broker."""

    level: str
    certificate_number: str
    valid_until: date
    fields: tuple[str, ...]
    introduction: str
    evidence: tuple[Document, ...]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """What an institution or a service provider tells of itself."""

    services: tuple[str, ...]
    fields: tuple[str, ...]
    languages: tuple[str, ...]
    introduction: str
    contact: str


@transaction.atomic
def apply_as_broker(entry: BrokerEntry, *, institution: Organisation, actor: Actor, now: datetime) -> Broker:
    """The person waits for an official's verification. Event: broker.applied."""
    require_role(actor, institution.pk, Role.OWNER, Role.AGENT)
    require_broker_institution(institution)
    if entry.valid_until < day_of(now):
        raise Refused([Refusal("brokers.valid_until_in_the_past", field="valid_until")])
    broker = Broker.objects.select_for_update().filter(person=actor.person).first()
    if broker is not None:
        _set_broker_state(broker, BROKER.move(broker.state, BrokerEvent.APPLY).to)
    else:
        broker = Broker(person_id=person_of(actor))
    broker.institution = institution
    broker.level = entry.level
    broker.certificate_number = entry.certificate_number
    broker.valid_until = entry.valid_until
    broker.fields = list(entry.fields)
    broker.languages = list(entry.languages)
    broker.introduction = entry.introduction
    broker.applied_at = now
    broker.save()
    broker.evidence.set(entry.evidence)
    record(
        "broker.applied",
        subject=broker.subject,
        actor=actor,
        now=now,
        level=broker.level,
        certificate_number=broker.certificate_number,
    )
    return broker


@transaction.atomic
def verify_broker(broker: Broker, *, actor: Actor, now: datetime) -> Broker:
    """The broker can be engaged until the certificate expires. Event: broker.verified."""
    locked = _decide(broker, BrokerEvent.VERIFY, "", actor=actor, now=now)
    record("broker.verified", subject=locked.subject, actor=actor, now=now, valid_until=locked.valid_until.isoformat())
    return locked


@transaction.atomic
def reject_broker(broker: Broker, *, reason: str, actor: Actor, now: datetime) -> Broker:
    """The certificate was not accepted, for this reason. Event: broker.rejected."""
    locked = _decide(broker, BrokerEvent.REJECT, text_given(reason, _NO_REASON), actor=actor, now=now)
    record("broker.rejected", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


def _decide(broker: Broker, event: BrokerEvent, reason: str, *, actor: Actor, now: datetime) -> Broker:
    locked = Broker.objects.select_for_update(of=("self",)).get(pk=broker.pk)
    move = BROKER.move(locked.state, event)
    require_broker_official(actor, locked)
    locked.decided_at = now
    locked.decided_by_id = actor.person
    locked.reason = reason
    locked.save(update_fields=["decided_at", "decided_by", "reason"])
    _set_broker_state(locked, move.to)
    return locked


@transaction.atomic
def expire_broker(broker: Broker, *, now: datetime) -> None:
    """A certificate past its day no longer counts; nothing happens when it was renewed. Event: broker.expired."""
    locked = Broker.objects.select_for_update(of=("self",)).get(pk=broker.pk)
    if locked.state == BrokerState.VERIFIED and locked.valid_until < day_of(now):
        _set_broker_state(locked, BROKER.move(locked.state, BrokerEvent.EXPIRE).to)
        record("broker.expired", subject=locked.subject, actor=CLOCK, now=now)


@transaction.atomic
def write_service_profile(organisation: Organisation, entry: ServiceEntry, *, actor: Actor, now: datetime) -> ServiceProfile:
    """The directory shows this of the organisation. Event: organisation.profile_written."""
    require_role(actor, organisation.pk, Role.OWNER)
    require_service_organisation(organisation)
    written = {
        "services": list(entry.services),
        "fields": list(entry.fields),
        "languages": list(entry.languages),
        "introduction": entry.introduction,
        "contact": entry.contact,
        "changed_at": now,
    }
    profile, _is_new = ServiceProfile.objects.update_or_create(organisation=organisation, defaults=written)
    record("organisation.profile_written", subject=profile.subject, actor=actor, now=now)
    return profile


def _set_broker_state(broker: Broker, state: str) -> None:
    broker.state = state
    broker.save(update_fields=["state"])
