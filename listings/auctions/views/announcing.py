"""Announcing an auction: the modes explained, the terms of one of them, and a preview of its timetable."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from listings.auctions.actions.auctions import announce_auction
from listings.auctions.forms import ANNOUNCE_FORMS
from listings.auctions.kinds import Mode
from listings.auctions.permissions import require_seller, require_unannounced
from listings.auctions.queries.timetable import timetable
from listings.permissions.listings import listing_for
from market.answers import acted, attempt, form_status, offer
from market.requests import MarketRequest


@login_required
def announce(request: MarketRequest, number: str) -> HttpResponse:
    """?mode= chooses the form; a press on the preview shows the timetable and announces nothing."""
    listing = listing_for(request.actor, number)
    require_seller(request.actor, listing.seller_id)
    chosen = request.GET.get("mode", "")
    mode = Mode(chosen) if chosen in Mode.values else Mode.ASCENDING
    form = ANNOUNCE_FORMS[mode](request.POST or None, listing=listing, initial={"start": listing.price})
    offer(form, lambda: require_unannounced(listing))
    moments = None
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        rehearsal_at = form.to_rehearsal(now=now)
        if "preview" in request.POST:
            moments = timetable(terms, rehearsal_at=rehearsal_at)
        else:
            auction = attempt(
                form,
                lambda: announce_auction(
                    listing, terms, preemption=form.to_preemption(), rehearsal_at=rehearsal_at, actor=request.actor, now=now
                ),
            )
            if auction is not None:
                return acted(request, _("Announced. The qualified buyers have their numbers."), auction.get_absolute_url())
    context = {"form": form, "listing": listing, "mode": mode, "modes": Mode.choices, "moments": moments}
    return render(request, "auctions/auction_form.html", context, status=form_status(form))
