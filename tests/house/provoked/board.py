"""Refusals about a broker's board."""

from __future__ import annotations

from datetime import datetime

from brokers.board.actions import add_lead, move_lead
from brokers.board.states import LeadEvent
from tests.board.builders import a_lead
from tests.demands.builders import a_demand
from tests.house.provoked import Act, Provocation
from tests.people import Cast


def _foreign(cast: Cast, now: datetime) -> Act:
    demand = a_demand(cast, now)
    return lambda: add_lead(demand, None, actor=cast.enterprise_agent.actor, now=now)


def _nothing(cast: Cast, now: datetime) -> Act:
    return lambda: add_lead(None, None, actor=cast.broker.actor, now=now)


def _twice(cast: Cast, now: datetime) -> Act:
    lead = a_lead(cast, now)
    return lambda: add_lead(lead.demand, None, actor=cast.broker.actor, now=now)


def _by_hand(cast: Cast, now: datetime) -> Act:
    lead = a_lead(cast, now)
    return lambda: move_lead(lead, LeadEvent.DEAL, actor=cast.broker.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "board.brokers_only": _foreign,
    "board.nothing_named": _nothing,
    "board.lead_exists": _twice,
    "board.not_by_hand": _by_hand,
}
