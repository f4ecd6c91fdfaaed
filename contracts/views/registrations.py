"""Pages on which registrations are changed and ended."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.actions.registrations import (
    cancel_registration,
    decline_change,
    enter_change,
    request_change,
    revoke_registration,
)
from contracts.forms.contracts import ChangeAnswerForm, ChangeForm, EndForm, ReasonForm
from contracts.models import Change, Registration
from contracts.permissions import registration_for, require_applicant, require_registrar
from contracts.states import CHANGE, REGISTRATION, ChangeEvent, RegistrationEvent
from market.accounts.freshness import fresh_sign_in_required
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest


@login_required
@fresh_sign_in_required
def revoke(request: MarketRequest, number: str) -> HttpResponse:
    return _end(request, number, RegistrationEvent.REVOKE, revoke_registration, _("Revoke the registration"))


@login_required
@fresh_sign_in_required
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
    context = {"form": form, "contract": registration.contract, "title": title}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
def ask_change(request: MarketRequest, number: str) -> HttpResponse:
    registration = registration_for(request.actor, number)
    require_applicant(request.actor, registration.contract)
    parties = list(registration.contract.parties.all())
    form = ChangeForm(request.POST or None, request.FILES or None, actor=request.actor, parties=parties)
    offer(form, lambda: REGISTRATION.move(registration.state, RegistrationEvent.CHANGE))
    if form.is_valid():
        terms, files, now = form.to_terms(), form.cleaned_data["documents"], timezone.now()
        if attempt(form, lambda: request_change(registration, terms, documents=files, actor=request.actor, now=now)):
            return acted(request, _("The registry has the change to enter."), registration.contract.get_absolute_url())
    context = {"form": form, "contract": registration.contract, "title": _("Ask for a change")}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))


@login_required
@fresh_sign_in_required
def enter(request: MarketRequest, number: str, key: str) -> HttpResponse:
    change = _change_for(request, number, key)
    # Nothing need be said: an empty form is one that was sent.
    form = ChangeAnswerForm(request.POST if request.method == "POST" else None)
    offer(form, lambda: CHANGE.move(change.state, ChangeEvent.ENTER))
    if form.is_valid():
        text, now = form.cleaned_data["answer"], timezone.now()
        if attempt(form, lambda: enter_change(change, answer=text, actor=request.actor, now=now)):
            return acted(request, _("Entered in the register."), change.registration.contract.get_absolute_url())
    return _change_form(request, form, change, _("Enter the change"))


@login_required
def decline(request: MarketRequest, number: str, key: str) -> HttpResponse:
    change = _change_for(request, number, key)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: CHANGE.move(change.state, ChangeEvent.DECLINE))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: decline_change(change, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Declined. The applicant sees the reason."), change.registration.contract.get_absolute_url())
    return _change_form(request, form, change, _("Decline the change"))


def _change_for(request: MarketRequest, number: str, key: str) -> Change:
    registration = registration_for(request.actor, number)
    require_registrar(request.actor, registration.contract)
    return get_object_or_404(registration.changes.select_related("registration__contract"), key=key)


def _change_form(request: MarketRequest, form: ReasonForm | ChangeAnswerForm, change: Change, title: str) -> HttpResponse:
    context = {"form": form, "contract": change.registration.contract, "title": title, "change": change}
    return render(request, "contracts/decision_form.html", context, status=form_status(form))
