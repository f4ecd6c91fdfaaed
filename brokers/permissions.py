"""Who sees brokers, engagements and commissions, and who may act on them?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from brokers.models import Broker, Commission, Engagement, Introduction
from brokers.states import BROKER, IN_FORCE, BrokerEvent, BrokerState, EngagementState, IntroductionState
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import acts_for, belongs_to_any, person_of, require_official, require_verified
from market.accounts.states import OrganisationState
from market.documents.models import Document
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal, is_allowed


def visible_brokers(actor: Actor) -> QuerySet[Broker]:
    """The verified ones for everybody, one's own, and all for officials."""
    brokers = Broker.objects.select_related("person", "institution")
    if actor.is_official:
        return brokers
    seen = Q(state=BrokerState.VERIFIED)
    if actor.person is not None:
        seen |= Q(person_id=actor.person)
    return brokers.filter(seen)


def broker_for(actor: Actor, key: str) -> Broker:
    """The door: this broker, or 404."""
    broker = visible_brokers(actor).filter(key=key).first()
    if broker is None:
        raise Http404
    return broker


def require_broker_institution(institution: Organisation) -> None:
    """Raises `Forbidden` unless brokers may belong to this organisation."""
    if institution.kind != OrganisationKind.BROKER_INSTITUTION:
        raise Forbidden([Refusal("brokers.institution_only")])
    require_verified(institution)


SERVICE_KINDS = (OrganisationKind.BROKER_INSTITUTION, OrganisationKind.SERVICE_PROVIDER)


def service_organisations() -> QuerySet[Organisation]:
    """The verified institutions and service providers, with their profiles where they have written one; for everybody."""
    found = Organisation.objects.filter(kind__in=SERVICE_KINDS, state=OrganisationState.VERIFIED)
    return found.select_related("service_profile")


def service_organisation_for(key: str) -> Organisation:
    """The door: this institution or service provider, or 404."""
    organisation = service_organisations().filter(key=key).first()
    if organisation is None:
        raise Http404
    return organisation


def require_service_organisation(organisation: Organisation) -> None:
    """Raises `Forbidden` unless the organisation stands in the directory of services."""
    if organisation.kind not in SERVICE_KINDS:
        raise Forbidden([Refusal("brokers.services_only")])
    require_verified(organisation)


def require_may_apply(actor: Actor) -> None:
    """Raises `OutOfTurn` for whoever is a broker already, or waits to be one."""
    broker = Broker.objects.filter(person_id=person_of(actor)).first()
    if broker is not None:
        BROKER.move(broker.state, BrokerEvent.APPLY)


def require_broker_official(actor: Actor, broker: Broker) -> None:
    """Raises `Forbidden` unless the actor may decide on this broker's certificate."""
    require_official(actor, Role.ADMINISTRATOR, Role.SUPERVISOR)
    if broker.institution_id == actor.organisation or broker.person_id == actor.person:
        raise Forbidden([Refusal("brokers.own_application")])


def visible_engagements(actor: Actor) -> QuerySet[Engagement]:
    """The principal's and the broker's own, and all for supervisors."""
    engagements = Engagement.objects.select_related(
        "principal", "broker__person", "broker__institution", "listing__achievement", "demand"
    )
    if actor.has(Role.SUPERVISOR):
        return engagements
    if actor.organisation is None:
        return engagements.none()
    of_institution = Q(broker__institution_id=actor.organisation)
    if not actor.has(Role.OWNER):
        # An institution's owner sees all of its brokers' mandates, its other people their own.
        of_institution &= Q(broker__person_id=actor.person)
    return engagements.filter(Q(principal_id=actor.organisation) | of_institution)


def engagement_for(actor: Actor, key: str) -> Engagement:
    """The door: this engagement, or 404."""
    engagement = visible_engagements(actor).filter(key=key).first()
    if engagement is None:
        raise Http404
    return engagement


def is_principal(actor: Actor, engagement: Engagement) -> bool:
    """True for whoever acts for the principal as owner or agent."""
    return acts_for(actor, engagement.principal_id, Role.OWNER, Role.AGENT)


