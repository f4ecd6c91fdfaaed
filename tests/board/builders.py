"""Leads on a broker's board, in every state, by what is done by hand and by what happens on the market."""

from __future__ import annotations

from datetime import datetime

from brokers.board.actions import add_lead, follow_deal, follow_mandate, follow_market, move_lead
from brokers.board.models import Lead
from brokers.board.states import LeadEvent
from listings.models.deals import Deal
from tests.brokers.builders import a_broker, an_engagement
from tests.demands.builders import a_demand
from tests.listings.builders import a_deal
from tests.people import Cast


def a_lead(cast: Cast, now: datetime, *events: LeadEvent) -> Lead:
    """A demand that the broker found, moved by hand."""
    a_broker(cast, now)
    lead = add_lead(a_demand(cast, now), None, actor=cast.broker.actor, now=now)
    for event in events:
        lead = move_lead(lead, event, actor=cast.broker.actor, now=now)
    return lead


def a_mandated_lead(cast: Cast, now: datetime, *events: LeadEvent) -> Lead:
    """A demand for which the broker is engaged by its enterprise."""
    lead = a_lead(cast, now)
    assert lead.demand is not None
    follow_mandate(an_engagement(cast, lead.demand, now), now=now)
    for event in events:
        move_lead(lead, event, actor=cast.broker.actor, now=now)
    return Lead.objects.get(pk=lead.pk)


def a_lead_in_contract(cast: Cast, now: datetime, deal: Deal | None = None) -> Lead:
    """The broker's mandate has led to a deal."""
    deal = deal or a_deal(cast, now)
    engagement = an_engagement(cast, deal.listing, now)
    follow_mandate(engagement, now=now)
    parties = [deal.seller_id, deal.buyer_id]
    follow_market(engagement, LeadEvent.DEAL, parties=parties, deal=deal, now=now)
    return Lead.objects.get(deal=deal)


def a_closed_lead(cast: Cast, now: datetime) -> Lead:
    lead = a_lead_in_contract(cast, now)
    assert lead.deal is not None
    follow_deal(lead.deal, LeadEvent.SETTLE, now=now)
    return Lead.objects.get(pk=lead.pk)
