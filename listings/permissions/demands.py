"""Who sees a demand: everybody once it is published, its enterprise before."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from listings.models.demands import Demand
from listings.states.demands import DemandState
from market.accounts.permissions import require_role
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal


def visible_demands(actor: Actor) -> QuerySet[Demand]:
    """Everybody's published ones, and one's own."""
    seen = ~Q(state=DemandState.DRAFT) & Q(published_at__isnull=False)
    if actor.organisation is not None:
        seen |= Q(organisation_id=actor.organisation)
    return Demand.objects.filter(seen).select_related("organisation")


def demand_for(actor: Actor, number: str) -> Demand:
    """The door: this demand, or 404."""
    demand = visible_demands(actor).filter(number=number).first()
    if demand is None:
        raise Http404
    return demand


def require_mover(actor: Actor, demand: Demand, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "clock":
        if not actor.is_clock:
            raise Forbidden([Refusal("accounts.role_missing")])
        return
    require_role(actor, demand.organisation_id, Role.OWNER, Role.AGENT)
