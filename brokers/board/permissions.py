"""Whose board is it?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from brokers.board.models import Lead
from brokers.models import Broker
from brokers.queries import own_broker
from market.values.actor import Actor
from market.values.refusal import Forbidden, Refusal


def board_owner(actor: Actor) -> Broker:
    """The broker that this person is for the acting institution. Raises `Forbidden` for everybody else."""
    broker = own_broker(actor) if actor.person is not None else None
    if broker is None:
        raise Forbidden([Refusal("board.brokers_only")])
    return broker


def visible_leads(actor: Actor) -> QuerySet[Lead]:
    """One's own, as the broker of the acting institution: neither the institution nor an official reads them."""
    leads = Lead.objects.select_related("listing__achievement", "listing__seller", "demand__organisation", "engagement", "deal")
    if actor.person is None:
        return leads.none()
    return leads.filter(broker__person_id=actor.person, broker__institution_id=actor.organisation)


def lead_for(actor: Actor, key: str) -> Lead:
    """The door: this lead, or 404."""
    lead = visible_leads(actor).filter(key=key).first()
    if lead is None:
        raise Http404
    return lead
