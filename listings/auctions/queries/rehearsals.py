"""What did the rehearsal of an auction show: who took part, and whose line is weak?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.models.lines import BidderLine
from listings.auctions.rules.rehearsal import is_weak, measured


@dataclass(frozen=True, slots=True)
class LineShown:
    """A bidder's line in a rehearsal: round trips in milliseconds, empty where none was measured; bids, accepted or not."""

    bidder: int
    name: str
    seen_at: datetime | None
    median: int | None
    worst: int | None
    measured: int
    is_weak: bool
    bids: int


def rehearsal_of(auction: Auction) -> Auction | None:
    """The auction's rehearsal, the latest that was announced."""
    return auction.rehearsals.order_by("-announced_at").first()


def lines_in(rehearsal: Auction, *, only: BidderPass | None = None) -> list[LineShown]:
    """The lines of all bidders, or of this one, by their number in the rehearsal; those who did not come too."""
    passes = rehearsal.passes.select_related("organisation").order_by("number")
    shown = passes.filter(pk=only.pk) if only else passes
    lines = {line.bidder_id: line for line in BidderLine.objects.filter(bidder__in=shown)}
    counted: dict[int, int] = {}
    for bidder in rehearsal.bids.values_list("bidder", flat=True):
        counted[bidder] = counted.get(bidder, 0) + 1
    return [_shown(own, lines.get(own.pk), counted.get(own.pk, 0)) for own in shown]


def _shown(own: BidderPass, line: BidderLine | None, bids: int) -> LineShown:
    round_trips = line.round_trips if line else []
    median, worst = measured(round_trips) or (None, None)
    return LineShown(
        bidder=own.number,
        name=own.organisation.name,
        seen_at=line.seen_at if line else None,
        median=median,
        worst=worst,
        measured=len(round_trips),
        is_weak=is_weak(round_trips),
        bids=bids,
    )


def own_line(rehearsal: Auction, organisation: int | None) -> LineShown | None:
    """The line of this bidder in the rehearsal; none for who is no bidder there."""
    own = rehearsal.passes.filter(organisation=organisation).first() if organisation else None
    return lines_in(rehearsal, only=own)[0] if own else None
