"""The plan's figures, for everybody; and for officials what the worker could not do, and how the market does."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from market.accounts.permissions import require_official
from market.events.queries import stuck_readers, troubles
from market.oversight.permissions import is_monitor
from market.oversight.queries.health import health_now
from market.oversight.queries.plans import plan_figures as figures_of_plan
from market.oversight.rules import what_is_wrong
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


@require_safe
def deep_health(request: MarketRequest) -> HttpResponse:
    """For monitoring with its token, and for officials; also when the market does badly the answer is 200, so it is read."""
    if not is_monitor(request.headers.get("Authorization", "")):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        require_official(request.actor, Role.SUPERVISOR, Role.ADMINISTRATOR)
    try:
        health = health_now(timezone.now())
    except Error:
        return JsonResponse({"healthy": False, "wrong": ["missing"], "missing": ["database"]}, status=503)
    wrong = what_is_wrong(health)
    return JsonResponse({"healthy": not wrong, "wrong": wrong, **asdict(health)})
