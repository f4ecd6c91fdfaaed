"""Pages on which recognition is applied for and decided."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.decisions import recognise_contract, refuse_application, return_application
from contracts.actions.recognition import withdraw_application
from contracts.export import form_rows
from contracts.forms.contracts import ReasonForm, RecogniseForm, RefuseForm
from contracts.models import Application, Registration
from contracts.national_form import FormLine, Subject, as_data, form_lines
from contracts.permissions import (
    application_for,
    may_decide,
    may_move,
    require_registrar,
)
from contracts.queries.applications import application_dates, needs_second_registrar
from contracts.queries.contracts import contract_page
from contracts.queries.origins import differences
from contracts.states import APPLICATION, ApplicationEvent, ApplicationState
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import acts_for
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.spreadsheets import csv_answer, workbook_answer
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import Money


@login_required
@require_safe
def show_application(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    actor, state, today = request.actor, application.state, day_of(timezone.now())
    decides, is_official = may_decide(actor, application), actor.has(Role.REGISTRAR, Role.SUPERVISOR)
    context = {
        "application": application,
        "page": contract_page(application.contract, actor=actor, application=application),
        "dates": application_dates(application, today=today),
        "may_decide": decides,
        "may_confirm": state == ApplicationState.EXAMINED and may_move(actor, application, "second_registrar"),
        "may_answer_appeal": state == ApplicationState.APPEALED and may_move(actor, application, "supervisor"),
        "needs_second": decides and state == ApplicationState.SUBMITTED and needs_second_registrar(application, today=today),
        "flags": application.flags.select_related("answered_by"),
        "appeals": application.appeals.all() if state in (ApplicationState.APPEALED, ApplicationState.UPHELD) else (),
        "differences": differences(application.contract),
        "is_official": is_official,
        "is_applicant": acts_for(actor, application.contract.applicant_id, Role.OWNER, Role.AGENT),
    }
    return render(request, "contracts/application_page.html", context)


@login_required
@fresh_sign_in_required
def recognise(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = RecogniseForm(request.POST or None, initial={"technology_value": _value_now(application)})
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.RECOGNISE))
    if form.is_valid():
        value, reason, now = form.value(), form.cleaned_data["reason"], timezone.now()
        registration = attempt(
            form, lambda: recognise_contract(application, technology_value=value, reason=reason, actor=request.actor, now=now)
        )
        if registration is not None:
            message = _("Recognised and registered under number %(number)s.") % {"number": registration.number}
            return acted(request, message, application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Recognise and register")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
@require_safe
def show_form(request: MarketRequest, key: str) -> HttpResponse:
    """The registration form in the national field set, to be printed or taken over."""
    application = application_for(request.actor, key)
    context = {"application": application, "lines": _lines(application), "differences": differences(application.contract)}
    return render(request, "contracts/national_form.html", context)


@login_required
@require_safe
def download_form_workbook(request: MarketRequest, key: str) -> StreamingHttpResponse:
    lines = _lines(application_for(request.actor, key))
    return workbook_answer("技术合同登记表", form_rows(lines), key)


@login_required
@require_safe
def download_form_csv(request: MarketRequest, key: str) -> StreamingHttpResponse:
    return csv_answer(form_rows(_lines(application_for(request.actor, key))), key)


@login_required
@require_safe
def download_form_data(request: MarketRequest, key: str) -> JsonResponse:
    data = as_data(_lines(application_for(request.actor, key)))
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{key}.json"'
    return response


def _lines(application: Application) -> list[FormLine]:
    registration: Registration | None = getattr(application.contract, "registration", None)
    values = (registration.contract_value_fen, registration.technology_value_fen) if registration else None
    contract_value, technology_value = values or (application.contract_value_fen, application.technology_value_fen)
    subject = Subject(application.contract, Money(contract_value), Money(technology_value))
    return form_lines(subject, is_decided=registration is not None)


def _value_now(application: Application) -> Money:
    """What was proposed, or else applied for."""
    fen = application.proposed_value_fen
    return Money(application.technology_value_fen if fen is None else fen)


@login_required
def return_(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.RETURN))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: return_application(application, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Returned. The applicant sees the reason."), application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Return for correction")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
@fresh_sign_in_required
def refuse(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    proposed = {"code": application.reason_code, "reason": application.reason} if application.proposal == "refuse" else {}
    form = RefuseForm(request.POST or None, initial=proposed)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.REFUSE))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        if attempt(
            form,
            lambda: refuse_application(application, code=data["code"], reason=data["reason"], actor=request.actor, now=now),
        ):
            return acted(request, _("Refused. The applicant sees the reason."), application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Refuse recognition"), "has_templates": True}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    application = withdraw_application(application_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn."), application.get_absolute_url())
