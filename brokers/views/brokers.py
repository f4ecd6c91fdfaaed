"""The pages of brokers and service providers: the directory, entries, verification."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.actions.brokers import apply_as_broker, reject_broker, verify_broker, write_service_profile
from brokers.forms import BrokerForm, DirectoryForm, ReasonForm, ServiceProfileForm, ServicesForm, written_profile
from brokers.panels import broker_panels, with_badges
from brokers.permissions import (
    broker_for,
    require_broker_institution,
    require_broker_official,
    require_may_apply,
    require_service_organisation,
    service_organisation_for,
)
from brokers.queries import brokers_found, brokers_to_verify, directory, organisations_found, own_broker
from brokers.states import BROKER, BrokerEvent
from market.accounts.permissions import acts_for, own_organisation, require_official
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@require_safe
def show_directory(request: MarketRequest) -> HttpResponse:
    form = DirectoryForm(request.GET or None)
    page = page_of(brokers_found(form.to_wish()), request)
    brokers = with_badges(list(page.object_list))
    context = {"page": page, "brokers": brokers, "form": form, "own": own_broker(request.actor)}
    return render(request, "brokers/broker_list.html", context)


@require_safe
def show_services(request: MarketRequest) -> HttpResponse:
    form = ServicesForm(request.GET or None)
    organisations = page_of(organisations_found(form.to_wish()), request)
    return render(request, "brokers/service_list.html", {"organisations": organisations, "form": form})


@require_safe
def service_page(request: MarketRequest, key: str) -> HttpResponse:
    organisation = service_organisation_for(key)
    context = {
        "organisation": organisation,
        "brokers": directory().filter(institution=organisation),
        "may_write": acts_for(request.actor, organisation.pk, Role.OWNER),
    }
    return render(request, "brokers/service_page.html", context)


@login_required
def write_service(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, Role.OWNER)
    require_service_organisation(organisation)
    form = ServiceProfileForm(request.POST or None, initial=written_profile(organisation))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        if attempt(form, lambda: write_service_profile(organisation, entry, actor=request.actor, now=now)):
            return acted(request, _("Saved. The directory shows it."), reverse("brokers:service_page", args=[organisation.key]))
    return render(request, "brokers/service_form.html", {"form": form, "organisation": organisation}, status=form_status(form))


@require_safe
def broker_page(request: MarketRequest, key: str) -> HttpResponse:
    broker = broker_for(request.actor, key)
    is_official = request.actor.has(Role.ADMINISTRATOR, Role.SUPERVISOR)
    context = {
        "broker": broker,
        "may_decide": is_official and broker.person_id != request.actor.person,
        "is_own": broker.person_id == request.actor.person,
        "panels": broker_panels.of(broker, request.actor),
    }
    return render(request, "brokers/broker_page.html", context)


@login_required
def apply(request: MarketRequest) -> HttpResponse:
    institution = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    require_broker_institution(institution)
    form = BrokerForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: require_may_apply(request.actor))
    if form.is_valid():
        entry, now = form.to_entry(), timezone.now()
        broker = attempt(form, lambda: apply_as_broker(entry, institution=institution, actor=request.actor, now=now))
        if broker is not None:
            return acted(request, _("Applied. An official will verify your certificate."), broker.get_absolute_url())
    return render(request, "brokers/broker_form.html", {"form": form}, status=form_status(form))


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.ADMINISTRATOR, Role.SUPERVISOR)
    return render(request, "brokers/broker_desk.html", {"brokers": page_of(brokers_to_verify(), request)})


@login_required
@require_POST
def verify(request: MarketRequest, key: str) -> HttpResponse:
    broker = verify_broker(broker_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Verified."), broker.get_absolute_url())


@login_required
def reject(request: MarketRequest, key: str) -> HttpResponse:
    broker = broker_for(request.actor, key)
    require_broker_official(request.actor, broker)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: BROKER.move(broker.state, BrokerEvent.REJECT))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: reject_broker(broker, reason=reason, actor=request.actor, now=timezone.now())):
            return acted(request, _("Rejected. The applicant sees the reason."), broker.get_absolute_url())
    context = {"form": form, "title": _("Reject with a reason"), "about": broker, "back": broker.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))
