"""Pages on which enterprises publish, change and close what they look for, and others accept its terms."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.demands.actions.demands import (
    accept_terms,
    change_demand,
    close_demand,
    draft_demand,
    publish_demand,
    publish_draft,
)
from listings.demands.forms.demands import (
    CloseForm,
    DemandForm,
    IndicatorRows,
    demand_from_words,
    demand_initial,
    indicator_rows_of,
    show_indicator_refusals,
)
from listings.demands.models.demands import Demand
from listings.demands.panels import demand_feet
from listings.demands.permissions import demand_for, require_reader_of_details
from listings.demands.queries.pages import demand_page, own_demands
from listings.demands.rules.demands import DemandEntry
from listings.demands.states import DEMAND, DemandEvent, DemandState
from market.accounts.permissions import own_organisation, require_role, require_verified
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def my_demands(request: MarketRequest) -> HttpResponse:
    return render(request, "demands/demand_list.html", {"demands": page_of(own_demands(request.actor), request)})


@require_safe
def show_demand(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    context = {"page": demand_page(demand, actor=request.actor), "feet": demand_feet.of(demand, request.actor)}
    return render(request, "demands/demand_page.html", context)


@login_required
def publish_new_demand(request: MarketRequest) -> HttpResponse:
    """A demand is published at once, or kept as a draft, as the button says that was pressed."""
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    require_verified(organisation)
    write = draft_demand if "draft" in request.POST else publish_demand

    def act(entry: DemandEntry) -> Demand:
        return write(entry, organisation=organisation, actor=request.actor, now=timezone.now())

    form = DemandForm(request.POST or None, initial=demand_from_words(request.GET.get("words", "")))
    return _entry_page(request, form, None, act)


@login_required
def change(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    require_role(request.actor, demand.organisation_id, Role.OWNER, Role.AGENT)
    form = DemandForm(request.POST or None, initial=demand_initial(demand))
    offer(form, lambda: DEMAND.move(demand.state, DemandEvent.CHANGE))
    return _entry_page(request, form, demand, lambda entry: change_demand(demand, entry, actor=request.actor, now=timezone.now()))


def _entry_page(
    request: MarketRequest, form: DemandForm, demand: Demand | None, act: Callable[[DemandEntry], Demand]
) -> HttpResponse:
    rows = IndicatorRows(
        request.POST if request.POST and "indicators-TOTAL_FORMS" in request.POST else None,
        prefix="indicators",
        initial=indicator_rows_of(demand.figures) if demand else None,
    )
    is_right = form.is_valid()
    if is_right and (not rows.is_bound or rows.is_valid()):
        entry = form.to_entry(rows if rows.is_bound else ())
        done = attempt(form, lambda: act(entry), beside=lambda refused: show_indicator_refusals(rows, refused))
        if done is not None:
            return acted(request, _said(done, is_new=demand is None), done.get_absolute_url())
    status = form_status(form)
    if rows.is_bound and not rows.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, "indicators": rows, "demand": demand, "rows_have_errors": rows.is_bound and not rows.is_valid()}
    return render(request, "demands/demand_form.html", context, status=status)


def _said(demand: Demand, *, is_new: bool) -> str:
    if not is_new:
        return _("Changed.")
    is_draft = demand.state == DemandState.DRAFT
    message = _("Saved as a draft under number %(number)s.") if is_draft else _("Published under number %(number)s.")
    return message % {"number": demand.number}


@login_required
@require_POST
def publish(request: MarketRequest, number: str) -> HttpResponse:
    demand = publish_draft(demand_for(request.actor, number), actor=request.actor, now=timezone.now())
    return acted(request, _("Published under number %(number)s.") % {"number": demand.number}, demand.get_absolute_url())


@login_required
def close(request: MarketRequest, number: str) -> HttpResponse:
    """A draft is discarded at once; of a published demand those who answered are told why."""
    demand = demand_for(request.actor, number)
    require_role(request.actor, demand.organisation_id, Role.OWNER, Role.AGENT)
    form = CloseForm(request.POST or None)
    form.fields["reason"].required = demand.state != DemandState.DRAFT
    offer(form, lambda: DEMAND.move(demand.state, DemandEvent.CLOSE))
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: close_demand(demand, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Closed."), demand.get_absolute_url())
    context = {"form": form, "title": _("Close the demand"), "about": demand, "back": demand.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))


@login_required
def accept(request: MarketRequest, number: str) -> HttpResponse:
    """The terms are shown in full; the button accepts them in the organisation's name."""
    demand = demand_for(request.actor, number)
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    require_reader_of_details(request.actor, demand, organisation)
    if request.method == "POST":
        accept_terms(demand, organisation=organisation, actor=request.actor, now=timezone.now())
        return acted(request, _("Accepted. You can read the details now."), demand.get_absolute_url())
    return render(request, "demands/accept_terms.html", {"demand": demand, "organisation": organisation})
