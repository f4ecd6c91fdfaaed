"""Pages on which achievements are listed, and listings changed and withdrawn."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.listings import (
    change_listing,
    change_price,
    discard_listing,
    draft_listing,
    publish_listing,
    withdraw_listing,
)
from listings.forms.achievements import ReasonForm
from listings.forms.listings import ListingForm, PriceForm, initial_of
from listings.panels import listing_feet, listing_panels
from listings.permissions.achievements import achievement_for
from listings.permissions.listings import listing_for, require_may_list
from listings.queries.notices import listing_limits
from listings.queries.pages import listing_page, listings_of
from listings.states.listings import LISTING, ListingEvent
from market.accounts.models import Organisation
from market.accounts.permissions import require_role, visible_organisations
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Actor, Role
from market.values.dates import day_of


@login_required
@require_safe
def my_listings(request: MarketRequest) -> HttpResponse:
    return render(request, "listings/listing_list.html", {"listings": page_of(listings_of(request.actor), request)})


@require_safe
def show_listing(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    page = listing_page(listing, actor=request.actor, now=timezone.now())
    panels, feet = listing_panels.of(listing, request.actor), listing_feet.of(listing, request.actor)
    return render(request, "listings/listing_page.html", {"page": page, "panels": panels, "feet": feet})


@login_required
def draft(request: MarketRequest, key: str) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    require_role(request.actor, achievement.organisation_id, Role.OWNER, Role.AGENT)
    limits = listing_limits(achievement.organisation.kind, day_of(timezone.now()))
    initial = {"notice_period": limits.announcement.count}
    form = ListingForm(request.POST or None, buyers=_possible_buyers(request.actor), initial=initial)
    offer(form, lambda: require_may_list(achievement))
    if form.is_valid():
        terms = form.to_terms()
        listing = attempt(form, lambda: draft_listing(achievement, terms, actor=request.actor, now=timezone.now()))
        if listing is not None:
            return acted(request, _("Prepared. Check the page, then publish it."), listing.get_absolute_url())
    context = {"form": form, "achievement": achievement, "limits": limits}
    return render(request, "listings/listing_form.html", context, status=form_status(form))


@login_required
def change(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    require_role(request.actor, listing.seller_id, Role.OWNER, Role.AGENT)
    form = ListingForm(request.POST or None, buyers=_possible_buyers(request.actor), initial=initial_of(listing))
    offer(form, lambda: LISTING.move(listing.state, ListingEvent.PUBLISH))
    if form.is_valid():
        terms = form.to_terms()
        if attempt(form, lambda: change_listing(listing, terms, actor=request.actor, now=timezone.now())):
            return acted(request, _("Changed."), listing.get_absolute_url())
    limits = listing_limits(listing.seller.kind, day_of(timezone.now()))
    context = {"form": form, "listing": listing, "achievement": listing.achievement, "limits": limits}
    return render(request, "listings/listing_form.html", context, status=form_status(form))


def _possible_buyers(actor: Actor) -> QuerySet[Organisation]:
    return (
        visible_organisations(actor)
        .filter(kind__in=["enterprise", "university", "institute"])
        .exclude(pk=actor.organisation or 0)
    )


@login_required
@require_POST
def publish(request: MarketRequest, number: str) -> HttpResponse:
    listing = publish_listing(listing_for(request.actor, number), actor=request.actor, now=timezone.now())
    return acted(request, _("Published. The notice period runs from tomorrow."), listing.get_absolute_url())


@login_required
@require_POST
def discard(request: MarketRequest, number: str) -> HttpResponse:
    discard_listing(listing_for(request.actor, number), actor=request.actor, now=timezone.now())
    return redirect("listings:my_listings")


@login_required
def lower_price(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    require_role(request.actor, listing.seller_id, Role.OWNER, Role.AGENT)
    form = PriceForm(request.POST or None)
    offer(form, lambda: LISTING.move(listing.state, ListingEvent.CHANGE_PRICE))
    if form.is_valid():
        price, approval = form.cleaned_data["price"], form.cleaned_data["approval"]
        now = timezone.now()
        if attempt(form, lambda: change_price(listing, price, approval=approval, actor=request.actor, now=now)):
            return acted(request, _("The price is lower; a new notice has begun."), listing.get_absolute_url())
    context = {"form": form, "listing": listing}
    return render(request, "listings/price_form.html", context, status=form_status(form))


@login_required
def withdraw(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    require_role(request.actor, listing.seller_id, Role.OWNER, Role.AGENT)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: LISTING.move(listing.state, ListingEvent.WITHDRAW))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: withdraw_listing(listing, reason=reason, actor=request.actor, now=timezone.now())):
            return acted(request, _("Withdrawn."), listing.get_absolute_url())
    context = {"form": form, "title": _("Withdraw the listing"), "about": listing, "back": listing.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))
