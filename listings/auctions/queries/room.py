"""What does the auction room show, to whom? The same picture for the page, for a frame on the socket, and for catching up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from listings.auctions.kinds import BidKind
from listings.auctions.models import Auction, Bid, BidderPass
from listings.auctions.rules.ascending import AuctionTerms, Standing, next_minimum
from listings.auctions.states import RUNNING
from market.values.actor import Actor
from market.values.money import Money

# The page and a first frame show this many bids; older ones are in the evidence.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class BidShown:
    """An accepted bid as the room shows it. The name stays empty until the end, but for those who watch over it."""

    sequence: int
    bidder: int
    amount: Money
    at: datetime
    is_proxy: bool
    name: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Everything the room shows of an auction: its standing, the newest bids first, and what the reader may do."""

    auction: Auction
    best: Money | None
    minimum: Money
    leader: int | None
    bids: list[BidShown]
    own: BidderPass | None
    is_leading: bool
    is_running: bool
    is_supervised: bool
    bidders: int
    winner_name: str


def room_page(auction: Auction, *, own: BidderPass | None, actor: Actor) -> RoomPage:
    """The room in a constant number of queries, however many bids there are."""
    is_running = auction.state in RUNNING
    is_supervised = actor.is_official and auction.listing.seller_id != actor.organisation
    names = _names(auction) if is_supervised or not is_running else {}
    numbers = dict(auction.passes.values_list("pk", "number"))
    newest = shown_bids(auction, with_refused=is_supervised).order_by("-sequence")[:SHOWN]
    best = auction.standing.best
    leader = numbers.get(auction.leader_id or 0)
    return RoomPage(
        auction=auction,
        best=best,
        minimum=next_minimum(auction.terms, best),
        leader=leader,
        bids=[_shown(bid, numbers[bid.bidder_id], names) for bid in newest],
        own=own,
        is_leading=own is not None and own.pk == auction.leader_id,
        is_running=is_running,
        is_supervised=is_supervised,
        bidders=len(numbers),
        winner_name=names.get(leader or 0, "") if auction.state == "closed" else "",
    )


def shown_bids(auction: Auction, *, with_refused: bool = False) -> QuerySet[Bid]:
    """The accepted bids; refused ones too for those who watch over the auction."""
    bids = Bid.objects.filter(auction=auction)
    return bids if with_refused else bids.filter(is_accepted=True)


def bids_after(auction: Auction, sequence: int) -> list[BidShown]:
    """The accepted bids after this place in the chain, oldest first: what a reconnecting watcher missed."""
    numbers = dict(auction.passes.values_list("pk", "number"))
    missed = shown_bids(auction).filter(sequence__gt=sequence).order_by("sequence")[:500]
    return [_shown(bid, numbers[bid.bidder_id], {}) for bid in missed]


def bids_of_late(bidder: BidderPass, since: datetime) -> int:
    """How many bids, accepted or not, this bidder has made since then: the measure against a flood."""
    return Bid.objects.filter(bidder=bidder, at__gte=since).count()


def _names(auction: Auction) -> dict[int, str]:
    return dict(auction.passes.values_list("number", "organisation__name"))


def _shown(bid: Bid, number: int, names: dict[int, str]) -> BidShown:
    return BidShown(
        sequence=bid.sequence,
        bidder=number,
        amount=bid.amount,
        at=bid.at,
        is_proxy=bid.kind == BidKind.PROXY,
        name=names.get(number, ""),
        refusal=bid.refusal,
    )


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
        "bids": [
            {
                "sequence": bid.sequence,
                "bidder": bid.bidder,
                "amount": bid.amount.fen,
                "amountText": str(bid.amount),
                "at": bid.at.isoformat(),
                "isProxy": bid.is_proxy,
            }
            for bid in bids
        ],
    }
