"""The pages of brokers, engagements and commissions."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.actions.brokers import apply_as_broker, reject_broker, verify_broker
from brokers.actions.engagements import (
    consent_to_both_sides,
    decline_engagement,
    end_engagement,
    propose_engagement,
    sign_engagement,
)
from brokers.forms import BrokerForm, EngagementForm, ReasonForm
from brokers.kinds import Side
from brokers.permissions import (
    broker_for,
    engagement_for,
    is_broker,
    is_principal,
    require_broker_institution,
    require_broker_official,
    require_may_apply,
    require_party,
    visible_commissions,
    visible_engagements,
)
from brokers.queries import brokers_to_verify, directory, own_broker
from brokers.states import BROKER, ENGAGEMENT, BrokerEvent, EngagementEvent
from listings.permissions.listings import listing_for
from market.accounts.permissions import own_organisation, require_official, require_verified
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@require_safe
def show_directory(request: MarketRequest) -> HttpResponse:
    return render(request, "brokers/broker_list.html", {"brokers": directory(), "own": own_broker(request.actor)})


@require_safe
def broker_page(request: MarketRequest, key: str) -> HttpResponse:
    broker = broker_for(request.actor, key)
    is_official = request.actor.has(Role.ADMINISTRATOR, Role.SUPERVISOR)
    context = {
        "broker": broker,
        "may_decide": is_official and broker.person_id != request.actor.person,
        "is_own": broker.person_id == request.actor.person,
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


@login_required
@require_safe
def my_engagements(request: MarketRequest) -> HttpResponse:
    return render(request, "brokers/engagement_list.html", {"engagements": visible_engagements(request.actor)})


@login_required
def propose(request: MarketRequest, number: str) -> HttpResponse:
    """A party proposes to a broker; the party is the listing's seller, or whoever wants to buy it."""
    listing = listing_for(request.actor, number)
    principal = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    side = Side.SELLER if listing.seller_id == principal.pk else Side.BUYER
    require_verified(principal)
    form = EngagementForm(request.POST or None, brokers=directory())
    if form.is_valid():
        terms, broker, now = form.to_terms(side), form.cleaned_data["broker"], timezone.now()
        engagement = attempt(
            form,
            lambda: propose_engagement(listing, terms, broker=broker, principal=principal, actor=request.actor, now=now),
        )
        if engagement is not None:
            return acted(request, _("Proposed. The broker signs or declines."), engagement.get_absolute_url())
    context = {"form": form, "listing": listing}
    return render(request, "brokers/engagement_form.html", context, status=form_status(form))


@login_required
@require_safe
def engagement_page(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    acts_as_broker = is_broker(request.actor, engagement)
    is_party = acts_as_broker or is_principal(request.actor, engagement)
    context = {
        "engagement": engagement,
        "commissions": visible_commissions(request.actor).filter(engagement=engagement),
        "may_sign": is_party and engagement.state == "proposed" and acts_as_broker != engagement.proposed_by_broker,
        "may_decline": is_party and engagement.state == "proposed",
        "may_end": is_party and engagement.state == "active",
        "may_consent": is_principal(request.actor, engagement) and engagement.state == "active" and not engagement.both_consent,
        "story": story(timeline([engagement.subject]), reader=request.actor),
    }
    return render(request, "brokers/engagement_page.html", context)


@login_required
@require_POST
def sign(request: MarketRequest, key: str) -> HttpResponse:
    engagement = sign_engagement(engagement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Signed: the mandate is in force."), engagement.get_absolute_url())


@login_required
@require_POST
def consent(request: MarketRequest, key: str) -> HttpResponse:
    engagement = consent_to_both_sides(engagement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(
        request, _("The broker may act for the other side too, once that side consents as well."), engagement.get_absolute_url()
    )


@login_required
@require_POST
def decline(request: MarketRequest, key: str) -> HttpResponse:
    engagement = decline_engagement(engagement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Declined."), engagement.get_absolute_url())


@login_required
def end(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    require_party(request.actor, engagement)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: ENGAGEMENT.move(engagement.state, EngagementEvent.END))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: end_engagement(engagement, reason=reason, actor=request.actor, now=timezone.now())):
            return acted(request, _("Ended."), engagement.get_absolute_url())
    context = {"form": form, "title": _("End the engagement"), "about": engagement, "back": engagement.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))


@login_required
@require_safe
def my_commissions(request: MarketRequest) -> HttpResponse:
    return render(request, "brokers/commission_list.html", {"commissions": visible_commissions(request.actor)})
