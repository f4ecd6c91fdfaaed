"""Pages on which a plan of payment is proposed and agreed, and the seller keeps its account of the deal."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contracts.settlement.actions.books import enter_cost, remove_cost, set_inventors_share
from contracts.settlement.actions.plans import agree_plan, propose_plan
from contracts.settlement.forms import (
    AgreePlanForm,
    CostForm,
    DueRows,
    PlanForm,
    RoyaltyForm,
    ShareForm,
    rows_of,
    royalty_initial,
)
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.permissions import require_settlement_mover, settlement_for
from contracts.settlement.queries.statement import least_share
from contracts.settlement.states import SETTLEMENT, SettlementEvent
from market.answers import acted, attempt, form_status, offer
from market.once.views import acts_once
from market.requests import MarketRequest


@login_required
@acts_once
def propose(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    require_settlement_mover(request.actor, settlement, "party")
    sent = request.POST or None
    form = PlanForm(sent)
    rows = DueRows(sent, prefix="dues", initial=rows_of(settlement))
    royalty = RoyaltyForm(sent, initial=royalty_initial(settlement)) if settlement.has_royalty else None
    offer(form, lambda: SETTLEMENT.move(settlement.state, SettlementEvent.PROPOSE))
    if form.is_valid() and rows.is_valid() and (royalty is None or royalty.is_valid()):
        plan = form.plan(rows, royalty)
        if attempt(form, lambda: propose_plan(settlement, plan, actor=request.actor, now=timezone.now())):
            return acted(request, _("Proposed. The other side is asked to agree."), settlement.get_absolute_url())
    is_wrong = form.is_bound and not form.errors
    status = 422 if is_wrong else form_status(form)
    context = {"form": form, "rows": rows, "royalty": royalty, "settlement": settlement}
    return render(request, "settlement/plan_form.html", context, status=status)


@login_required
@require_POST
@acts_once
def agree(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    form = AgreePlanForm(request.POST)
    digest = form.cleaned_data["digest"] if form.is_valid() else ""
    settlement = agree_plan(settlement, digest=digest, actor=request.actor, now=timezone.now())
    return acted(request, _("Agreed. The sums are asked for by their days."), settlement.get_absolute_url())


@login_required
@acts_once
def add_cost(request: MarketRequest, key: str) -> HttpResponse:
    settlement = _sellers(request, key)
    form = CostForm(request.POST or None, request.FILES or None, actor=request.actor)
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        paper, what, amount = data["documents"][0], data["what"], data["amount"]
        entered = attempt(
            form, lambda: enter_cost(settlement, what=what, amount=amount, document=paper, actor=request.actor, now=now)
        )
        if entered is not None:
            return acted(request, _("Entered. It lowers the net income."), settlement.get_absolute_url())
    context = {"form": form, "settlement": settlement, "title": _("Enter a cost of the deal")}
    return render(request, "settlement/act_form.html", context, status=form_status(form))


@login_required
@require_POST
@acts_once
def take_out_cost(request: MarketRequest, key: str, pk: int) -> HttpResponse:
    settlement = _sellers(request, key)
    remove_cost(get_object_or_404(settlement.costs, pk=pk), actor=request.actor, now=timezone.now())
    return acted(request, _("Taken out."), settlement.get_absolute_url())


@login_required
@acts_once
def set_share(request: MarketRequest, key: str) -> HttpResponse:
    settlement = _sellers(request, key)
    rate = settlement.inventors_rate or least_share(settlement)
    initial = {"rate": rate, "pays_apart": settlement.pays_reward_apart}
    form = ShareForm(request.POST or None, initial=initial)
    if form.is_valid():
        rate, apart, now = form.share(), form.cleaned_data["pays_apart"], timezone.now()
        if attempt(form, lambda: set_inventors_share(settlement, rate, pays_apart=apart, actor=request.actor, now=now)):
            return acted(request, _("Set."), settlement.get_absolute_url())
    context = {"form": form, "settlement": settlement, "title": _("Set the inventors' share")}
    return render(request, "settlement/act_form.html", context, status=form_status(form))


def _sellers(request: MarketRequest, key: str) -> Settlement:
    settlement = settlement_for(request.actor, key)
    require_settlement_mover(request.actor, settlement, "seller")
    return settlement
