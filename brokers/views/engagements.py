"""The pages of engagements: proposed, negotiated, signed, disputed, ended."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.actions.engagements import (
    consent_to_both_sides,
    counter_engagement,
    decide_dispute,
    decline_engagement,
    dispute_engagement,
    end_engagement,
    propose_engagement,
    sign_engagement,
    withdraw_dispute,
)
from brokers.forms import DisputeDecisionForm, EngagementForm, ReasonForm, VersionForm, typed_terms
from brokers.kinds import Side
from brokers.models import Engagement, title_of
from brokers.panels import engagement_panels
from brokers.permissions import (
    engagement_for,
    is_broker,
    require_dispute_official,
    require_engagement_mover,
    require_party,
    visible_commissions,
    visible_engagements,
    visible_introductions,
)
from brokers.queries import directory, moves_open_to, own_broker, versions_of
from brokers.states import ENGAGEMENT, EngagementEvent, EngagementState
from listings.demands.models.demands import Demand
from listings.demands.permissions import demand_for
from listings.models.listings import Listing
from listings.permissions.listings import listing_for
from market.accounts.models import Organisation
from market.accounts.permissions import own_organisation, require_verified
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role

_OTHER = {Side.SELLER: Side.BUYER, Side.BUYER: Side.SELLER}


@login_required
@require_safe
def my_engagements(request: MarketRequest) -> HttpResponse:
    engagements = page_of(visible_engagements(request.actor), request)
    return render(request, "brokers/engagement_list.html", {"engagements": engagements})


@login_required
def propose(request: MarketRequest, number: str) -> HttpResponse:
    """A party proposes to a broker: the listing's seller, or whoever wants to buy. A broker proposes to one of them."""
    listing = listing_for(request.actor, number)
    return _propose(request, listing, owner=listing.seller, owners_side=Side.SELLER)


@login_required
def propose_for_demand(request: MarketRequest, number: str) -> HttpResponse:
    """The same for a demand: its enterprise, or whoever wants to answer it; or a broker to one of them."""
    demand = demand_for(request.actor, number)
    return _propose(request, demand, owner=demand.organisation, owners_side=Side.BUYER)


def _propose(request: MarketRequest, matter: Listing | Demand, *, owner: Organisation, owners_side: Side) -> HttpResponse:
    acting = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    require_verified(acting)
    form = EngagementForm(request.POST or None, brokers=directory(), own=own_broker(request.actor), acting=acting, owner=owner)
    if form.is_valid():
        principal, broker, now = form.cleaned_data["principal"], form.cleaned_data["broker"], timezone.now()
        terms = form.to_terms(owners_side if principal == owner else _OTHER[owners_side])
        engagement = attempt(
            form,
            lambda: propose_engagement(matter, terms, broker=broker, principal=principal, actor=request.actor, now=now),
        )
        if engagement is not None:
            return acted(
                request, _("Proposed. The other side signs, proposes other terms, or declines."), engagement.get_absolute_url()
            )
    context = {"form": form, "about": title_of(matter), "back": matter.get_absolute_url()}
    return render(request, "brokers/engagement_form.html", context, status=form_status(form))


@login_required
def counter(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    form = EngagementForm(request.POST or None, engagement=engagement, initial=typed_terms(engagement))
    offer(form, lambda: _require_move(request, engagement, EngagementEvent.COUNTER))
    if form.is_valid():
        terms, version, now = form.to_terms(engagement.side), form.cleaned_data["version"], timezone.now()
        if attempt(form, lambda: counter_engagement(engagement, terms, version=version, actor=request.actor, now=now)):
            return acted(request, _("Other terms proposed. The other side is asked now."), engagement.get_absolute_url())
    context = {"form": form, "about": engagement.title, "engagement": engagement, "back": engagement.get_absolute_url()}
    return render(request, "brokers/engagement_form.html", context, status=form_status(form))


def _require_move(request: MarketRequest, engagement: Engagement, event: EngagementEvent) -> None:
    require_engagement_mover(request.actor, engagement, ENGAGEMENT.move(engagement.state, event).by)


@login_required
@require_safe
def engagement_page(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    versions = versions_of(engagement)
    context = {
        "engagement": engagement,
        "commissions": visible_commissions(request.actor).filter(engagement=engagement),
        "introductions": visible_introductions(request.actor).filter(engagement=engagement),
        "may_introduce": is_broker(request.actor, engagement) and engagement.state == EngagementState.ACTIVE,
        "versions": versions,
        "signing": VersionForm(initial={"version": len(versions)}),
        "open": moves_open_to(request.actor, engagement),
        "panels": engagement_panels.of(engagement, request.actor),
        "story": story(timeline([engagement.subject]), reader=request.actor),
    }
    return render(request, "brokers/engagement_page.html", context)


@login_required
@require_POST
def sign(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    form = VersionForm(request.POST)
    # Without a version nobody can say what was read: it counts as an old one.
    version = form.cleaned_data["version"] if form.is_valid() else 0
    sign_engagement(engagement, version=version, actor=request.actor, now=timezone.now())
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
@acts_once
def dispute(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: _require_move(request, engagement, EngagementEvent.DISPUTE))
    if form.is_valid():
        statement, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: dispute_engagement(engagement, statement=statement, actor=request.actor, now=now)):
            return acted(
                request, _("A supervisor will decide. Until then nothing is paid of this mandate."), engagement.get_absolute_url()
            )
    context = {"form": form, "title": _("Open a dispute"), "about": engagement, "back": engagement.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))


@login_required
@require_POST
@acts_once
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    engagement = withdraw_dispute(engagement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("The dispute is withdrawn."), engagement.get_absolute_url())


@login_required
@acts_once
def decide(request: MarketRequest, key: str) -> HttpResponse:
    engagement = engagement_for(request.actor, key)
    require_dispute_official(request.actor, engagement)
    form = DisputeDecisionForm(request.POST or None)
    offer(form, lambda: ENGAGEMENT.move(engagement.state, EngagementEvent.KEEP))
    if form.is_valid():
        decision, now = form.cleaned_data, timezone.now()
        if attempt(form, lambda: decide_dispute(engagement, **decision, actor=request.actor, now=now)):
            return acted(request, _("Decided. Both sides see the grounds."), engagement.get_absolute_url())
    context = {"form": form, "title": _("Decide the dispute"), "about": engagement, "back": engagement.get_absolute_url()}
    return render(request, "brokers/reason_form.html", context, status=form_status(form))
