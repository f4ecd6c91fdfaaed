"""Two bidders rehearse an auction in their browsers: they are taught, measured, and reach an end that binds nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from listings.auctions.actions.auctions import announce_auction, close_auction, open_auction
from listings.auctions.models.auctions import Auction
from listings.auctions.models.lines import BidderLine
from listings.auctions.queries.auctions import flaw_of
from listings.models.deals import Deal
from tests.auctions.builders import a_listing_in_bidding, auction_terms
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.people import Cast

pytestmark = pytest.mark.e2e


def an_auction_to_rehearse(cast: Cast) -> Auction:
    now = timezone.now()
    listing = a_listing_in_bidding(cast, now - timedelta(days=60))
    opens_at = now + timedelta(hours=2)
    return announce_auction(
        listing,
        auction_terms(opens_at),
        rehearsal_at=now + timedelta(seconds=1),
        actor=cast.university_agent.actor,
        now=now,
    )


def lesson(person: Person, name: str) -> None:
    person.page.locator(f"[data-lesson={name}]:visible").wait_for()


def bid(person: Person, amount: str) -> None:
    person.fill(amount=amount)
    person.page.locator("[data-room=bid-form] button[type=submit]").click()
    person.page.locator("[data-room=answer][data-refused=false]").wait_for()


def test_two_bidders_rehearse(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    auction = live_market.ask(lambda: an_auction_to_rehearse(cast))
    rehearsal = live_market.ask(lambda: Auction.objects.get(rehearsal_of=auction))
    one, other = sit_down("enterprise"), sit_down("rival", width=360, language="en")
    one.sign_in(cast.enterprise_agent)
    other.sign_in(cast.rival_agent)
    for person in (one, other):
        person.open(f"/auctions/{auction.key}/")
        person.follow(f"/auctions/{rehearsal.key}/")
        person.page.locator("[data-rehearsal]").first.wait_for()
    lesson(one, "planned")
    live_market.ask(lambda: open_auction(rehearsal, clock=lambda now: max(now, rehearsal.opens_at)))
    for person in (one, other):
        lesson(person, "free")
        person.page.locator("[data-room=line-figures]:visible").wait_for()
    one.picture("free")
    bid(one, "1250000")
    other.page.locator("[data-room=standing][data-leading=false]").or_(other.page.get_by_text("Bidder").first).first.wait_for()
    bid(other, "1260000")
    one.page.locator("[data-room=standing][data-leading=false]").wait_for()
    other.picture("bid")

    # The free period ends: the lesson of the last cycle comes with the next frame.
    ends_at = timezone.now() + timedelta(seconds=30)
    columns = {"free_until": timezone.now(), "ends_at": ends_at}
    live_market.ask(lambda: Auction.objects.filter(pk=rehearsal.pk).update(**columns))
    bid(one, "1270000")
    for person in (one, other):
        lesson(person, "timed")
    one.picture("timed")

    live_market.ask(lambda: Auction.objects.filter(pk=rehearsal.pk).update(ends_at=timezone.now()))
    live_market.ask(lambda: close_auction(rehearsal))
    for person in (one, other):
        lesson(person, "over")
    one.follow("/rehearsal/")
    one.picture("record")

    def record() -> tuple[int, bool, bool, str]:
        lines = list(BidderLine.objects.filter(bidder__auction=rehearsal))
        state = Auction.objects.get(pk=auction.pk).state
        is_whole = flaw_of(Auction.objects.get(pk=rehearsal.pk)) is None
        return sum(bool(line.round_trips) for line in lines), is_whole, Deal.objects.exists(), state

    assert live_market.ask(record) == (2, True, False, "planned")
    assert [trouble for person in live_market.people for trouble in person.troubles] == []
