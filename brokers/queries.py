"""Which brokers, engagements and commissions are there?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from brokers.models import Broker, Commission, Engagement
from brokers.states import BrokerState, EngagementState
from listings.models.deals import Deal
from market.values.actor import Actor


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
    """The mandates of the deal's two parties that were in force when it was concluded or are now."""
    return Engagement.objects.filter(
        listing_id=deal.listing_id, principal_id__in=[deal.seller_id, deal.buyer_id], state=EngagementState.ACTIVE
    ).select_related("broker__person", "broker__institution", "principal")


def commissions_of_deal(deal: Deal) -> QuerySet[Commission]:
    """What was credited for this deal."""
    return Commission.objects.filter(deal=deal).select_related("engagement__broker__person")
