"""Pages on which buyers register intents and sellers decide on them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.intents import confirm_intent, qualify_intent, register_intent, reject_intent, withdraw_intent
from listings.forms.achievements import ReasonForm
from listings.forms.listings import ConfirmIntentForm, IntentForm
from listings.models.deals import NextOffer
from listings.permissions.listings import intent_for, listing_for, require_other_buyer, visible_intents
from listings.states.listings import INTENT, LISTING, IntentEvent, IntentState, ListingEvent
from market.accounts.permissions import acts_for, own_organisation, require_role
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.payments.queries.deposits import latest_deposit
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def my_intents(request: MarketRequest) -> HttpResponse:
    intents = visible_intents(request.actor).order_by("-registered_at")
    return render(request, "listings/intent_list.html", {"intents": page_of(intents, request)})


@login_required
@acts_once
def register(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    buyer = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    form = IntentForm(request.POST or None, request.FILES or None, actor=request.actor, initial={"offered_price": listing.price})
    require_other_buyer(request.actor, listing, buyer)
    offer(form, lambda: LISTING.move(listing.state, ListingEvent.EXTEND))
    if form.is_valid():
        terms, files, now = form.to_terms(), form.cleaned_data["documents"], timezone.now()
        intent = attempt(
            form, lambda: register_intent(listing, terms, buyer=buyer, documents=files, actor=request.actor, now=now)
        )
        if intent is not None:
            return acted(request, _("Registered. The seller will examine your intent."), intent.get_absolute_url())
    context = {"form": form, "listing": listing}
    return render(request, "listings/intent_form.html", context, status=form_status(form))


@login_required
@require_safe
def intent_page(request: MarketRequest, key: str) -> HttpResponse:
    intent = intent_for(request.actor, key)
    context = {
        "intent": intent,
        "is_seller": acts_for(request.actor, intent.listing.seller_id, Role.OWNER, Role.AGENT),
        "next_offer": NextOffer.objects.filter(intent=intent).first() if intent.state == IntentState.LOST else None,
        "story": story(timeline([intent.subject]), reader=request.actor),
        "deposit": latest_deposit(intent.subject),
        "is_buyer": acts_for(request.actor, intent.buyer_id, Role.OWNER, Role.AGENT),
    }
    return render(request, "listings/intent_page.html", context)


@login_required
@require_POST
def qualify(request: MarketRequest, key: str) -> HttpResponse:
    intent = qualify_intent(intent_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(
        request, _("Qualified. At the end of the notice the deal is concluded or bidding opens."), intent.get_absolute_url()
    )


@login_required
def reject(request: MarketRequest, key: str) -> HttpResponse:
    intent = intent_for(request.actor, key)
    require_role(request.actor, intent.listing.seller_id, Role.OWNER, Role.AGENT)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: INTENT.move(intent.state, IntentEvent.REJECT))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: reject_intent(intent, reason=reason, actor=request.actor, now=timezone.now())):
            return acted(request, _("Rejected. The buyer sees the reason."), intent.get_absolute_url())
    context = {"form": form, "title": _("Reject the intent"), "about": intent, "back": intent.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))


@login_required
@acts_once
def confirm(request: MarketRequest, key: str) -> HttpResponse:
    intent = intent_for(request.actor, key)
    require_role(request.actor, intent.buyer_id, Role.OWNER, Role.AGENT)
    form = ConfirmIntentForm(request.POST or None, initial={"offered_price": intent.offered_price})
    offer(form, lambda: INTENT.move(intent.state, IntentEvent.CONFIRM))
    if form.is_valid():
        price = form.cleaned_data["offered_price"]
        if attempt(form, lambda: confirm_intent(intent, price, actor=request.actor, now=timezone.now())):
            return acted(request, _("Confirmed. Your intent counts for the listing as it is now."), intent.get_absolute_url())
    context = {"form": form, "intent": intent}
    return render(request, "listings/intent_confirm.html", context, status=form_status(form))


@login_required
@require_POST
@acts_once
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    intent = withdraw_intent(intent_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Withdrawn."), intent.get_absolute_url())
