"""Pages of deals and of the demands that enterprises publish."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.deals import fail_deal, state_obstacle
from listings.actions.demands import change_demand, close_demand, draft_demand, publish_demand, publish_draft
from listings.forms.achievements import FailDealForm, ObstacleForm
from listings.forms.listings import DemandForm, demand_from_words, demand_initial
from listings.panels import deal_panels, demand_feet
from listings.permissions.deals import deal_for, is_party, visible_deals
from listings.permissions.demands import demand_for, visible_demands
from listings.queries.pages import deal_page
from listings.states.deals import DEAL, DealEvent
from listings.states.demands import DEMAND, DemandEvent
from market.accounts.permissions import acts_for, own_organisation, require_official, require_role, require_verified
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
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


@login_required
@require_safe
def my_demands(request: MarketRequest) -> HttpResponse:
    demands = visible_demands(request.actor).filter(organisation=request.actor.organisation)
    return render(request, "listings/demand_list.html", {"demands": page_of(demands, request)})


@require_safe
def show_demand(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    is_own = acts_for(request.actor, demand.organisation_id, Role.OWNER, Role.AGENT)
    context = {
        "demand": demand,
        "may_close": is_own and DEMAND.may(demand.state, DemandEvent.CLOSE),
        "may_publish": is_own and DEMAND.may(demand.state, DemandEvent.PUBLISH),
        "story": story(timeline([demand.subject]), reader=request.actor) if is_own or request.actor.is_official else [],
        "feet": demand_feet.of(demand, request.actor),
    }
    return render(request, "listings/demand_page.html", context)


@login_required
def publish_new_demand(request: MarketRequest) -> HttpResponse:
    """A demand is published at once, or kept as a draft, as the button says that was pressed."""
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    require_verified(organisation)
    form = DemandForm(request.POST or None, initial=demand_from_words(request.GET.get("words", "")))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        is_draft = "draft" in request.POST
        action = draft_demand if is_draft else publish_demand
        demand = attempt(form, lambda: action(entry, organisation=organisation, actor=request.actor, now=now))
        if demand is not None:
            message = _("Saved as a draft under number %(number)s.") if is_draft else _("Published under number %(number)s.")
            return acted(request, message % {"number": demand.number}, demand.get_absolute_url())
    return render(request, "listings/demand_form.html", {"form": form}, status=form_status(form))


@login_required
def change(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    require_role(request.actor, demand.organisation_id, Role.OWNER, Role.AGENT)
    form = DemandForm(request.POST or None, initial=demand_initial(demand))
    offer(form, lambda: DEMAND.move(demand.state, DemandEvent.PUBLISH))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        if attempt(form, lambda: change_demand(demand, entry, actor=request.actor, now=now)):
            return acted(request, _("Changed."), demand.get_absolute_url())
    return render(request, "listings/demand_form.html", {"form": form, "demand": demand}, status=form_status(form))


@login_required
@require_POST
def publish(request: MarketRequest, number: str) -> HttpResponse:
    demand = publish_draft(demand_for(request.actor, number), actor=request.actor, now=timezone.now())
    return acted(request, _("Published under number %(number)s.") % {"number": demand.number}, demand.get_absolute_url())


@login_required
@require_POST
def close(request: MarketRequest, number: str) -> HttpResponse:
    close_demand(demand_for(request.actor, number), actor=request.actor, now=timezone.now())
    return redirect("listings:my_demands")
