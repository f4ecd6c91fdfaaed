"""Pages of the rule sets: what holds for an application of which day, from where, and how sure that is."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contracts.queries.rules import rule_set_page
from contracts.rule_sets import rule_set_for, rule_sets
from market.requests import MarketRequest
from market.values.dates import day_of


@require_safe
def show_rule_sets(request: MarketRequest) -> HttpResponse:
    in_force = rule_set_for(day_of(timezone.now()))
    context = {"rule_sets": list(rule_sets().values())[::-1], "in_force": in_force}
    return render(request, "contracts/rule_set_list.html", context)


@require_safe
def show_rule_set(request: MarketRequest, rule_set: str) -> HttpResponse:
    found = rule_sets().get(rule_set)
    if found is None:
        raise Http404
    context = {"page": rule_set_page(found, today=day_of(timezone.now())), "is_official": request.actor.is_official}
    return render(request, "contracts/rule_set_page.html", context)
