"""Which auctions are due, and does a chain of bids hold?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from listings.auctions.chain import BidRecord, ChainFlaw, chain_flaw
from listings.auctions.kinds import Mode
from listings.auctions.models import Auction
from listings.auctions.states import AuctionState


def auctions_to_open(now: datetime) -> QuerySet[Auction]:
    """Those whose opening has come, the first first; with sealed bids not before their keys are kept."""
    is_ready = Q(mode=Mode.ASCENDING) | Q(keys_ready_at__isnull=False)
    return Auction.objects.filter(is_ready, state=AuctionState.PLANNED, opens_at__lte=now).order_by("opens_at", "pk")


def auctions_to_close(now: datetime) -> QuerySet[Auction]:
    """Those whose end has passed, or the time of their pre-emptive right, the first first."""
    is_over = Q(state=AuctionState.OPEN, ends_at__lte=now) | Q(state=AuctionState.MATCHING, match_until__lte=now)
    return Auction.objects.filter(is_over).order_by("ends_at", "pk")


def bid_records(auction: Auction) -> Iterator[tuple[BidRecord, str]]:
    """The auction's bids as the chain hashes them, with the stored hashes, in order."""
    for bid in auction.bids.select_related("bidder").order_by("sequence").iterator(chunk_size=2000):
        yield bid.record(auction.key, bid.bidder.number), bid.hash


def flaw_of(auction: Auction) -> ChainFlaw | None:
    """The first place where the auction's chain does not hold; none when it does."""
    return chain_flaw(bid_records(auction), head=(auction.sequence, auction.head_hash))
