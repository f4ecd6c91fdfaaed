"""What does the notice of an auction's result say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from listings.auctions.evidence.documents import ENDS
from listings.auctions.models.auctions import Auction
from market.accounts.story import StoryEntry, story
from market.events.models import Event
from market.events.queries import timeline
from market.values.actor import Actor
from market.values.money import Money

# The course as the public may read it; who keeps which key stands in the protocol.
_TOLD = (
    "auction.announced",
    "auction.opened",
    "auction.paused",
    "auction.paused_itself",
    "auction.resumed",
    "auction.clock_stopped",
    "auction.sealed",
    "auction.bids_opened",
    "auction.tied",
    "auction.topping_opened",
    "auction.match_opened",
    *ENDS,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """The result as it stands in the log: who took part, who won at what price, and the head of the chain at the end."""

    auction: Auction
    ended_at: datetime
    title: str
    listing: str
    seller: str
    bidders: list[dict[str, object]]
    winner: dict[str, object] | None
    price: Money | None
    bids: int
    accepted: int
    head: str
    reason: str
    course: list[StoryEntry]


def notice_of(auction: Auction, *, reader: Actor) -> Notice:
    """The notice of an auction that is over, from the event of its end: it reads the same whatever is renamed later."""
    events: list[Event] = list(timeline([auction.subject]).filter(name__in=_TOLD))
    end = next(event for event in events if event.name in ENDS)
    facts = end.payload
    winner = next((entry for entry in facts["bidders"] if entry["number"] == facts.get("winner")), None)
    return Notice(
        auction=auction,
        ended_at=end.at,
        title=facts["title"],
        listing=facts["listing"],
        seller=facts["seller"],
        bidders=facts["bidders"],
        winner=winner,
        price=Money(facts["price_fen"]) if winner else None,
        bids=facts["bids"],
        accepted=auction.bids.filter(is_accepted=True, sequence__lte=facts["bids"]).count(),
        head=facts["head"],
        reason=facts.get("reason", ""),
        course=story(events, reader=reader, with_people=False),
    )
