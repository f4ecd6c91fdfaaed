"""An auction's row under its lock, its moves from state to state, and what the end of the bidding brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from listings.auctions.clock import Clock, database_now, hold_no_longer
from listings.auctions.kinds import BidKind
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.queries.results import best_offer, best_offers
from listings.auctions.room import tell_standing
from listings.auctions.rules.offers import Offer, matched, waits_for_match
from listings.auctions.states import AUCTION, AuctionEvent
from listings.models.listings import Listing
from market.events.actions import record, record_apart
from market.values.actor import Actor
from market.values.money import Money


def locked_auction(auction: Auction, clock: Clock) -> tuple[Auction, datetime]:
    """The auction's row under its lock, and the time read after the lock was had."""
    hold_no_longer()
    locked = Auction.objects.select_for_update(of=("self",)).select_related("listing").get(pk=auction.pk)
    return locked, clock(database_now())


def locked_auctions(auctions: QuerySet[Auction], clock: Clock) -> tuple[list[Auction], datetime]:
    """Those of these auctions that nobody else holds, as `locked_auction` gives one."""
    hold_no_longer()
    related = auctions.select_related("listing", "leader", "preemptor")
    locked = list(related.select_for_update(of=("self",), skip_locked=True))
    return locked, clock(database_now())


def set_auction_state(auction: Auction, state: str, *fields: str, now: datetime) -> None:
    """The row is in this state, and the room hears of it. The caller has asked the machine."""
    set_each_auction_state({auction: state}, *fields, now=now)


def set_each_auction_state(states: Mapping[Auction, str], *fields: str, now: datetime) -> None:
    """The same for many auctions, each with its state, in one question to the database."""
    for auction, state in states.items():
        auction.state = state
    Auction.objects.bulk_update(states, ["state", *fields])
    for auction in states:
        tell_standing(auction, now=now)


def note(auction: Auction, name: str, /, *, actor: Actor, now: datetime, **facts: Any) -> None:
    """The event stands in the log, with its place among the bids: it came after the bid of that number, before the next."""
    note_each(name, {auction: facts}, actor=actor, now=now)


def note_each(name: str, facts: Mapping[Auction, Mapping[str, Any]], *, actor: Actor, now: datetime) -> None:
    """The same for many auctions, each with its own facts."""
    record_apart(
        name, {auction.subject: {"place": auction.sequence, **own} for auction, own in facts.items()}, actor=actor, now=now
    )


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
    return _how_they_ended([auction])[auction]


def _how_they_ended(auctions: Collection[Auction]) -> dict[Auction, dict[str, Any]]:
    """The same for many auctions."""
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    passes = BidderPass.objects.filter(auction__in=auctions).order_by("number")
    for auction, number, name in passes.values_list("auction", "number", "organisation__name"):
        named[auction].append((number, name))
    listings = Listing.objects.select_related("seller", "achievement").in_bulk({auction.listing_id for auction in auctions})
    return {auction: _ending(auction, listings[auction.listing_id], named[auction.pk]) for auction in auctions}


def _ending(auction: Auction, listing: Listing, named: Iterable[tuple[int, str]]) -> dict[str, Any]:
    return {
        "bids": auction.sequence,
        "head": auction.head_hash,
        "listing": listing.number,
        "title": listing.achievement.title,
        "seller": listing.seller.name,
        "bidders": [{"number": number, "name": "" if auction.is_rehearsal else name} for number, name in named],
    }


def finish(auctions: Collection[Auction], *fields: str, actor: Actor, now: datetime) -> None:
    """The bidding is over: the holder of a pre-emptive right may match, or it stands who has won, in each of these auctions.

    Events: auction.match_opened, or auction.closed. `fields` are those of the rows that the caller changed.
    """
    best = best_offers(auctions)
    waiting = {auction: offer for auction in auctions if waits_for_match(offer := best[auction.pk], auction.preemptor_id)}
    _await_matches(waiting, *fields, actor=actor, now=now)
    _close({auction: best[auction.pk] for auction in auctions if auction not in waiting}, *fields, actor=actor, now=now)


def _await_matches(best: Mapping[Auction, Offer | None], *fields: str, actor: Actor, now: datetime) -> None:
    facts = {}
    for auction, offer in best.items():
        assert offer is not None
        assert auction.match_seconds is not None
        auction.match_until = now + timedelta(seconds=auction.match_seconds)
        auction.leader_id, auction.best_bid_fen = offer.bidder, offer.amount.fen
        facts[auction] = {"price": str(offer.amount), "until": auction.match_until.isoformat()}
    states = {auction: AUCTION.move(auction.state, AuctionEvent.AWAIT_MATCH).to for auction in best}
    set_each_auction_state(states, "match_until", "leader", "best_bid_fen", *fields, now=now)
    note_each("auction.match_opened", facts, actor=actor, now=now)


def close_after_match(auction: Auction, *fields: str, actor: Actor, now: datetime) -> None:
    """The pre-emptive right was used, waived or has run out: it stands who has won. Event: auction.closed."""
    matches = auction.bids.filter(kind=BidKind.MATCH, is_accepted=True).values_list("bidder_id", flat=True)
    _close({auction: matched(best_offer(auction), matches)}, *fields, actor=actor, now=now)


def _close(best: Mapping[Auction, Offer | None], *fields: str, actor: Actor, now: datetime) -> None:
    """It stands who has won at what price, or that nobody has. What follows from that is for `conclude_auction`."""
    for auction, offer in best.items():
        auction.closed_at = now
        if offer is not None:
            auction.leader_id = auction.winner_id = offer.bidder
            auction.best_bid_fen = offer.amount.fen
    states = {auction: AUCTION.move(auction.state, AuctionEvent.CLOSE).to for auction in best}
    set_each_auction_state(states, "closed_at", "leader", "winner", "best_bid_fen", *fields, now=now)
    facts = {auction: _result(auction, best[auction]) | ended for auction, ended in _how_they_ended(best).items()}
    note_each("auction.closed", facts, actor=actor, now=now)


def _result(auction: Auction, best: Offer | None) -> dict[str, Any]:
    if best is None:
        return {"winner": None, "price_fen": None}
    assert auction.leader is not None
    return {"winner": auction.leader.number, "price_fen": best.amount.fen}
