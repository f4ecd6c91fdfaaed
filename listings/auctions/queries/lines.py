"""Who of the bidders is in the room, and in which rooms are too many gone?"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet

from listings.auctions.models.auctions import Auction
from listings.auctions.rules.lines import GONE_AFTER, Line, lost_bidders, needs_bidders
from listings.auctions.states import AuctionState


def lines_of(auction: Auction) -> list[Line]:
    """One for each bidder; one query, however many bids there are."""
    told = auction.passes.annotate(bid_at=Max("bids__at")).values_list("line__seen_at", "line__left_at", "bid_at")
    return [Line(*row) for row in told]


def bidders_lost(auction: Auction, *, now: datetime) -> int:
    """How many bidders are lost, where the auction must pause itself for it at this moment; else 0."""
    step = auction.falling_terms.every if auction.step_seconds else None
    terms = auction.loss_terms
    if terms is None or not needs_bidders(auction.mode, auction.phase, step=step, timed_from=auction.free_until, now=now):
        return 0
    return lost_bidders(lines_of(auction), terms, now=now)


def rooms_to_pause(now: datetime) -> QuerySet[Auction]:
    """The open auctions too many of whose bidders have lost their line. Asked without a lock; the action asks again under it."""
    is_silent = {"passes__line__seen_at__lte": now, "passes__line__seen_at__gte": now - GONE_AFTER}
    watched = Auction.objects.filter(state=AuctionState.OPEN, most_lost__isnull=False, ends_at__gt=now, **is_silent).distinct()
    return Auction.objects.filter(pk__in=[auction.pk for auction in watched if bidders_lost(auction, now=now)])
