"""Pages on which experts are asked and heard, and shareholders entered from the register of companies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contracts.actions.experts import ask_expert, enter_opinion, give_opinion
from contracts.actions.shareholders import enter_shareholders
from contracts.forms.contracts import ExpertForm, OpinionForm, OwnOpinionForm, ShareholdersForm
from contracts.models import Opinion, Shareholder
from contracts.permissions import (
    application_for,
    company_for,
    is_awaited,
    may_decide,
    opinion_for,
    own_opinion_for,
    require_registrar,
)
from contracts.queries.contracts import price_of
from contracts.queries.experts import shareholders_of_parties
from contracts.rules.amounts import technology_value
from contracts.states import APPLICATION, ApplicationEvent
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal


@login_required
@require_safe
def experts(request: MarketRequest, key: str) -> HttpResponse:
    """For officials: whom the registry asked, what they said, and who holds shares of the parties."""
    require_official(request.actor, Role.REGISTRAR, Role.SUPERVISOR)
    application = application_for(request.actor, key)
    context = {
        "application": application,
        "opinions": application.opinions.select_related("asked_by").prefetch_related("documents"),
        "shareholders": shareholders_of_parties(application.contract),
        "may_decide": may_decide(request.actor, application),
    }
    return render(request, "contracts/experts.html", context)


@login_required
def ask(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = ExpertForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.PROPOSE))
    if form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: ask_expert(application, **form.cleaned_data, actor=request.actor, now=now)):
            return acted(request, _("The expert is asked."), application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Ask an expert")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
def enter(request: MarketRequest, key: str, opinion_key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    opinion = opinion_for(request.actor, application, opinion_key)
    form = OpinionForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: _require_open(opinion))
    if form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: enter_opinion(opinion, **form.cleaned_data, actor=request.actor, now=now)):
            return acted(request, _("The opinion is kept with the case."), application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Enter the opinion"), "opinion": opinion}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
def give(request: MarketRequest, key: str) -> HttpResponse:
    """For the expert who was asked: the question and the contract until the opinion is given, then what was said."""
    opinion = own_opinion_for(request.actor, key)
    form = OwnOpinionForm(request.POST or None, request.FILES or None, actor=request.actor)
    if form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: give_opinion(opinion, **form.cleaned_data, actor=request.actor, now=now)):
            return acted(request, _("Thank you. Your opinion is with the registry."), opinion.get_absolute_url())
    context: dict[str, Any] = {"form": form, "opinion": opinion}
    if is_awaited(opinion):
        contract = opinion.application.contract
        context |= {"contract": contract, "steps": technology_value(price_of(contract)).steps}
    return render(request, "contracts/opinion_page.html", context, status=form_status(form))


def _require_open(opinion: Opinion) -> None:
    if opinion.person_id is not None:
        raise Forbidden([Refusal("contracts.expert_writes")])
    if opinion.given_at is not None:
        raise OutOfTurn([Refusal("contracts.opinion_given_before")])


@login_required
def shareholders(request: MarketRequest, code: str) -> HttpResponse:
    """Who holds shares of the company with this code; a registrar may come from an application."""
    code = company_for(request.actor, code)
    known = list(Shareholder.objects.filter(code=code))
    initial: dict[str, Any] = {"holders": "\n".join(f"{it.name} {it.percent}".strip() for it in known)}
    initial |= {"source": known[0].source, "as_of": known[0].as_of} if known else {}
    form = ShareholdersForm(request.POST or None, initial=initial)
    came_from = request.GET.get("from", "")
    back = application_for(request.actor, came_from).get_absolute_url() if came_from else reverse("contracts:my_contracts")
    if form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: enter_shareholders(code, **form.cleaned_data, actor=request.actor, now=now)) is not None:
            return acted(request, _("Entered. The radar has looked again."), back)
    context = {"form": form, "code": code, "back": back, "known": known}
    return render(request, "contracts/shareholders.html", context, status=form_status(form))
