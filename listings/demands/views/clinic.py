"""The clinic: how a demand becomes measurable before it is published."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.demands.actions.demands import adopt_indicators
from listings.demands.permissions import demand_in_clinic, may_edit
from listings.demands.queries.demands import entry_of
from listings.demands.rules.clinic import examine_demand
from listings.demands.states import DEMAND, DemandEvent
from market.answers import acted
from market.requests import MarketRequest


@login_required
@require_safe
def clinic(request: MarketRequest, number: str) -> HttpResponse:
    """For the enterprise, and for a broker engaged by it."""
    demand = demand_in_clinic(request.actor, number)
    may_change = may_edit(request.actor, demand) and DEMAND.may(demand.state, DemandEvent.CHANGE)
    context = {"demand": demand, "found": examine_demand(entry_of(demand)), "may_change": may_change}
    return render(request, "demands/clinic.html", context)


@login_required
@require_POST
def adopt(request: MarketRequest, number: str) -> HttpResponse:
    demand = adopt_indicators(demand_in_clinic(request.actor, number), actor=request.actor, now=timezone.now())
    return acted(
        request, _("The indicators found in your words stand in the demand now; please check them."), demand.get_absolute_url()
    )
