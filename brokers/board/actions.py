"""Putting leads on the board, moving them by hand, and following what happens on the market."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from brokers.board.models import Lead
from brokers.board.permissions import board_owner
from brokers.board.queries import leads_under
from brokers.board.states import BY_HAND, LEAD, LeadEvent
from brokers.models import Engagement
from listings.demands.models.demands import Demand
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.events.actions import record
from market.values.actor import CLOCK, Actor
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused


@transaction.atomic
def add_lead(demand: Demand | None, listing: Listing | None, *, actor: Actor, now: datetime) -> Lead:
    """It stands first on the broker's own board. Event: lead.added."""
    if demand is None and listing is None:
        raise Refused([Refusal("board.nothing_named")])
    lead = Lead(broker=board_owner(actor), demand=demand, listing=listing)
    return _add(lead, actor=actor, now=now)


def _add(lead: Lead, *, actor: Actor, now: datetime) -> Lead:
    lead.added_at = lead.moved_at = now
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("board.lead_exists")]) from error
    record("lead.added", subject=lead.subject, actor=actor, now=now, broker=lead.broker.key)
    return lead


@transaction.atomic
def move_lead(lead: Lead, event: LeadEvent, *, actor: Actor, now: datetime) -> Lead:
    """The lead stands where the broker put it. Event: lead.moved. What the market knows of is not moved by hand."""
    locked = Lead.objects.select_for_update(of=("self",)).select_related("broker").get(pk=lead.pk)
    if event not in BY_HAND:
        raise Forbidden([Refusal("board.not_by_hand")])
    to = LEAD.move(locked.state, event).to
    if locked.broker != board_owner(actor):
        raise Forbidden([Refusal("board.brokers_only")])
    _move(locked, event, to, actor=actor, now=now)
    return locked


@transaction.atomic
def write_note(lead: Lead, note: str, *, actor: Actor, now: datetime) -> None:
    """The broker reads this beside the lead; nobody else does. Event: lead.noted."""
    locked = Lead.objects.select_for_update(of=("self",)).select_related("broker").get(pk=lead.pk)
    if locked.broker != board_owner(actor):
        raise Forbidden([Refusal("board.brokers_only")])
    locked.note = note
    locked.save(update_fields=["note"])
    record("lead.noted", subject=locked.subject, actor=actor, now=now, note=note)


@transaction.atomic
def follow_mandate(engagement: Engagement, *, now: datetime) -> None:
    """What a broker is engaged for stands on the board, with its mandate. Event: lead.added, where it did not stand there yet."""
    leads = leads_under(engagement, [engagement.principal_id])
    if leads.exists():
        Lead.objects.filter(pk__in=leads.values("pk")).update(engagement=engagement)
        return
    matter = {"listing_id": engagement.listing_id, "demand_id": engagement.demand_id}
    _add(Lead(broker=engagement.broker, engagement=engagement, **matter), actor=CLOCK, now=now)


@transaction.atomic
def follow_market(
    engagement: Engagement, event: LeadEvent, *, parties: Sequence[int], deal: Deal | None = None, now: datetime
) -> None:
    """The mandate's leads stand where the event puts them; those that are there or further already stay. Event: lead.moved."""
    for lead in leads_under(engagement, parties).select_for_update(of=("self",)).select_related("broker"):
        _follow(lead, event, deal=deal, now=now)


@transaction.atomic
def follow_deal(deal: Deal, event: LeadEvent, *, now: datetime) -> None:
    """The leads that came to this deal follow it; one that failed is theirs no longer. Event: lead.moved."""
    for lead in Lead.objects.select_for_update(of=("self",)).filter(deal=deal).select_related("broker"):
        _follow(lead, event, deal=None if event == LeadEvent.FAIL else deal, now=now)


def _follow(lead: Lead, event: LeadEvent, *, deal: Deal | None, now: datetime) -> None:
    if LEAD.may(lead.state, event):
        lead.deal = deal
        lead.save(update_fields=["deal"])
        _move(lead, event, LEAD.move(lead.state, event).to, actor=CLOCK, now=now)


def _move(lead: Lead, event: LeadEvent, to: str, *, actor: Actor, now: datetime) -> None:
    before = lead.state
    lead.moved_at = now
    lead.moved_by = event
    lead.state = to
    lead.save(update_fields=["moved_at", "moved_by", "state"])
    record("lead.moved", subject=lead.subject, actor=actor, now=now, event=str(event), before=before, after=to)
