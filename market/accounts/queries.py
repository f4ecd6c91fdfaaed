"""Which organisations and members are there?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from market.accounts.models import Membership, Organisation, Person
from market.accounts.states import OrganisationState
from market.values.actor import OFFICIAL_ROLES


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
