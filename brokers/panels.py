"""What a deal's page shows of its brokers, and what higher apps show of a broker or a mandate, and beside the brokers of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.urls import reverse

from brokers.models import Broker, Engagement
from brokers.permissions import visible_commissions
from brokers.queries import engagements_for_deal, own_broker
from listings.demands.models.demands import Demand
from listings.demands.states import DemandState
from listings.models.deals import Deal
from market.accounts.permissions import acts_for
from market.panels import Panel, Panels
from market.values.actor import Actor, Role

broker_panels: Panels[Broker] = Panels()
engagement_panels: Panels[Engagement] = Panels()

# The badges of these brokers by primary key, for a whole page of them at once.
type BadgeMaker = Callable[[Sequence[Broker]], Mapping[int, Panel]]
_BADGES: list[BadgeMaker] = []


def offer_badges(maker: BadgeMaker) -> None:
    """Lists of brokers show what this function gives beside each."""
    _BADGES.append(maker)


def with_badges(brokers: Sequence[Broker]) -> list[tuple[Broker, list[Panel]]]:
    """Each broker with the badges that higher apps give; as many questions to the database as there are makers."""
    given = [maker(brokers) for maker in _BADGES]
    return [(broker, [badges[broker.pk] for badges in given if broker.pk in badges]) for broker in brokers]


def demand_mandate(demand: Demand, actor: Actor) -> Panel | None:
    """While the demand is open, the way to a mandate: for its enterprise, and for whoever is a broker."""
    is_broker = actor.person is not None and own_broker(actor) is not None
    if demand.state != DemandState.OPEN or not (is_broker or acts_for(actor, demand.organisation_id, Role.OWNER, Role.AGENT)):
        return None
    url = reverse("brokers:propose_engagement_for_demand", args=[demand.number])
    return Panel("brokers/demand_mandate.html", {"url": url, "is_broker": is_broker})


def broker_panel(deal: Deal, actor: Actor) -> Panel | None:
    """The brokers engaged by either side, and what the actor may see of their commissions."""
    engagements = list(engagements_for_deal(deal))
    if not engagements:
        return None
    commissions = list(visible_commissions(actor).filter(deal=deal))
    return Panel("brokers/deal_brokers.html", {"engagements": engagements, "commissions": commissions})
