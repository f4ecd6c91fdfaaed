"""An auction that runs now, by the database's own clock, with as many bidders as are wanted. For stress, faults and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from listings.actions.deals import close_due_notice
from listings.auctions.actions.auctions import announce_auction, open_auction
from listings.auctions.clock import database_now
from listings.auctions.models.auctions import Auction
from listings.auctions.rules.ascending import AuctionTerms
from market.accounts.models import OrganisationKind
from market.values.actor import Role
from market.values.money import ZERO, Money
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast, Member, a_member, an_organisation

START, STEP = Money.yuan("10000"), Money.yuan("1")
# The notice and its terms are long over when the auction opens.
_BEFORE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Hall:
    """An open auction and those who may bid in it."""

    auction: Auction
    bidders: list[Member]


def some_bidders(count: int) -> list[Member]:
    """Enterprises of their own, each with one person who bids."""
    kind = OrganisationKind.ENTERPRISE
    firms = [an_organisation(f"Bidding enterprise {number}", kind, 60000001 + number) for number in range(count)]
    return [a_member(f"bidder-{number}@hall.example", firm, Role.AGENT) for number, firm in enumerate(firms)]


def open_hall(
    cast: Cast,
    bidders: list[Member],
    *,
    lasting: timedelta,
    cycle: timedelta = timedelta(seconds=10),
    deposit: Money = ZERO,
) -> Hall:
    """The bidders are qualified, with their deposits where there are any, and the auction is open, its free period lasting so long."""
    began = database_now() - _BEFORE
    listing = a_listing(cast, began, deposit=deposit, price=START, reserve_price=None)
    for bidder in bidders:
        an_intent(cast, listing, began, buyer=bidder, qualified=True, offered_price=START)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    listing.refresh_from_db()
    opens_at = database_now()
    announced = _terms(opens_at, lasting=lasting, cycle=cycle)
    auction = announce_auction(listing, announced, actor=cast.university_agent.actor, now=opens_at - timedelta(days=1))
    return Hall(open_auction(auction), bidders)


def _terms(opens_at: datetime, *, lasting: timedelta, cycle: timedelta) -> AuctionTerms:
    return AuctionTerms(
        start=START,
        step=STEP,
        reserve=None,
        opens_at=opens_at,
        free_until=opens_at + lasting,
        cycle=cycle,
        most_extensions=3,
        hard_stop=opens_at + lasting + 10 * cycle,
    )
