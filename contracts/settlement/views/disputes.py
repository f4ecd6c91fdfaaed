"""Pages on which a dispute about the money in escrow is opened, answered and decided."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.settlement.actions.disputes import answer_dispute, decide_dispute, open_dispute, require_going_on, withdraw_dispute
from contracts.settlement.forms import AnswerForm, DecisionForm, DisputeForm
from contracts.settlement.permissions import (
    dispute_for,
    may_decide,
    require_decider,
    require_settlement_mover,
    require_side,
    settlement_for,
    side_of,
)
from contracts.settlement.queries.money import sums_of
from contracts.settlement.queries.settlements import objections_to_decide, open_disputes
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.states import DISPUTE, OPEN_DISPUTE, DisputeEvent
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import require_official
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.SUPERVISOR)
    context = {"disputes": page_of(open_disputes(), request), "objections": objections_to_decide()[:200]}
    return render(request, "settlement/dispute_desk.html", context)


@login_required
@acts_once
def open_(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    require_side(request.actor, settlement)
    form = DisputeForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: require_going_on(settlement))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        reason, papers = data["reason"], data["documents"]
        dispute = attempt(form, lambda: open_dispute(settlement, reason=reason, documents=papers, actor=request.actor, now=now))
        if dispute is not None:
            return acted(
                request, _("Opened. Nothing leaves escrow until it is decided or withdrawn."), dispute.get_absolute_url()
            )
    context = {"form": form, "settlement": settlement, "title": _("Open a dispute about the money")}
    return render(request, "settlement/act_form.html", context, status=form_status(form))


@login_required
@require_safe
def show_dispute(request: MarketRequest, key: str) -> HttpResponse:
    dispute = dispute_for(request.actor, key)
    side = side_of(request.actor, dispute.settlement)
    context = {
        "dispute": dispute,
        "settlement": dispute.settlement,
        "sums": sums_of(dispute.settlement),
        "is_open": dispute.state in OPEN_DISPUTE,
        "is_opener": side == dispute.opener_id,
        "is_other": side is not None and side != dispute.opener_id,
        "may_decide": may_decide(request.actor, dispute.settlement),
        "story": story(timeline([dispute.subject]), reader=request.actor),
    }
    return render(request, "settlement/dispute_page.html", context)


@login_required
@acts_once
def answer(request: MarketRequest, key: str) -> HttpResponse:
    dispute = dispute_for(request.actor, key)
    require_settlement_mover(request.actor, dispute.settlement, "other_party", first=dispute.opener_id)
    form = AnswerForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: DISPUTE.move(dispute.state, DisputeEvent.ANSWER))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        said, papers = data["answer"], data["documents"]
        if attempt(form, lambda: answer_dispute(dispute, answer=said, documents=papers, actor=request.actor, now=now)):
            return acted(request, _("Answered. A supervisor decides."), dispute.get_absolute_url())
    context = {
        "form": form,
        "settlement": dispute.settlement,
        "title": _("Answer the dispute"),
        "back": dispute.get_absolute_url(),
    }
    return render(request, "settlement/act_form.html", context, status=form_status(form))


@login_required
@require_POST
@acts_once
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    dispute = withdraw_dispute(dispute_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn. The money goes on its way."), dispute.settlement.get_absolute_url())


@login_required
@fresh_sign_in_required
@acts_once
def decide(request: MarketRequest, key: str) -> HttpResponse:
    dispute = dispute_for(request.actor, key)
    require_decider(request.actor, dispute.settlement)
    form = DecisionForm(request.POST or None)
    offer(form, lambda: DISPUTE.move(dispute.state, DisputeEvent.DECIDE))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        outcome, part, grounds = Outcome(data["outcome"]), data["to_seller"], data["grounds"]
        decided = attempt(
            form, lambda: decide_dispute(dispute, outcome, to_seller=part, grounds=grounds, actor=request.actor, now=now)
        )
        if decided is not None:
            return acted(request, _("Decided. Both sides are told, and finance has its orders."), decided.get_absolute_url())
    context = {"form": form, "dispute": dispute, "settlement": dispute.settlement, "sums": sums_of(dispute.settlement)}
    return render(request, "settlement/decision_form.html", context, status=form_status(form))
