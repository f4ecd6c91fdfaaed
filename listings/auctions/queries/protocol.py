"""The public protocol of sealed bids: who keeps the keys, who brought them when, which bids were opened, and their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listings.auctions.kinds import BidKind
from listings.auctions.models.auctions import Auction, Bid, KeyUse, LotKey
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.states import RUNNING, AuctionState
from market.refusals import sentence
from market.values.money import Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """An opened bid: its place, whose it is, what it was committed to, and why it does not count, if so."""

    place: int | None
    sequence: int
    bidder: int
    name: str
    handed_in_at: datetime
    commitment: str
    nonce: str
    amount: Money | None
    flaw: str


@dataclass(frozen=True, slots=True)
class RoundShown:
    """One round: the keys brought to it, and its bids once they are open, the best first."""

    number: int
    uses: list[KeyUse]
    bids: list[OpenedBid]
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProtocolPage:
    """Everything the protocol shows. `handed_in` counts the bids that wait for their opening."""

    auction: Auction
    lot_keys: list[LotKey]
    rounds: list[RoundShown]
    handed_in: int | None


def protocol_page(auction: Auction) -> ProtocolPage:
    """The protocol as it is now; who bid is named when the auction is over."""
    names = (
        {} if auction.state in RUNNING or auction.is_rehearsal else dict(auction.passes.values_list("pk", "organisation__name"))
    )
    lot_keys = list(auction.lot_keys.select_related("person"))
    uses = list(KeyUse.objects.filter(lot_key__auction=auction).select_related("lot_key__person"))
    entries = auction.bids.filter(kind__in=[BidKind.SEALED, BidKind.OPENED], is_accepted=True) | auction.bids.filter(
        kind=BidKind.OPENED
    )
    by_sequence = {bid.sequence: bid for bid in entries.select_related("bidder")}
    opened = [bid for bid in by_sequence.values() if bid.kind == BidKind.OPENED]
    rounds = [
        _round(number, [use for use in uses if use.round == number], opened, by_sequence, names)
        for number in range(1, auction.round + 1)
    ]
    is_unopened = auction.state == AuctionState.UNOPENED
    handed_in = len(standing_envelopes(auction, auction.round)) if is_unopened else None
    return ProtocolPage(auction, lot_keys, [shown for shown in rounds if shown.uses or shown.bids], handed_in)


def _round(number: int, uses: list[KeyUse], opened: list[Bid], by_sequence: dict[int, Bid], names: dict[int, str]) -> RoundShown:
    own = [bid for bid in opened if bid.body["round"] == number]
    ranked = sorted(own, key=lambda bid: (not bid.is_accepted, -(bid.amount_fen or 0), bid.body["of"]))
    bids = [
        _opened(place if bid.is_accepted else None, bid, by_sequence[bid.body["of"]], names)
        for place, bid in enumerate(ranked, start=1)
    ]
    return RoundShown(number, uses, bids, min((bid.at for bid in own), default=None))


def _opened(place: int | None, bid: Bid, envelope: Bid, names: dict[int, str]) -> OpenedBid:
    return OpenedBid(
        place=place,
        sequence=envelope.sequence,
        bidder=bid.bidder.number,
        name=names.get(bid.bidder_id, ""),
        handed_in_at=envelope.at,
        commitment=envelope.body["envelope"]["commitment"],
        nonce=bid.body["nonce"],
        amount=bid.amount,
        flaw=sentence(Refusal(bid.refusal)) if bid.refusal else "",
    )


def envelopes_to_open(auction: Auction) -> list[dict[str, Any]]:
    """What a holder's browser needs to take its shares out: each standing envelope with its number and its context."""
    return [
        {
            "sequence": bid.sequence,
            "context": f"{auction.key}|{auction.round}|{bid.bidder.number}",
            "envelope": bid.body["envelope"],
        }
        for bid in standing_envelopes(auction, auction.round)
    ]


def envelope_terms(auction: Auction, bidder_number: int) -> dict[str, Any]:
    """What a bidder's browser needs to close an envelope: for what it is, and the public keys of the three holders."""
    return {
        "context": f"{auction.key}|{auction.round}|{bidder_number}",
        "holders": [lot_key.public_key for lot_key in auction.lot_keys.order_by("seat")],
    }
