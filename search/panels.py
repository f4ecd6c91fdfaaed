"""What stands at the foot of the pages of listings, achievements and demands: the way to what is around them."""

from __future__ import annotations

from django.urls import reverse

from brokers.models import Broker
from listings.demands.models.demands import Demand
from listings.demands.states import DemandState
from listings.models.achievements import Achievement
from listings.models.listings import Listing
from listings.states.achievements import AchievementState
from market.panels import Panel
from market.values.actor import Actor
from search.matches import suggestions_for

_TEMPLATE = "search/foot.html"


def listing_foot(listing: Listing, actor: Actor) -> Panel | None:
    """Of what is public already."""
    return _foot("search:related_to_listing", listing.number) if listing.is_public else None


def achievement_foot(achievement: Achievement, actor: Actor) -> Panel | None:
    """Of what is registered."""
    is_registered = achievement.state == AchievementState.REGISTERED
    return _foot("search:related_to_achievement", achievement.key) if is_registered else None


def demand_foot(demand: Demand, actor: Actor) -> Panel | None:
    """While it is open."""
    return _foot("search:related_to_demand", demand.number) if demand.state == DemandState.OPEN else None


def board_suggestions(broker: Broker, actor: Actor) -> Panel | None:
    """Under a broker's board: what may be worth a lead."""
    return Panel("search/board_suggestions.html", {"pairs": suggestions_for(broker, actor)})


def _foot(name: str, key: str) -> Panel:
    return Panel(_TEMPLATE, {"url": reverse(name, args=[key])})
