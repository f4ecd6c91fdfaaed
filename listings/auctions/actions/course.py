"""The auction's row under its lock, its moves from state to state, and what happens when the bidding is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from listings.actions.deals import conclude_bidding
from listings.auctions.clock import Clock, database_now, hold_no_longer
from listings.auctions.kinds import BidKind
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.results import best_offer
from listings.auctions.room import tell_room
from listings.auctions.rules.offers import Offer, matched, waits_for_match
from listings.auctions.states import AUCTION, AuctionEvent
from listings.models.listings import Listing
from market.events.actions import record
from market.values.actor import Actor
from market.values.money import Money


def locked_auction(auction: Auction, clock: Clock) -> tuple[Auction, datetime]:
    """The auction's row under its lock, and the time read after the lock was had."""
    hold_no_longer()
    locked = Auction.objects.select_for_update(of=("self",)).select_related("listing").get(pk=auction.pk)
    return locked, clock(database_now())


def set_auction_state(auction: Auction, state: str, *fields: str, now: datetime) -> None:
    """The row is in this state, and the room hears of it. The caller has asked the machine."""
    auction.state = state
    auction.save(update_fields=["state", *fields])
    tell_room(auction, after=auction.told_sequence or auction.sequence, now=now)


def note(auction: Auction, name: str, /, *, actor: Actor, now: datetime, **facts: Any) -> None:
    """The event stands in the log, with its place among the bids: it came after the bid of that number, before the next."""
    record(name, subject=auction.subject, actor=actor, now=now, place=auction.sequence, **facts)


def note_order(key: str, bidder: int, place: int, limit: Money | None, *, actor: Actor, now: datetime) -> None:
    """The log has that this bidder gave an order, and a commitment to its limit, which only the bidder ever sees."""
    facts = {"bidder": bidder, "place": place}
    subject = f"auction:{key}"
    if limit is None:
        record("auction.order_taken_back", subject=subject, actor=actor, now=now, **facts)
    else:
        record("auction.order_given", subject=subject, actor=actor, now=now, limit_fen=limit.fen, **facts)


def how_it_ended(auction: Auction) -> dict[str, Any]:
    """The head of the chain, and the names behind the numbers at the end: evidence must read the same whatever is renamed later.

    Who rehearsed stays unnamed: in the auction itself nobody is to know the others.
    """
    named = auction.passes.order_by("number").values_list("number", "organisation__name")
    bidders = [{"number": number, "name": "" if auction.is_rehearsal else name} for number, name in named]
    listing = Listing.objects.select_related("seller", "achievement").get(pk=auction.listing_id)
    return {
        "bids": auction.sequence,
        "head": auction.head_hash,
        "listing": listing.number,
        "title": listing.achievement.title,
        "seller": listing.seller.name,
        "bidders": bidders,
    }


def finish(auction: Auction, *fields: str, actor: Actor, now: datetime) -> None:
    """The bidding is over: the holder of a pre-emptive right may match, or the winner has the deal.

    Events: auction.match_opened, or those of `close_for_good`. `fields` are those of the row that the caller changed.
    """
    best = best_offer(auction)
    if not waits_for_match(best, auction.preemptor_id):
        close_for_good(auction, best, *fields, actor=actor, now=now)
        return
    assert best is not None
    assert auction.match_seconds is not None
    auction.match_until = now + timedelta(seconds=auction.match_seconds)
    auction.leader_id, auction.best_bid_fen = best.bidder, best.amount.fen
    move = AUCTION.move(auction.state, AuctionEvent.AWAIT_MATCH)
    set_auction_state(auction, move.to, "match_until", "leader", "best_bid_fen", *fields, now=now)
    facts = {"price": str(best.amount), "until": auction.match_until.isoformat()}
    note(auction, "auction.match_opened", actor=actor, now=now, **facts)


def close_after_match(auction: Auction, *fields: str, actor: Actor, now: datetime) -> None:
    """The pre-emptive right was used, waived or has run out: whoever has won now has the deal."""
    matches = auction.bids.filter(kind=BidKind.MATCH, is_accepted=True).values_list("bidder_id", flat=True)
    close_for_good(auction, matched(best_offer(auction), matches), *fields, actor=actor, now=now)


def close_for_good(auction: Auction, best: Offer | None, *fields: str, actor: Actor, now: datetime) -> None:
    """The winner has the deal at this price, or there is none; of a rehearsal nothing follows.

    Events: auction.closed, and those of `conclude_bidding`.
    """
    move = AUCTION.move(auction.state, AuctionEvent.CLOSE)
    auction.closed_at = now
    if best is not None:
        auction.leader_id, auction.best_bid_fen = best.bidder, best.amount.fen
    set_auction_state(auction, move.to, "closed_at", "leader", "best_bid_fen", *fields, now=now)
    winner = auction.passes.select_related("intent").get(pk=best.bidder) if best else None
    price_fen = best.amount.fen if best else None
    facts = {"winner": winner.number if winner else None, "price_fen": price_fen, **how_it_ended(auction)}
    note(auction, "auction.closed", actor=actor, now=now, **facts)
    if auction.is_rehearsal:
        return
    # The deal is the clock's doing, whoever brought the last key.
    intent, price = (winner.intent, best.amount) if winner and best else (None, None)
    conclude_bidding(auction.listing, winner=intent, price=price, now=now)
