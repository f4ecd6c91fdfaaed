"""The broker's board: leads found and moved by hand, and those that the market moved."""

from __future__ import annotations

from datetime import timedelta

from brokers.actions.engagements import sign_engagement
from brokers.board.actions import add_lead, move_lead, write_note
from brokers.board.states import LeadEvent
from brokers.models import Broker
from listings.demands.models.demands import Demand
from listings.demands.states import DemandState
from market.demonstration.settling import actor_for, engage
from market.demonstration.world import World, read_log

# How far the broker has come with each of the first open demands.
_BY_HAND: tuple[tuple[LeadEvent, ...], ...] = (
    (),
    (LeadEvent.FORWARD,),
    (LeadEvent.FORWARD, LeadEvent.FORWARD),
    (LeadEvent.DROP,),
)


def fill_board(world: World, broker: Broker) -> None:
    """The board has something in each column; for one of the demands the broker has a mandate of its enterprise."""
    hands, at = actor_for(world, broker), world.now - timedelta(hours=4)
    demands = list(Demand.objects.filter(state=DemandState.OPEN, is_sample=True).select_related("organisation")[:5])
    for demand, events in zip(demands, _BY_HAND, strict=False):
        lead = add_lead(demand, None, actor=hands, now=at)
        for event in events:
            lead = move_lead(lead, event, actor=hands, now=at)
        write_note(lead, "已与需求单位技术负责人通话，待其确认工况参数（样例）。", actor=hands, now=at)
    enterprise = next(key for key, it in world.organisations.items() if it == demands[-1].organisation)
    mandate = engage(world, demands[-1], enterprise, broker, at=at)
    sign_engagement(mandate, version=1, actor=hands, now=at)
    read_log(world, "board.leads")
