"""What is handed out as proof: a receipt for one bid, and the package from which the whole auction can be recomputed."""

from __future__ import annotations

import json
from typing import Any

from listings.auctions.chain import BidRecord
from listings.auctions.models.auctions import Auction
from market.events.chain import canonical
from market.events.models import Event
from market.events.queries import link_of
from market.signatures import signed

RECEIPT_FORMAT = "technology-market/bid-receipt/1"
EVIDENCE_FORMAT = "technology-market/auction-evidence/1"
ENDS = ("auction.closed", "auction.annulled")


def signed_receipt(record: BidRecord, stored_hash: str, *, is_rehearsal: bool = False) -> dict[str, Any]:
    """The receipt for this bid; that of play money says so. It follows from the bid alone, so whoever asks again gets the same."""
    play = {"rehearsal": True} if is_rehearsal else {}
    return signed({"format": RECEIPT_FORMAT, **_chained(record, stored_hash), **play})


def signed_evidence(auction: Auction) -> str:
    """The package of an auction that is over: its course, and its bids up to the end, in one canonical line of JSON.

    Both only ever grow, and what came after the end is left out: the same line whenever it is made. Raises ValueError before
    the end.
    """
    events = list(Event.objects.filter(subject=auction.subject).order_by("sequence"))
    ends = [event for event in events if event.name in ENDS]
    if not ends:
        raise ValueError(f"auction {auction.key} is not over")
    course = [_chained_event(event) for event in events if event.sequence <= ends[0].sequence]
    bids = auction.bids.filter(sequence__lte=ends[0].payload["bids"]).select_related("bidder").order_by("sequence")
    document = {
        "format": EVIDENCE_FORMAT,
        "auction": auction.key,
        "course": course,
        "bids": [_chained(bid.record(auction.key, bid.bidder.number), bid.hash) for bid in bids.iterator(chunk_size=2000)],
    }
    return canonical(signed(document)).decode()


def _chained(record: BidRecord, stored_hash: str) -> dict[str, Any]:
    """The bid as the chain hashes it, with the hash that is stored: what was tampered with must show."""
    return {**json.loads(record.canonical()), "hash": stored_hash}


def _chained_event(event: Event) -> dict[str, Any]:
    fields = {**link_of(event).fields(), "hash": event.hash}
    if event.name == "auction.announced" and event.personal:
        # The reserve price, secret until now: it must be what the seller was committed to.
        fields["opened"] = {"salt": event.personal_salt, "facts": event.personal}
    return fields
