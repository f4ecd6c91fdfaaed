"""Which organisations and members are there?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from market.accounts.models import Membership, Organisation, Person, Verification
from market.accounts.permissions import acts_for, is_keeper
from market.accounts.states import ORGANISATION, OrganisationEvent, OrganisationState
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.values.actor import OFFICIAL_ROLES, Actor, Role


def organisations_of(person: Person) -> QuerySet[Organisation]:
    """The organisations this person may act for."""
    return Organisation.objects.filter(memberships__person=person).distinct().order_by("name")


def acting_organisation(person: Person, chosen_key: str | None) -> Organisation | None:
    """The organisation chosen for acting, else the first one; none when the person belongs to none."""
    organisations = organisations_of(person)
    chosen = organisations.filter(key=chosen_key).first() if chosen_key else None
    return chosen or organisations.first()


def needs_mfa(person: Person) -> bool:
    """Officials, administrators and whoever may enter the editors' interface must sign in with a second factor."""
    if person.is_staff or person.is_superuser:
        return True
    is_official = Q(memberships__role__in=[role.value for role in OFFICIAL_ROLES])
    is_editor = Q(groups__permissions__codename="access_admin") | Q(user_permissions__codename="access_admin")
    return Person.objects.filter(is_official | is_editor, pk=person.pk).exists()


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who may act for the organisation, and in which roles."""
    return Membership.objects.filter(organisation=organisation).select_related("person").order_by("person__email", "role")


def organisations_to_verify() -> QuerySet[Organisation]:
    """Those that wait for an official, longest first."""
    return Organisation.objects.filter(state=OrganisationState.SUBMITTED, verifications__decided_at__isnull=True).order_by(
        "verifications__submitted_at"
    )


def organisations_on_desk(state: str) -> QuerySet[Organisation]:
    """The organisations in this state as an administrator looks at them: those that wait, the longest first."""
    if state == OrganisationState.SUBMITTED:
        return organisations_to_verify()
    return Organisation.objects.filter(state=state).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything the page of one organisation shows to this actor."""

    organisation: Organisation
    is_insider: bool
    may_change: bool
    may_apply: bool
    may_decide: bool
    verification: Verification | None
    story: list[StoryEntry]


def organisation_page_of(organisation: Organisation, actor: Actor) -> OrganisationPage:
    """The page as this actor may see it: outsiders see the public part only."""
    is_own = acts_for(actor, organisation.pk)
    is_administrator = actor.has(Role.ADMINISTRATOR)
    is_insider = is_own or is_administrator
    keeps = is_keeper(actor, organisation)
    verifications = organisation.verifications.prefetch_related("evidence").select_related("submitted_by", "decided_by")
    return OrganisationPage(
        organisation=organisation,
        is_insider=is_insider,
        may_change=keeps and organisation.state != OrganisationState.SUBMITTED,
        may_apply=keeps and ORGANISATION.may(organisation.state, OrganisationEvent.SUBMIT),
        may_decide=is_administrator and not is_own,
        verification=verifications.first() if is_insider else None,
        story=story(timeline([organisation.subject]), reader=actor) if is_insider else [],
    )
