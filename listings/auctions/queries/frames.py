"""What the room's script is told: one frame, the same over the socket and for catching up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from listings.auctions.kinds import Mode
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.room import BidShown, minimum_of
from listings.auctions.rules.ascending import AuctionTerms, Standing, next_minimum
from listings.auctions.rules.falling import price_at


@dataclass(frozen=True, slots=True)
class RoomState:
    """How an auction stands, apart from its row: what a frame tells. `leader` is the number of the leading bidder."""

    sequence: int
    head: str
    terms: AuctionTerms
    standing: Standing
    leader: int | None
    reason: str = ""


def room_state(auction: Auction) -> RoomState:
    """The standing of this auction as its row has it."""
    leader = auction.leader.number if auction.leader else None
    return RoomState(auction.sequence, auction.head_hash, auction.terms, auction.standing, leader, auction.reason)


def frame(state: RoomState, bids: Iterable[BidShown], *, after: int, now: datetime) -> dict[str, object]:
    """What the room's script needs to be up to date: everything between `after` and the state's own place in the chain.

    Amounts in fen and in words, instants in ISO 8601; `now` is the server's time when the frame was made.
    """
    standing, terms = state.standing, state.terms
    minimum = next_minimum(terms, standing.best)
    return {
        "after": after,
        "sequence": state.sequence,
        "state": str(standing.state),
        "now": now.isoformat(),
        "opensAt": terms.opens_at.isoformat(),
        "freeUntil": terms.free_until.isoformat(),
        "endsAt": standing.ends_at.isoformat(),
        "hardStop": terms.hard_stop.isoformat(),
        "extensions": standing.extensions,
        "reason": state.reason,
        "best": standing.best.fen if standing.best else None,
        "bestText": str(standing.best) if standing.best else "",
        "minimum": minimum.fen,
        "minimumText": str(minimum),
        "leader": state.leader,
        "head": state.head,
        "bids": [_told(bid) for bid in bids],
    }


def _told(bid: BidShown) -> dict[str, object]:
    return {
        "sequence": bid.sequence,
        "bidder": bid.bidder,
        "amount": bid.amount.fen if bid.amount else None,
        "amountText": str(bid.amount) if bid.amount else "",
        "at": bid.at.isoformat(),
        "isProxy": bid.is_proxy,
        "kind": bid.kind,
    }


def auction_frame(auction: Auction, bids: Iterable[BidShown], *, after: int, now: datetime) -> dict[str, object]:
    """The frame of an auction in any mode, from its row."""
    if auction.mode == Mode.ASCENDING:
        content = frame(room_state(auction), bids, after=after, now=now)
    else:
        content = _frame(auction, bids, after=after, now=now)
    until, preemptor = auction.match_until, auction.preemptor
    return content | {
        "matchUntil": until.isoformat() if until else None,
        "preemptor": preemptor.number if preemptor and until else None,
    }


def _frame(auction: Auction, bids: Iterable[BidShown], *, after: int, now: datetime) -> dict[str, object]:
    best, minimum = auction.best, minimum_of(auction)
    content: dict[str, object] = {
        "after": after,
        "sequence": auction.sequence,
        "state": str(auction.state),
        "phase": f"{auction.phase}{auction.round}",
        "now": now.isoformat(),
        "opensAt": auction.opens_at.isoformat(),
        "endsAt": auction.ends_at.isoformat(),
        "reason": auction.reason,
        "best": best.fen if best else None,
        "bestText": str(best) if best else "",
        "minimum": minimum.fen if minimum else None,
        "minimumText": str(minimum) if minimum else "",
        "leader": auction.leader.number if auction.leader else None,
        "head": auction.head_hash,
        "bids": [_told(bid) for bid in bids],
    }
    return content | _schedule(auction, now) if auction.mode == Mode.FALLING else content


def _schedule(auction: Auction, now: datetime) -> dict[str, object]:
    """From what a script computes the falling price by itself; all in fen, milliseconds and instants."""
    terms, standing = auction.falling_terms, auction.falling_standing
    return {
        "price": price_at(terms, standing.clock_from, auction.paused_at or now).fen,
        "start": terms.start.fen,
        "floor": terms.floor.fen,
        "step": terms.step.fen,
        "every": terms.every // timedelta(milliseconds=1),
        "clockFrom": standing.clock_from.isoformat(),
    }
