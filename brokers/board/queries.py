"""What stands in which column of a broker's board?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from brokers.board.models import Lead
from brokers.board.permissions import visible_leads
from brokers.board.states import BY_HAND, LEAD, LeadState
from brokers.models import Engagement
from market.values.actor import Actor

# What is done stays in sight for a while; what is under way always.
_MOST_DONE = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its leads, each with what can be done with it by hand."""

    state: LeadState
    leads: Sequence[tuple[Lead, Sequence[str]]]


def columns_of(actor: Actor) -> list[Column]:
    """The board in two queries; what was dropped stands with what is closed."""
    leads = visible_leads(actor)
    done = [LeadState.CLOSED, LeadState.DROPPED]
    shown = [*leads.exclude(state__in=done), *leads.filter(state__in=done)[:_MOST_DONE]]
    columns = [state for state in LeadState if state != LeadState.DROPPED]
    return [Column(state, [(lead, _by_hand(lead)) for lead in shown if _column(lead) == state]) for state in columns]


def _column(lead: Lead) -> str:
    return LeadState.CLOSED if lead.state == LeadState.DROPPED else lead.state


def _by_hand(lead: Lead) -> list[str]:
    return [event.value for event in BY_HAND if LEAD.may(lead.state, event)]


def leads_under(engagement: Engagement, parties: Sequence[int]) -> QuerySet[Lead]:
    """The broker's open leads of the mandate's matter; of those with a demand, only where its enterprise is one of the parties."""
    open_leads = Lead.objects.filter(broker_id=engagement.broker_id).exclude(state__in=[LeadState.CLOSED, LeadState.DROPPED])
    if engagement.demand_id is not None:
        return open_leads.filter(demand_id=engagement.demand_id)
    of_listing = open_leads.filter(listing=engagement.listing)
    return of_listing.filter(demand__isnull=True) | of_listing.filter(demand__organisation_id__in=parties)
