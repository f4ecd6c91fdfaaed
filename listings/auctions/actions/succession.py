"""After a winner's default: who of the auction is asked next?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from listings.actions.next_offers import make_next_offer, note_no_next_offer
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.queries.results import offers_that_count
from listings.auctions.rules.offers import next_in_rank
from listings.auctions.states import AuctionState
from listings.models.deals import Deal, NextOffer
from listings.queries.deals import intents_asked
from market.accounts.states import OrganisationState
from market.policy.queries import policy_on
from market.values.dates import day_of
from market.values.money import Money


@transaction.atomic
def ask_next_bidder(deal: Deal, *, now: datetime) -> NextOffer | None:
    """The next bidder in rank is asked to take the failed deal, or it stands that nobody is left; nothing without an auction.

    Passed over are those who had the deal or were asked before, and who is barred from the market; no more are asked than the
    policy says. Events: next_offer.made, or listing.nobody_left.
    """
    auction = Auction.objects.filter(listing_id=deal.listing_id or 0, rehearsal_of=None, state=AuctionState.CLOSED).first()
    if auction is None:
        return None
    asked = NextOffer.objects.filter(deal__listing=deal.listing_id).count()
    found = _next(auction, deal) if asked < policy_on("deal.next_offers", day_of(now)).count else None
    if found is None:
        note_no_next_offer(deal, now=now)
        return None
    bidder, amount = found
    return make_next_offer(deal, bidder.intent, amount, now=now)


def _next(auction: Auction, deal: Deal) -> tuple[BidderPass, Money] | None:
    asked = intents_asked(deal)
    passes = {own.pk: own for own in auction.passes.select_related("intent", "organisation")}
    barred = {
        key for key, own in passes.items() if own.intent_id in asked or own.organisation.state != OrganisationState.VERIFIED
    }
    reserve = None if auction.reserve_price_fen is None else Money(auction.reserve_price_fen)
    best = next_in_rank(offers_that_count(auction), passed_over=barred, floor=reserve)
    return (passes[best.bidder], best.amount) if best else None
