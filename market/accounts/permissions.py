"""Who may see and change organisations and their members?"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.http import Http404

from market.accounts.models import Membership, Organisation, Person, Verification
from market.accounts.states import OrganisationState
from market.documents.models import Document
from market.values.actor import ANONYMOUS, Actor, Channel, Role
from market.values.refusal import Forbidden, Refusal

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def roles_of(person: Person, organisation_id: int) -> frozenset[Role]:
    """The roles this person has in this organisation, as they are now."""
    rows = Membership.objects.filter(person=person, organisation_id=organisation_id)
    return frozenset(Role(role) for role in rows.values_list("role", flat=True))


def actor_of(person: Person, organisation: Organisation | None, *, channel: Channel = Channel.WEB) -> Actor:
    """This person acting for this organisation, with the roles held there at this moment."""
    roles = roles_of(person, organisation.pk) if organisation else frozenset()
    return actor_with(person, organisation, roles, channel=channel)


def actor_with(
    person: Person, organisation: Organisation | None, roles: frozenset[Role], *, channel: Channel = Channel.WEB
) -> Actor:
    """This person acting for this organisation in these roles, just read from the memberships.

    The official roles count in a government organisation only, whatever a row may say.
    """
    if not person.is_active:
        return ANONYMOUS
    if organisation is None:
        return Actor(person=person.pk, channel=channel)
    if organisation.kind != "government":
        roles = roles & {Role.OWNER, Role.AGENT, Role.FINANCE}
    if not roles:
        return Actor(person=person.pk, channel=channel)
    return Actor(person=person.pk, organisation=organisation.pk, roles=roles, channel=channel)


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """One's own, all for officials, and the verified ones for everybody."""
    if actor.is_official or actor.channel is Channel.COMMAND:
        return Organisation.objects.all()
    seen = Q(state=OrganisationState.VERIFIED)
    if actor.person is not None:
        seen |= Q(memberships__person_id=actor.person)
    return Organisation.objects.filter(seen).distinct()


def organisation_for(actor: Actor, key: str) -> Organisation:
    """The door: this organisation, or 404 when the actor may not see it."""
    organisation = visible_organisations(actor).filter(key=key).first()
    if organisation is None:
        raise Http404
    return organisation


def own_organisation_for(actor: Actor, key: str) -> Organisation:
    """The door to an organisation's inner pages: 404 for whoever does not act for it."""
    organisation = organisation_for(actor, key)
    if not acts_for(actor, organisation.pk):
        raise Http404
    return organisation


def acts_for(actor: Actor, organisation_id: int | None, *roles: Role) -> bool:
    """True when the actor acts for this organisation in one of these roles (any role when none is named)."""
    if organisation_id is None or actor.organisation != organisation_id:
        return False
    return actor.has(*roles) if roles else bool(actor.roles)


def require_role(actor: Actor, organisation_id: int | None, *roles: Role) -> None:
    """Raises `Forbidden` unless the actor acts for this organisation in one of these roles."""
    if not acts_for(actor, organisation_id, *roles):
        raise Forbidden([Refusal("accounts.role_missing")])


def own_organisation(actor: Actor, *roles: Role) -> Organisation:
    """The organisation the actor acts for. Raises `Forbidden` unless in one of these roles."""
    require_role(actor, actor.organisation, *roles)
    return Organisation.objects.get(pk=actor.organisation or 0)


def person_of(actor: Actor) -> int:
    """The key of the person who acts. Raises `Forbidden` when nobody in particular does."""
    if actor.person is None:
        raise Forbidden([Refusal("accounts.role_missing")])
    return actor.person


def belongs_to_any(person_id: int, organisation_ids: Iterable[int | None]) -> bool:
    """True for a member of one of these organisations, whichever of them they act for at the moment."""
    return Membership.objects.filter(person_id=person_id, organisation_id__in=list(organisation_ids)).exists()


def require_official(actor: Actor, *roles: Role) -> None:
    """Raises `Forbidden` unless the actor is an official in one of these roles."""
    if not (actor.is_official and actor.has(*roles)):
        raise Forbidden([Refusal("accounts.officials_only")])


def has_second_factor(person_id: int) -> bool:
    """True when this person's sign-in asks for more than a password. Recovery codes alone do not count: they replace a factor."""
    return Authenticator.objects.filter(user_id=person_id, type__in=SECOND_FACTORS).exists()


def require_second_factor(actor: Actor) -> None:
    """Raises `Forbidden` for a person who signs in by password alone. Commands and the clock have no sign-in."""
    if actor.channel in {Channel.COMMAND, Channel.CLOCK}:
        return
    if not has_second_factor(person_of(actor)):
        raise Forbidden([Refusal("accounts.second_factor_needed")])


def require_verified(organisation: Organisation) -> None:
    """Raises `Forbidden` for an organisation that is not verified: it may look, but not trade."""
    if not organisation.is_verified:
        raise Forbidden([Refusal("accounts.organisation_not_verified")])


def is_keeper(actor: Actor, organisation: Organisation) -> bool:
    """True for its owner; a government organisation is kept by its administrators too."""
    if acts_for(actor, organisation.pk, Role.OWNER):
        return True
    return organisation.kind == "government" and acts_for(actor, organisation.pk, Role.ADMINISTRATOR)


def require_organisation_keeper(actor: Actor, organisation: Organisation) -> None:
    """Raises `Forbidden` unless the actor may change the organisation and its members."""
    if not is_keeper(actor, organisation):
        raise Forbidden([Refusal("accounts.role_missing")])


def require_mover(actor: Actor, organisation: Organisation, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "owner":
        require_organisation_keeper(actor, organisation)
    else:
        require_official(actor, Role.ADMINISTRATOR)


def may_read_verification_evidence(actor: Actor, document: Document) -> bool:
    """The evidence of an organisation is read by its own people and by administrators."""
    held = Verification.objects.filter(evidence=document)
    if actor.has(Role.ADMINISTRATOR):
        return held.exists()
    return actor.organisation is not None and held.filter(organisation_id=actor.organisation).exists()


def member_for(actor: Actor, organisation: Organisation, pk: int) -> Membership:
    """The door: this member of the organisation, or 404 for whoever does not belong to it."""
    if actor.organisation != organisation.pk:
        raise Http404
    membership = Membership.objects.filter(pk=pk, organisation=organisation).select_related("person", "organisation").first()
    if membership is None:
        raise Http404
    return membership
