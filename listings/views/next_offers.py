"""The page on which the next bidder takes a deal or declines it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.next_offers import accept_next_offer, decline_next_offer
from listings.permissions.deals import next_offer_for
from listings.states.deals import NEXT_OFFER, NextOfferEvent
from market.accounts.permissions import acts_for
from market.accounts.story import story
from market.answers import acted
from market.events.queries import timeline
from market.once.views import acts_once
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def next_offer_page(request: MarketRequest, key: str) -> HttpResponse:
    offer = next_offer_for(request.actor, key)
    is_buyer = acts_for(request.actor, offer.intent.buyer_id, Role.OWNER, Role.AGENT)
    context = {
        "offer": offer,
        "listing": offer.deal.offered,
        "is_buyer": is_buyer,
        "may_answer": is_buyer and NEXT_OFFER.may(offer.state, NextOfferEvent.DECLINE),
        "story": story(timeline([offer.subject, offer.intent.subject]), reader=request.actor),
    }
    return render(request, "listings/next_offer_page.html", context)


@login_required
@require_POST
@acts_once
def accept(request: MarketRequest, key: str) -> HttpResponse:
    offer = accept_next_offer(next_offer_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("You have accepted. What is to be done now stands here."), offer.get_absolute_url())


@login_required
@require_POST
@acts_once
def decline(request: MarketRequest, key: str) -> HttpResponse:
    offer = decline_next_offer(next_offer_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("You have declined."), offer.get_absolute_url())
