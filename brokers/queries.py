"""Which brokers, engagements and commissions are there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from brokers.models import Broker, Commission, Engagement, TermsVersion
from brokers.permissions import may_move_engagement
from brokers.rules import Difference, EngagementFacts, differences, is_current
from brokers.states import ENGAGEMENT, IN_FORCE, BrokerState, CommissionState, EngagementState
from contracts.settlement.commissions import CommissionShare
from listings.models.deals import Deal
from market.values.actor import Actor
from market.values.money import Money


def brokers_to_verify() -> QuerySet[Broker]:
    """Those that wait for an official, longest first."""
    return Broker.objects.filter(state=BrokerState.APPLIED).select_related("person", "institution").order_by("applied_at")


def directory() -> QuerySet[Broker]:
    """The verified brokers."""
    return Broker.objects.filter(state=BrokerState.VERIFIED).select_related("person", "institution")


def own_broker(actor: Actor) -> Broker | None:
    """The broker this person is for the acting institution."""
    return Broker.objects.filter(person=actor.person, institution=actor.organisation).first()


def expired_brokers(today: date) -> QuerySet[Broker]:
    """Verified ones whose certificate is past its day."""
    return Broker.objects.filter(state=BrokerState.VERIFIED, valid_until__lt=today).order_by("pk")


def expired_engagements(today: date) -> QuerySet[Engagement]:
    """Proposed ones and those in force whose term is over."""
    states = [EngagementState.PROPOSED, EngagementState.ACTIVE]
    return Engagement.objects.filter(state__in=states, valid_until__lt=today).order_by("pk")


def engagements_for_deal(deal: Deal) -> QuerySet[Engagement]:
    """The mandates of the deal's two parties that are in force, or were when it was concluded: ending one afterwards takes
    nothing from the broker. Source: 民法典 arts 963-965 (high)."""
    return (
        Engagement.objects.filter(listing_id=deal.listing_id, principal_id__in=[deal.seller_id, deal.buyer_id])
        .filter(Q(state__in=IN_FORCE) | Q(signed_at__isnull=False, ended_at__gte=deal.concluded_at))
        .select_related("broker__person", "broker__institution", "principal")
    )


def moves_open_to(actor: Actor, engagement: Engagement) -> set[str]:
    """What the actor may do with this mandate now."""
    moves = ENGAGEMENT.moves_from(engagement.state)
    return {move.event for move in moves if may_move_engagement(actor, engagement, move.by)}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version of the terms and what it says differently from the one before."""

    version: TermsVersion
    changed: list[Difference]


def versions_of(engagement: Engagement) -> list[VersionShown]:
    """What was proposed, the latest first, each with its differences from the one before."""
    versions = list(engagement.versions.select_related("proposed_by"))
    before = [None, *versions[:-1]]
    shown = [
        VersionShown(version, differences(earlier.terms, version.terms) if earlier else [])
        for earlier, version in zip(before, versions, strict=True)
    ]
    return shown[::-1]


def facts_of(engagement: Engagement, shares: Sequence[Decimal], *, today: date) -> EngagementFacts:
    """What the rules look at in this engagement, which need not be stored yet."""
    broker = engagement.broker
    in_force = Engagement.objects.filter(listing_id=engagement.listing_id, state__in=IN_FORCE).exclude(pk=engagement.pk)
    opposite = in_force.filter(broker=broker).exclude(side=engagement.side)
    own = in_force.filter(principal_id=engagement.principal_id)
    return EngagementFacts(
        terms=engagement.terms,
        scope=engagement.scope,
        valid_until=engagement.valid_until,
        shares=shares,
        is_broker_current=is_current(
            is_verified=broker.state == BrokerState.VERIFIED, valid_until=broker.valid_until, today=today
        ),
        acts_for_other_side=opposite.exists(),
        both_consent=engagement.both_consent and not opposite.filter(both_consent=False).exists(),
        is_own_organisation=engagement.principal_id == broker.institution_id,
        is_exclusive=engagement.is_exclusive,
        others_exclusive=list(own.values_list("is_exclusive", flat=True)),
    )


def commission_shares(deal: Deal) -> list[CommissionShare]:
    """What is credited for this deal and who gets which part of it, in the order in which it was credited. For settlements.

    Not what a mandate in dispute has earned: it is taken in when a supervisor has decided.
    """
    credited = Commission.objects.filter(deal=deal, state=CommissionState.CREDITED).exclude(
        engagement__state=EngagementState.DISPUTED
    )
    return [
        CommissionShare(commission.key, commission.engagement.principal_id, part["id"], Money(part["fen"]))
        for commission in credited.select_related("engagement").order_by("credited_at", "pk")
        for part in commission.parts
        if part["fen"]
    ]
