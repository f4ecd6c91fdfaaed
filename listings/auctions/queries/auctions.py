"""Which auctions are due, and does a chain of bids hold?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from listings.auctions.chain import BidRecord, ChainFlaw, chain_flaw
from listings.auctions.kinds import Mode
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.states import RUNNING, AuctionState
from market.events.anchors import AnchoredHead, AnchorFlaw, anchors_in, compared
from market.signatures import is_signed

# The fields of a `BidRecord` after the auction's key, in its order.
_CHAINED = (
    "sequence",
    "bidder__number",
    "amount_fen",
    "kind",
    "at",
    "is_accepted",
    "refusal",
    "key",
    "previous_hash",
    "body",
)


def auctions_to_open(now: datetime) -> QuerySet[Auction]:
    """Those whose opening has come, the first first; with sealed bids not before their keys are kept."""
    is_ready = Q(mode=Mode.ASCENDING) | Q(keys_ready_at__isnull=False)
    return Auction.objects.filter(is_ready, state=AuctionState.PLANNED, opens_at__lte=now).order_by("opens_at", "pk")


def auctions_to_close() -> QuerySet[Auction]:
    """Those whose end has passed, or the time of their pre-emptive right, by the database's clock; the first first."""
    is_over = Q(state=AuctionState.OPEN, ends_at__lte=Now()) | Q(state=AuctionState.MATCHING, match_until__lte=Now())
    return Auction.objects.filter(is_over).order_by("ends_at", "pk")


def auctions_to_conclude() -> QuerySet[Auction]:
    """Those that are closed and whose result nothing has followed from yet, the first first."""
    return Auction.objects.filter(state=AuctionState.CLOSED, concluded_at=None, rehearsal_of=None).order_by("closed_at", "pk")


def bid_records(auction: Auction) -> Iterator[tuple[BidRecord, str]]:
    """The auction's bids as the chain hashes them, with the stored hashes, in order; as plain rows, for there can be very many."""
    rows = auction.bids.order_by("sequence").values_list(*_CHAINED, "hash")
    for *fields, stored in rows.iterator(chunk_size=2000):
        yield BidRecord(auction.key, *fields), stored


def running_heads() -> list[AnchoredHead]:
    """The heads of the chains of all auctions that are not over."""
    rows = Auction.objects.filter(state__in=RUNNING, sequence__gt=0).order_by("pk").values_list("key", "sequence", "head_hash")
    return [AnchoredHead(f"bids:{key}", sequence, hash_) for key, sequence, hash_ in rows]


def anchor_flaws(path: Path, keys: Mapping[str, bytes]) -> list[AnchorFlaw]:
    """Every auction whose chain no longer is as it was anchored; the lines themselves are looked after by the log."""
    flaws = []
    for entry in anchors_in(path, keys):
        if isinstance(entry, AnchorFlaw) or not entry[1].chain.startswith("bids:"):
            continue
        line, head = entry
        key = head.chain.removeprefix("bids:")
        stored = Bid.objects.filter(auction__key=key, sequence=head.sequence).values_list("hash", flat=True).first()
        if flaw := compared(line, head, stored):
            flaws.append(flaw)
    return flaws


def receipt_flaws(receipts: Iterable[Mapping[str, Any]], keys: Mapping[str, bytes]) -> list[str]:
    """Every receipt that bidders hold and the database does not fit, in words."""
    flaws = []
    for sealed in receipts:
        if not is_signed(sealed, keys):
            flaws.append("a receipt is not signed by the market")
            continue
        receipt = sealed["document"]
        key, sequence = receipt["auction"], receipt["sequence"]
        stored = Bid.objects.filter(auction__key=key, sequence=sequence).values_list("hash", flat=True).first()
        flaw = compared(0, AnchoredHead(f"bids:{key}", sequence, receipt["hash"]), stored)
        if flaw is not None:
            flaws.append(f"receipt for {key} #{sequence}: {flaw.reason}")
    return flaws


def flaw_of(auction: Auction) -> ChainFlaw | None:
    """The first place where the auction's chain does not hold; none when it does."""
    return chain_flaw(bid_records(auction), head=(auction.sequence, auction.head_hash))
