"""What has this bidder bid and ordered, and what does the market sign for it?"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from listings.auctions.evidence.documents import signed_receipt
from listings.auctions.models.auctions import Bid, BidderPass
from listings.auctions.rules.offers import told_later
from market.events.models import Event
from market.refusals import sentence


def why_refused(bid: Bid) -> str:
    """Why the bid was refused, in words; nothing for an accepted one."""
    refusal = told_later(bid.refusal)
    return sentence(refusal) if refusal else ""


def bids_of(bidder: BidderPass) -> QuerySet[Bid]:
    """All this bidder's bids, accepted or not, the latest first."""
    return bidder.bids.order_by("-sequence")


def receipt_for(bidder: BidderPass, sequence: int) -> dict[str, Any] | None:
    """The signed receipt for this bid; none when it is no bid of this bidder."""
    bid = bidder.bids.filter(sequence=sequence).first()
    return _signed(bidder, bid) if bid else None


def receipts_for(bidder: BidderPass) -> dict[str, Any]:
    """Receipts for all of the bidder's bids, and the limits of the bidder's orders with the salts of their commitments."""
    key = bidder.auction.key
    bids = bidder.bids.order_by("sequence").iterator(chunk_size=2000)
    orders = Event.objects.filter(subject=bidder.auction.subject, name="auction.order_given").order_by("sequence")
    own = [event for event in orders if event.payload["bidder"] == bidder.number and event.personal]
    return {
        "auction": key,
        "bidder": bidder.number,
        "receipts": [_signed(bidder, bid) for bid in bids],
        "orders": [{"event": event.sequence, "salt": event.personal_salt, "facts": event.personal} for event in own],
    }


def _signed(bidder: BidderPass, bid: Bid) -> dict[str, Any]:
    auction = bidder.auction
    return signed_receipt(bid.record(auction.key, bidder.number), bid.hash, is_rehearsal=auction.is_rehearsal)
