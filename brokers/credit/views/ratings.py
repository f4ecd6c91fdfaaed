"""The public pages of credit: a grade with its explanation, the rules, and the decisions on appeals."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from brokers.credit.forms import DayForm
from brokers.credit.permissions import holder_for, is_credit_official
from brokers.credit.queries.pages import credit_page
from brokers.credit.queries.records import published_decisions
from brokers.credit.rulebook import book
from market.pages import page_of
from market.requests import MarketRequest
from market.values.dates import day_of


@require_safe
def rating_page(request: MarketRequest, kind: str, key: str) -> HttpResponse:
    """Today's grade, or that of any day that the address asks for by `on`."""
    holder, today = holder_for(request.actor, kind, key), day_of(timezone.now())
    form = DayForm(request.GET or None)
    asked = form.cleaned_data["on"] if form.is_valid() else None
    day = min(asked, today) if asked else today
    page = credit_page(holder, request.actor, day=day)
    context = {"page": page, "form": form, "today": today, "may_enter": is_credit_official(request.actor)}
    return render(request, "credit/rating_page.html", context)


@require_safe
def rules(request: MarketRequest) -> HttpResponse:
    """What counts, how much, how long, and by which source."""
    scheme = book().on(day_of(timezone.now()))
    return render(request, "credit/rules.html", {"scheme": scheme, "severities": scheme.severities.values()})


@require_safe
def decisions(request: MarketRequest) -> HttpResponse:
    return render(request, "credit/decision_list.html", {"page": page_of(published_decisions(), request)})
