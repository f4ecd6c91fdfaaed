"""Registering organisations, having them verified, and saying who may act for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from market.accounts.models import Membership, Organisation, OrganisationKind, Person, Verification
from market.accounts.permissions import person_of, require_mover, require_organisation_keeper
from market.accounts.rules import may_add_member, may_decide_verification, may_register, may_remove_member
from market.accounts.states import ORGANISATION, OrganisationEvent
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused, require, text_given
from market.values.social_code import normal_social_code

_NO_REASON = Refusal("accounts.reason_missing", field="reason")


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """What an owner states of an organisation. The code and the kind stay as they were registered."""

    name: str
    name_en: str
    region: str
    address: str
    contact: str
    introduction: str
    legal_representative: str = ""


def name_person(person: Person, name: str) -> None:
    """The person is called so on the market. No event: the log knows people by their key, never by name."""
    person.name = name.strip()
    person.save(update_fields=["name"])


@transaction.atomic
def register_organisation(
    entry: OrganisationEntry, *, kind: str, social_credit_code: str, actor: Actor, now: datetime
) -> Organisation:
    """The organisation stands unverified, with the actor as its owner and agent. Event: organisation.registered.

    Refused for a code that is wrong or taken.
    """
    if actor.person is None:
        raise Forbidden([Refusal("accounts.role_missing")])
    code = normal_social_code(social_credit_code)
    is_taken = Organisation.objects.filter(social_credit_code=code).exists()
    require(may_register(social_credit_code=code, is_taken=is_taken))
    organisation = Organisation(kind=kind, social_credit_code=code)
    _write(organisation, entry)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise Refused([Refusal("accounts.social_code_taken", field="social_credit_code")]) from error
    Membership.objects.bulk_create(
        Membership(person_id=actor.person, organisation=organisation, role=role.value) for role in (Role.OWNER, Role.AGENT)
    )
    record("organisation.registered", subject=organisation.subject, actor=actor, now=now, name=organisation.name, kind=kind)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, entry: OrganisationEntry, *, actor: Actor, now: datetime) -> Organisation:
    """The particulars are as typed now; the name only while it is not verified, for the evidence proves it.

    Event: organisation.changed.
    """
    locked = _locked(organisation)
    require_organisation_keeper(actor, locked)
    # What waits for an official stays as it was submitted.
    if locked.state == "submitted":
        raise OutOfTurn([Refusal("accounts.waits_for_official")])
    if entry.name != locked.name and not ORGANISATION.may(locked.state, OrganisationEvent.SUBMIT):
        raise Refused([Refusal("accounts.name_is_verified", field="name")])
    _write(locked, entry)
    locked.save()
    record("organisation.changed", subject=locked.subject, actor=actor, now=now)
    return locked


def _write(organisation: Organisation, entry: OrganisationEntry) -> None:
    for name in ("name", "name_en", "region", "address", "contact", "introduction", "legal_representative"):
        setattr(organisation, name, getattr(entry, name))


@transaction.atomic
def submit_verification(organisation: Organisation, evidence: Sequence[Document], *, actor: Actor, now: datetime) -> Verification:
    """The organisation waits for an official with this evidence. Event: organisation.submitted."""
    locked = _locked(organisation)
    move = ORGANISATION.move(locked.state, OrganisationEvent.SUBMIT)
    require_mover(actor, locked, move.by)
    if not evidence:
        raise Refused([Refusal("accounts.evidence_missing", field="evidence")])
    verification = Verification.objects.create(organisation=locked, submitted_at=now, submitted_by_id=person_of(actor))
    verification.evidence.set(evidence)
    _set_state(locked, move.to)
    record("organisation.submitted", subject=locked.subject, actor=actor, now=now, documents=len(evidence))
    return verification


@transaction.atomic
def verify_organisation(organisation: Organisation, *, actor: Actor, now: datetime) -> Organisation:
    """The organisation may trade. Event: organisation.verified."""
    locked = _decide(organisation, OrganisationEvent.VERIFY, "", actor=actor, now=now)
    record("organisation.verified", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def return_organisation(organisation: Organisation, *, reason: str, actor: Actor, now: datetime) -> Organisation:
    """The application is back with the owner, with the reason. Event: organisation.returned."""
    locked = _decide(organisation, OrganisationEvent.RETURN, text_given(reason, _NO_REASON), actor=actor, now=now)
    record("organisation.returned", subject=locked.subject, actor=actor, now=now, reason=reason.strip())
    return locked


def _decide(organisation: Organisation, event: OrganisationEvent, reason: str, *, actor: Actor, now: datetime) -> Organisation:
    locked = _moved(organisation, event, actor=actor)
    locked.verifications.filter(decided_at__isnull=True).update(decided_at=now, decided_by_id=actor.person, reason=reason)
    return locked


@transaction.atomic
def suspend_organisation(organisation: Organisation, *, reason: str, actor: Actor, now: datetime) -> Organisation:
    """The organisation may begin nothing new on the market until it is reinstated. Event: organisation.suspended."""
    given = text_given(reason, _NO_REASON)
    locked = _moved(organisation, OrganisationEvent.SUSPEND, actor=actor)
    record("organisation.suspended", subject=locked.subject, actor=actor, now=now, reason=given)
    return locked


@transaction.atomic
def reinstate_organisation(organisation: Organisation, *, actor: Actor, now: datetime) -> Organisation:
    """The organisation may trade again. Event: organisation.reinstated."""
    locked = _moved(organisation, OrganisationEvent.REINSTATE, actor=actor)
    record("organisation.reinstated", subject=locked.subject, actor=actor, now=now)
    return locked


def _moved(organisation: Organisation, event: OrganisationEvent, *, actor: Actor) -> Organisation:
    locked = _locked(organisation)
    move = ORGANISATION.move(locked.state, event)
    require_mover(actor, locked, move.by)
    if refusals := may_decide_verification(submitted_for=locked.pk, decides_for=actor.organisation):
        raise Forbidden(refusals)
    _set_state(locked, move.to)
    return locked


@transaction.atomic
def add_member(organisation: Organisation, *, email: str, role: Role, actor: Actor, now: datetime) -> Membership:
    """The person may act for the organisation in this role from the next request on. Event: member.added."""
    locked = _locked(organisation)
    require_organisation_keeper(actor, locked)
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Refused([Refusal("accounts.person_unknown", field="email")])
    held = {Role(membership.role) for membership in locked.memberships.filter(person=person)}
    require(may_add_member(role, is_government=locked.kind == OrganisationKind.GOVERNMENT, held=held))
    membership = Membership.objects.create(person=person, organisation=locked, role=role.value)
    record("member.added", subject=locked.subject, actor=actor, now=now, role=role.value, email=person.email)
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, actor: Actor, now: datetime) -> None:
    """The person no longer has this role, from the next request on. Event: member.removed."""
    locked = _locked(membership.organisation)
    require_organisation_keeper(actor, locked)
    found = locked.memberships.filter(pk=membership.pk).select_related("person").first()
    if found is None:
        raise OutOfTurn([Refusal("accounts.member_gone")])
    owners = locked.memberships.filter(role=Role.OWNER.value).count()
    # A government organisation is kept by its administrators; see `require_organisation_keeper`.
    require(may_remove_member(Role(found.role), owners=owners))
    found.delete()
    record("member.removed", subject=locked.subject, actor=actor, now=now, role=found.role, email=found.person.email)


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _set_state(organisation: Organisation, state: str) -> None:
    organisation.state = state
    organisation.save(update_fields=["state"])
