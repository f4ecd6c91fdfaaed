"""Which organisations and members are there?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from market.accounts.models import Membership, Organisation, OrganisationKind, Person, Verification
from market.accounts.permissions import acts_for, is_keeper
from market.accounts.states import ORGANISATION, OrganisationEvent, OrganisationState
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.values.actor import OFFICIAL_ROLES, Actor, Role


@dataclass(frozen=True, slots=True)
class Belonging:
    """An organisation that a person belongs to, and the roles held there."""

    organisation: Organisation
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a person may act for and as what, by the organisations' names, and whether they may edit the site."""

    belongings: tuple[Belonging, ...]
    is_editor: bool

    @property
    def is_official(self) -> bool:
        """True with an official role anywhere, and in any role of a government organisation: its owner gives official roles, its
        finance keeps the market's own money."""
        return self._belongs_to(OrganisationKind.GOVERNMENT) or any(b.roles & OFFICIAL_ROLES for b in self.belongings)

    @property
    def is_broker(self) -> bool:
        """True in any role of a broker institution: commissions are agreed, shared and paid out in its name."""
        return self._belongs_to(OrganisationKind.BROKER_INSTITUTION)

    def _belongs_to(self, kind: str) -> bool:
        return any(belonging.organisation.kind == kind for belonging in self.belongings)

    def acting(self, chosen_key: str | None) -> Belonging | None:
        """The organisation chosen for acting, else the first one; none when the person belongs to none."""
        chosen = (belonging for belonging in self.belongings if belonging.organisation.key == chosen_key)
        return next(chosen, self.belongings[0] if self.belongings else None)


def standing_of(person: Person) -> Standing:
    """How this person stands at this moment; one query for all who belong anywhere."""
    rows = list(_memberships().filter(person=person))
    held = [list(group) for _, group in groupby(rows, key=lambda row: row.organisation_id)]
    return Standing(
        belongings=tuple(Belonging(group[0].organisation, frozenset(Role(row.role) for row in group)) for group in held),
        is_editor=rows[0].is_editor if rows else _editors().filter(pk=person.pk).exists(),
    )


@cache
def _memberships() -> QuerySet[Any]:
    """Put together once: every request of somebody signed in asks it, and putting it together takes longer than asking."""
    memberships = Membership.objects.select_related("organisation").order_by("organisation__name", "organisation")
    return memberships.annotate(is_editor=Exists(_editors().filter(pk=OuterRef("person"))))


def _editors() -> QuerySet[Person]:
    return Person.objects.filter(Q(groups__permissions__codename="access_admin") | Q(user_permissions__codename="access_admin"))


def standing_in(request: HttpRequest, person: Person) -> Standing:
    """How the person signed in stands, asked anew for each request and once in it."""
    if not hasattr(request, "_standing"):
        request._standing = standing_of(person)  # type: ignore[attr-defined]
    standing: Standing = request._standing  # type: ignore[attr-defined]
    return standing


def holds_office(person: Person, standing: Standing) -> bool:
    """Officials, administrators and whoever may enter the editors' interface."""
    return person.is_staff or person.is_superuser or standing.is_official or standing.is_editor


def needs_mfa(person: Person, standing: Standing) -> bool:
    """Who holds an office, and brokers, must sign in with a second factor; sellers see `require_second_factor`."""
    return holds_office(person, standing) or standing.is_broker


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who may act for the organisation, and in which roles."""
    return Membership.objects.filter(organisation=organisation).select_related("person").order_by("person__email", "role")


def verified_organisation(social_credit_code: str) -> Organisation | None:
    """The verified organisation of this code, if there is one."""
    return Organisation.objects.filter(social_credit_code=social_credit_code, state=OrganisationState.VERIFIED).first()


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
