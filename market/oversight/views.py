"""The plan's figures, for everybody; and for officials what the worker could not do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from market.accounts.permissions import require_official
from market.events.queries import stuck_readers, troubles
from market.oversight.queries import plan_figures as figures_of_plan
from market.requests import MarketRequest
from market.values.actor import Role


@require_safe
def plan_figures(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/plan_figures.html", {"plan": figures_of_plan()})


@login_required
@require_safe
def attention(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.SUPERVISOR, Role.ADMINISTRATOR)
    return render(request, "oversight/attention.html", {"troubles": troubles(), "readers": stuck_readers()})
