"""Pages of deals."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from listings.actions.deals import fail_deal, state_obstacle
from listings.forms.achievements import FailDealForm, ObstacleForm
from listings.panels import deal_panels
from listings.permissions.deals import deal_for, is_party, visible_deals
from listings.queries.pages import deal_page
from listings.states.deals import DEAL, DealEvent
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status, offer
from market.once.views import acts_once
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.refusal import Forbidden, Refusal


@login_required
@require_safe
def my_deals(request: MarketRequest) -> HttpResponse:
    return render(request, "listings/deal_list.html", {"deals": page_of(visible_deals(request.actor), request)})


@login_required
@require_safe
def show_deal(request: MarketRequest, key: str) -> HttpResponse:
    deal = deal_for(request.actor, key)
    context = {
        "page": deal_page(deal, actor=request.actor, now=timezone.now()),
        "panels": deal_panels.of(deal, request.actor),
        "is_party": is_party(request.actor, deal),
        "may_fail": request.actor.has(Role.SUPERVISOR),
    }
    return render(request, "listings/deal_page.html", context)


@login_required
@acts_once
def fail(request: MarketRequest, key: str) -> HttpResponse:
    deal = deal_for(request.actor, key)
    require_official(request.actor, Role.SUPERVISOR)
    form = FailDealForm(request.POST or None)
    offer(form, lambda: DEAL.move(deal.state, DealEvent.FAIL))

    if form.is_valid():
        reason, is_default, now = form.cleaned_data["reason"], bool(form.cleaned_data["is_buyers_default"]), timezone.now()
        if attempt(form, lambda: fail_deal(deal, reason=reason, is_buyers_default=is_default, actor=request.actor, now=now)):
            return acted(request, _("The deal is declared failed."), deal.get_absolute_url())
    context = {"form": form, "title": _("Declare the deal failed"), "about": deal, "back": deal.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))


@login_required
def obstacle(request: MarketRequest, key: str) -> HttpResponse:
    deal = deal_for(request.actor, key)
    if not is_party(request.actor, deal):
        raise Forbidden([Refusal("accounts.role_missing")])
    form = ObstacleForm(request.POST or None)
    offer(form, lambda: DEAL.move(deal.state, DealEvent.FAIL))
    if form.is_valid():
        said, now = form.cleaned_data["obstacle"], timezone.now()
        if attempt(form, lambda: state_obstacle(deal, obstacle=said, actor=request.actor, now=now)):
            return acted(request, _("The other party and the supervisors are told."), deal.get_absolute_url())
    context = {"form": form, "title": _("State an obstacle"), "about": deal, "back": deal.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))
