"""The bidders' lines to the room: who is there, and the room that pauses itself when too many are lost."""

from __future__ import annotations

from django.db import transaction

from listings.auctions.actions.course import locked_auction, note, set_auction_state
from listings.auctions.clock import Clock, as_it_is, database_now
from listings.auctions.models.auctions import Auction
from listings.auctions.models.lines import BidderLine
from listings.auctions.queries.lines import bidders_lost
from listings.auctions.states import AUCTION, AuctionEvent
from market.values.actor import CLOCK


def note_seen(bidder: int, *, clock: Clock = as_it_is) -> None:
    """This bidder, named by the key of their pass, is in the room at this moment. One statement, which locks no auction."""
    line = BidderLine(bidder_id=bidder, seen_at=clock(database_now()))
    BidderLine.objects.bulk_create([line], update_conflicts=True, unique_fields=["bidder"], update_fields=["seen_at"])


def note_left(bidder: int, *, clock: Clock = as_it_is) -> None:
    """This bidder has closed the page; who does so is not lost."""
    BidderLine.objects.filter(bidder=bidder).update(left_at=clock(database_now()))


@transaction.atomic
def pause_for_lost_bidders(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """The clock stands still until an official resumes, where too many bidders have lost their line; else nothing happens.

    Event: auction.paused_itself.
    """
    locked, now = locked_auction(auction, clock)
    if not AUCTION.may(locked.state, AuctionEvent.LOSE_BIDDERS) or now >= locked.ends_at:
        return locked
    lost = bidders_lost(locked, now=now)
    if not lost:
        return locked
    locked.paused_at, locked.lost_bidders, locked.reason = now, lost, ""
    move = AUCTION.move(locked.state, AuctionEvent.LOSE_BIDDERS)
    set_auction_state(locked, move.to, "paused_at", "lost_bidders", "reason", now=now)
    facts = {"lost": lost, "bidders": locked.passes.count(), "seconds": locked.loss_seconds}
    note(locked, "auction.paused_itself", actor=CLOCK, now=now, **facts)
    return locked