def is_broker(actor: Actor, engagement: Engagement) -> bool:
    """True for the broker in person, acting for the institution."""
    return actor.organisation == engagement.broker.institution_id and actor.person == engagement.broker.person_id


def require_may_introduce(actor: Actor, engagement: Engagement) -> None:
    """Raises `Forbidden` unless the actor is the mandate's broker in person, `OutOfTurn` unless it is in force and undisputed."""
    if not is_broker(actor, engagement):
        raise Forbidden([Refusal("accounts.role_missing")])
    if engagement.state != EngagementState.ACTIVE:
        raise OutOfTurn([Refusal("brokers.not_in_force")])


def require_party(actor: Actor, engagement: Engagement) -> None:
    """Raises `Forbidden` unless the actor stands on one of the mandate's two sides."""
    if not (is_principal(actor, engagement) or is_broker(actor, engagement)):
        raise Forbidden([Refusal("accounts.role_missing")])


def require_engagement_mover(actor: Actor, engagement: Engagement, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "official":
        return require_dispute_official(actor, engagement)
    require_party(actor, engagement)
    if by == "principal" and not is_principal(actor, engagement):
        raise Forbidden([Refusal("accounts.role_missing")])
    if by == "disputing_side" and is_broker(actor, engagement) != engagement.disputed_by_broker:
        raise Forbidden([Refusal("brokers.others_dispute")])
    if by == "other_side" and is_broker(actor, engagement) == engagement.proposed_by_broker:
        raise Forbidden([Refusal("brokers.signed_already")])
    return None


def may_move_engagement(actor: Actor, engagement: Engagement, by: str) -> bool:
    """True when `require_engagement_mover` lets the actor pass; nobody makes the clock's moves."""
    return by != "clock" and is_allowed(lambda: require_engagement_mover(actor, engagement, by))


def require_dispute_official(actor: Actor, engagement: Engagement) -> None:
    """Raises `Forbidden` unless the actor may decide on a dispute about this mandate: nobody who belongs to one of its sides, or to
    a partner in its commission."""
    _require_disinterested(actor, engagement)


def require_introduction_official(actor: Actor, introduction: Introduction) -> None:
    """Raises `Forbidden` unless the actor may decide whether this introduction counts: as for its mandate, and nobody who was
    introduced."""
    _require_disinterested(actor, introduction.engagement, introduction.introduced_id)


def _require_disinterested(actor: Actor, engagement: Engagement, *others: int) -> None:
    require_official(actor, Role.SUPERVISOR)
    partners = engagement.shares.values_list("organisation_id", flat=True)
    interested = [engagement.principal_id, engagement.broker.institution_id, *partners, *others]
    if belongs_to_any(person_of(actor), interested):
        raise Forbidden([Refusal("brokers.own_dispute")])


def visible_introductions(actor: Actor) -> QuerySet[Introduction]:
    """Those of the mandates that the actor may see, and those by which the actor's organisation was introduced."""
    introductions = Introduction.objects.select_related(
        "introduced",
        "objected_by",
        "engagement__principal",
        "engagement__broker__person",
        "engagement__broker__institution",
        "engagement__listing__achievement",
        "engagement__demand",
    )
    seen = Q(engagement__in=visible_engagements(actor))
    if actor.organisation is not None:
        seen |= Q(introduced_id=actor.organisation)
    return introductions.filter(seen)


def introduction_for(actor: Actor, key: str) -> Introduction:
    """The door: this introduction, or 404."""
    introduction = visible_introductions(actor).filter(key=key).first()
    if introduction is None:
        raise Http404
    return introduction


def require_introduction_mover(actor: Actor, introduction: Introduction, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "official":
        return require_introduction_official(actor, introduction)
    sides = (introduction.engagement.principal_id, introduction.introduced_id)
    if not any(acts_for(actor, side, Role.OWNER, Role.AGENT) for side in sides):
        raise Forbidden([Refusal("accounts.role_missing")])
    if by == "side_not_heard" and actor.organisation == introduction.heard_id:
        raise Forbidden([Refusal("brokers.heard_before")])
    return None


def require_bearer(actor: Actor, introduction: Introduction) -> None:
    """Raises `Forbidden` unless the actor binds the organisation that was introduced, `OutOfTurn` where the introduction is void."""
    if not acts_for(actor, introduction.introduced_id, Role.OWNER, Role.AGENT):
        raise Forbidden([Refusal("accounts.role_missing")])
    if introduction.state == IntroductionState.VOID:
        raise OutOfTurn([Refusal("brokers.nothing_to_bear")])


def may_move_introduction(actor: Actor, introduction: Introduction, by: str) -> bool:
    """True when `require_introduction_mover` lets the actor pass."""
    return is_allowed(lambda: require_introduction_mover(actor, introduction, by))


def visible_commissions(actor: Actor) -> QuerySet[Commission]:
    """Those of the engagements that the actor may see, and those of which the actor's organisation owes a part."""
    seen = Q(engagement__in=visible_engagements(actor))
    if actor.organisation is not None:
        seen |= Q(counterparty_id=actor.organisation)
    return Commission.objects.filter(seen).select_related(
        "engagement__broker__person", "engagement__principal", "counterparty", "deal__listing__achievement"
    )


def mandates_in(deal: Mapping[str, Any], inner: Callable[[Any], Any]) -> QuerySet[Engagement]:
    """The mandates that a deal falls under: of one of its parties, in force or so when it was concluded.

    For the listing; or for a demand where the one party was introduced to the other, and the mandate was signed before the deal.
    After the mandate's end too, within the months of protection, where the one was introduced to the other. A mandate of somebody
    who bid in vain for the same listing is none of them.

    `deal` gives `listing`, `seller`, `buyer` and `concluded_at`, as values or as columns of an outer query; `inner` makes of either
    what a query inside this one can refer to. Source: 民法典 arts 963-965 (high).
    """
    met = Introduction.objects.filter(
        Q(introduced_id=inner(deal["seller"])) | Q(introduced_id=inner(deal["buyer"])),
        engagement=OuterRef("pk"),
        state=IntroductionState.CONFIRMED,
    )
    in_force = Q(state__in=IN_FORCE) | Q(signed_at__isnull=False, ended_at__gte=deal["concluded_at"])
    in_tail = Q(tail_until__gt=deal["concluded_at"]) & Exists(met)
    for_demand = Q(demand__isnull=False, signed_at__lte=deal["concluded_at"]) & Exists(met)
    of_party = Q(principal_id=deal["seller"]) | Q(principal_id=deal["buyer"])
    return Engagement.objects.filter(
        of_party, Q(listing__isnull=False, listing_id=deal["listing"]) | for_demand, in_force | in_tail
    )


def demands_advised_by_brokers(actor: Actor) -> Q:
    """The demands of those for whom this person has a mandate in force: the broker helps to word what they seek."""
    mandates = Engagement.objects.filter(broker__person_id=actor.person or 0, state__in=IN_FORCE)
    return Q(organisation__in=mandates.values("principal"))


def deals_seen_by_brokers(actor: Actor) -> Q:
    """The deals in which this person has a mandate of either party, in force now or when the deal was concluded."""
    return _engaged_in(actor, "")


def contracts_seen_by_brokers(actor: Actor) -> Q:
    """The contracts of those deals."""
    return _engaged_in(actor, "deal__")


def _engaged_in(actor: Actor, deal: str) -> Q:
    """`deal` leads to the deal."""
    columns = {"listing": "listing_id", "seller": "seller_id", "buyer": "buyer_id", "concluded_at": "concluded_at"}
    mandates = mandates_in({name: OuterRef(f"{deal}{column}") for name, column in columns.items()}, OuterRef)
    return Q(Exists(mandates.filter(broker__person_id=actor.person or 0, broker__institution_id=actor.organisation)))


def may_read_evidence(actor: Actor, document: Document) -> bool:
    """A certificate is read by the officials who verify brokers."""
    return actor.has(Role.ADMINISTRATOR, Role.SUPERVISOR) and Broker.objects.filter(evidence=document).exists()
