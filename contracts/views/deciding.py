"""The registrars' workbench: the queue, the signs of the radar, two registrars, many at once, and appeals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.appeals import appeal_refusal, reopen_application, uphold_refusal
from contracts.actions.decisions import propose_decision, recognise_together, send_back_application
from contracts.actions.radar import answer_flag, assign_application, read_application
from contracts.forms.contracts import AnswerForm, AppealAnswerForm, AppealForm, AssignForm, ProposeForm, ReasonForm
from contracts.models import Application
from contracts.permissions import (
    application_for,
    require_applicant,
    require_application_mover,
    require_registrar,
    visible_applications,
)
from contracts.queries.applications import QUEUE_LENGTH, queue, registrars_of
from contracts.states import APPLICATION, ApplicationEvent
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import Refusal, Refused


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR, Role.SUPERVISOR)
    order = "signs" if request.GET.get("order") == "signs" else "due"
    rows = queue(visible_applications(request.actor), actor=request.actor, today=day_of(timezone.now()), order=order)
    context = {
        "rows": rows,
        "order": order,
        "is_registrar": request.actor.has(Role.REGISTRAR),
        "is_cut": len(rows) == QUEUE_LENGTH,
        "queue_length": QUEUE_LENGTH,
    }
    return render(request, "contracts/application_desk.html", context)


@login_required
@fresh_sign_in_required
@require_POST
def recognise_many(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR)
    chosen = list(visible_applications(request.actor).filter(key__in=request.POST.getlist("application")))
    if not chosen:
        raise Refused([Refusal("contracts.none_chosen")])
    done = recognise_together(chosen, actor=request.actor, now=timezone.now())
    text = ngettext("%(n)s contract recognised.", "%(n)s contracts recognised.", len(done)) % {"n": len(done)}
    return acted(request, text, "contracts:application_desk")


@login_required
@require_POST
def read(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    read_application(application, actor=request.actor, now=timezone.now())
    return acted(request, _("Marked as read by you."), application.get_absolute_url())


@login_required
def assign(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = AssignForm(request.POST or None, registrars=registrars_of(request.actor))
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.ASSIGN))
    if form.is_valid():
        to, now = form.cleaned_data["person"], timezone.now()
        if attempt(form, lambda: assign_application(application, to=to, actor=request.actor, now=now)):
            return acted(request, _("Assigned."), application.get_absolute_url())
    return _decision(request, form, application, _("Assign"))


@login_required
def answer(request: MarketRequest, key: str, code: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    flag = get_object_or_404(application.flags, code=code)
    form = AnswerForm(request.POST or None, initial={"answer": flag.answer})
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.PROPOSE))
    if form.is_valid():
        text, now = form.cleaned_data["answer"], timezone.now()
        if attempt(form, lambda: answer_flag(flag, answer=text, actor=request.actor, now=now)):
            return acted(request, _("Answered."), application.get_absolute_url())
    return _decision(request, form, application, _("Answer the sign"), flag=flag)


@login_required
@fresh_sign_in_required
def propose(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = ProposeForm(request.POST or None, initial={"technology_value": Money(application.technology_value_fen)})
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.PROPOSE))
    if form.is_valid():
        data, value, now = form.cleaned_data, form.value(), timezone.now()
        terms = {"proposal": data["proposal"], "code": data["code"], "reason": data["reason"]}
        if attempt(form, lambda: propose_decision(application, value=value, actor=request.actor, now=now, **terms)):
            return acted(request, _("Proposed. A second registrar decides."), application.get_absolute_url())
    return _decision(request, form, application, _("Propose the decision"), has_templates=True)


@login_required
def send_back(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_application_mover(request.actor, application, "second_registrar")
    form = ReasonForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.SEND_BACK))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: send_back_application(application, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Sent back to examination."), application.get_absolute_url())
    return _decision(request, form, application, _("Send back to examination"))


@login_required
def appeal(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_applicant(request.actor, application.contract)
    form = AppealForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.APPEAL))
    if form.is_valid():
        grounds, now = form.cleaned_data["grounds"], timezone.now()
        if attempt(form, lambda: appeal_refusal(application, grounds=grounds, actor=request.actor, now=now)):
            return acted(request, _("The supervisor has your appeal."), application.get_absolute_url())
    return _decision(request, form, application, _("Appeal against the refusal"))


@login_required
@fresh_sign_in_required
def uphold(request: MarketRequest, key: str) -> HttpResponse:
    return _answer_appeal(request, key, ApplicationEvent.UPHOLD, uphold_refusal, _("Uphold the refusal"))


@login_required
@fresh_sign_in_required
def reopen(request: MarketRequest, key: str) -> HttpResponse:
    return _answer_appeal(request, key, ApplicationEvent.REOPEN, reopen_application, _("Grant the appeal"))


def _answer_appeal(
    request: MarketRequest, key: str, event: ApplicationEvent, action: Callable[..., Application], title: str
) -> HttpResponse:
    application = application_for(request.actor, key)
    require_application_mover(request.actor, application, "supervisor")
    form = AppealAnswerForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, event))
    if form.is_valid():
        text, now = form.cleaned_data["answer"], timezone.now()
        if attempt(form, lambda: action(application, answer=text, actor=request.actor, now=now)):
            return acted(request, _("Entered."), application.get_absolute_url())
    return _decision(request, form, application, title, appeal=application.appeals.first())


def _decision(request: MarketRequest, form: forms.Form, application: Application, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "application": application, "title": title, **more}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))
