"""The plan's figures, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from market.oversight.queries import plan_figures as figures_of_plan


@require_safe
def plan_figures(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/plan_figures.html", {"plan": figures_of_plan()})
