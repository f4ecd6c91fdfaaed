"""Auctions in a given state, built through the actions that lead there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from listings.actions.deals import close_due_notice
from listings.auctions.actions.auctions import announce_auction, open_auction
from listings.auctions.models import Auction
from listings.auctions.rules.ascending import AuctionTerms
from listings.models.listings import Listing
from market.values.money import Money
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast

START, STEP = Money.yuan("1250000"), Money.yuan("10000")


def a_listing_in_bidding(cast: Cast, now: datetime) -> Listing:
    """Three qualified buyers at the end of the notice."""
    listing = a_listing(cast, now)
    for buyer in (cast.enterprise_agent, cast.rival_agent, cast.outsider):
        an_intent(cast, listing, now, buyer=buyer, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    listing.refresh_from_db()
    return listing


def auction_terms(opens_at: datetime, **changes: object) -> AuctionTerms:
    terms: dict[str, object] = {
        "start": START,
        "step": STEP,
        "reserve": None,
        "opens_at": opens_at,
        "free_until": opens_at + timedelta(hours=1),
        "cycle": timedelta(seconds=300),
        "most_extensions": 20,
        "hard_stop": opens_at + timedelta(hours=5),
    }
    return AuctionTerms(**(terms | changes))  # type: ignore[arg-type]


def an_auction(cast: Cast, now: datetime, *, opened: bool = True, **terms: object) -> Auction:
    """It opens two months after the listing's publication, when its notice is long over."""
    listing = a_listing_in_bidding(cast, now)
    announced_at = now + timedelta(days=59)
    announced = auction_terms(now + timedelta(days=60), **terms)
    auction = announce_auction(listing, announced, actor=cast.university_agent.actor, now=announced_at)
    return open_auction(auction, clock=at(auction.opens_at)) if opened else auction


def at(moment: datetime) -> Callable[[datetime], datetime]:
    """A clock that stands at this moment."""
    return lambda _database_now: moment
