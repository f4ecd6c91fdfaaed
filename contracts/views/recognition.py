"""Pages on which recognition is applied for and decided."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.recognition import (
    apply_for_recognition,
    cancel_registration,
    recognise_contract,
    refuse_application,
    resubmit_application,
    return_application,
    revoke_registration,
    withdraw_application,
)
from contracts.forms import ApplicationForm, EndForm, ReasonForm, RecogniseForm, RefuseForm
from contracts.models import Registration
from contracts.permissions import (
    application_for,
    contract_for,
    may_decide,
    registration_for,
    require_no_case,
    require_registrar,
    require_seller,
)
from contracts.queries import application_dates, contract_page, open_applications
from contracts.states import APPLICATION, REGISTRATION, ApplicationEvent, RegistrationEvent
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import acts_for, require_official
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import Money


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR, Role.SUPERVISOR)
    return render(
        request, "contracts/application_desk.html", {"applications": open_applications(), "today": day_of(timezone.now())}
    )


@login_required
def apply(request: MarketRequest, key: str) -> HttpResponse:
    contract = contract_for(request.actor, key)
    require_seller(request.actor, contract)
    form = ApplicationForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: require_no_case(contract))
    if form.is_valid():
        files, now = form.cleaned_data["documents"], timezone.now()
        application = attempt(form, lambda: apply_for_recognition(contract, documents=files, actor=request.actor, now=now))
        if application is not None:
            return acted(request, _("Applied. The registry decides by the day shown."), application.get_absolute_url())
    context = {"form": form, "page": contract_page(contract, actor=request.actor)}
    return render(request, "contracts/application_form.html", context, status=form_status(form))


@login_required
@require_safe
def show_application(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    context = {
        "application": application,
        "page": contract_page(application.contract, actor=request.actor),
        "dates": application_dates(application, today=day_of(timezone.now())),
        "may_decide": may_decide(request.actor, application.contract),
        "is_seller": acts_for(request.actor, application.contract.seller_id, Role.OWNER, Role.AGENT),
    }
    return render(request, "contracts/application_page.html", context)


@login_required
@fresh_sign_in_required
def recognise(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_registrar(request.actor, application.contract)
    form = RecogniseForm(request.POST or None, initial={"technology_value": Money(application.technology_value_fen)})
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.RECOGNISE))
    if form.is_valid():
        value, now = form.value(), timezone.now()
        registration = attempt(
            form, lambda: recognise_contract(application, technology_value=value, actor=request.actor, now=now)
        )
        if registration is not None:
            message = _("Recognised and registered under number %(number)s.") % {"number": registration.number}
            return acted(request, message, application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Recognise and register")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


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
    form = RefuseForm(request.POST or None)
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.REFUSE))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        if attempt(
            form,
            lambda: refuse_application(application, code=data["code"], reason=data["reason"], actor=request.actor, now=now),
        ):
            return acted(request, _("Refused. The applicant sees the reason."), application.get_absolute_url())
    context = {"form": form, "application": application, "title": _("Refuse recognition")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
def resubmit(request: MarketRequest, key: str) -> HttpResponse:
    application = application_for(request.actor, key)
    require_seller(request.actor, application.contract)
    attached = list(application.documents.all())
    form = ApplicationForm(request.POST or None, request.FILES or None, actor=request.actor, initial={"documents": attached})
    offer(form, lambda: APPLICATION.move(application.state, ApplicationEvent.RESUBMIT))
    if form.is_valid():
        files, now = form.cleaned_data["documents"], timezone.now()
        if attempt(form, lambda: resubmit_application(application, documents=files, actor=request.actor, now=now)):
            return acted(request, _("The correction is with the registry."), application.get_absolute_url())
    context = {"form": form, "page": contract_page(application.contract, actor=request.actor), "application": application}
    return render(request, "contracts/application_form.html", context, status=form_status(form))


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    application = withdraw_application(application_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn."), application.get_absolute_url())


@login_required
@fresh_sign_in_required
def revoke(request: MarketRequest, number: str) -> HttpResponse:
    return _end(request, number, RegistrationEvent.REVOKE, revoke_registration, _("Revoke the registration"))


@login_required
def cancel(request: MarketRequest, number: str) -> HttpResponse:
    return _end(request, number, RegistrationEvent.CANCEL, cancel_registration, _("Cancel the registration"))


def _end(
    request: MarketRequest, number: str, event: RegistrationEvent, action: Callable[..., Registration], title: str
) -> HttpResponse:
    registration = registration_for(request.actor, number)
    require_registrar(request.actor, registration.contract)
    form = EndForm(request.POST or None)
    offer(form, lambda: REGISTRATION.move(registration.state, event))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: action(registration, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Entered in the register."), registration.contract.get_absolute_url())
    context = {"form": form, "application": registration.application, "title": title}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))
