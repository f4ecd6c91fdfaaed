"""Auctions that end together are closed together; one that cannot be keeps no other from its end, and what follows comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from listings.auctions.actions.auctions import announce_auction, close_auctions, conclude_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.models.auctions import Auction
from listings.auctions.tasks import close_due_auctions, conclude_closed_auctions
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.events.models import Event, Head
from market.values.money import Money
from market.values.refusal import OutOfTurn
from tests.auctions.hall import START, STEP, Hall, open_hall, some_bidders
from tests.faults.closing import end_at
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db
type SignIn = Callable[[Member], Client]


@pytest.fixture
def bidders() -> list[Member]:
    return some_bidders(2)


def halls_at_their_end(cast: Cast, bidders: list[Member], count: int, *, bids: int = 1) -> list[Hall]:
    """In each the first bidder has bid, and then the second, up to so many bids; their time is over."""
    halls = [open_hall(cast, bidders, lasting=timedelta(hours=1)) for _ in range(count)]
    for hall in halls:
        for number in range(bids):
            actor = bidders[number % 2].actor
            assert place_bid(
                hall.auction.key, Money(START.fen + STEP.fen * number), key=f"key-{number:05d}", actor=actor
            ).is_accepted
        end_at(hall.auction, datetime.now(UTC) - timedelta(seconds=1))
    return halls


def states(halls: list[Hall]) -> list[str]:
    return [Auction.objects.get(pk=hall.auction.pk).state for hall in halls]


def close(halls: list[Hall]) -> int:
    return close_auctions([hall.auction.pk for hall in halls])


def test_any_number_is_closed_in_as_many_questions_each_with_its_own_result(cast: Cast, bidders: list[Member]) -> None:
    one, several = (halls_at_their_end(cast, bidders, count, bids=2) for count in (1, 3))
    nobodys = halls_at_their_end(cast, bidders, 1, bids=0)
    early = open_hall(cast, bidders, lasting=timedelta(hours=1))
    with CaptureQueriesContext(connection) as few:
        assert close(one) == 1
    with CaptureQueriesContext(connection) as many:
        assert close([*several, *nobodys, early]) == 4
    assert len(many) == len(few)
    assert states([*one, *several, *nobodys, early]) == ["closed"] * 5 + ["open"]
    results = {
        event.subject: (event.payload["winner"], event.payload["price_fen"])
        for event in Event.objects.filter(name="auction.closed")
    }
    expected = {hall.auction.subject: (2, (START + STEP).fen) for hall in (*one, *several)}
    assert results == expected | {nobodys[0].auction.subject: (None, None)}
    assert close(several) == 0


def test_between_the_end_and_the_deal_the_result_stands_and_the_listing_is_taken(
    cast: Cast, bidders: list[Member], sign_in: SignIn
) -> None:
    [hall] = halls_at_their_end(cast, bidders, 1)
    close([hall])
    auction = Auction.objects.get(pk=hall.auction.pk)
    page = sign_in(cast.university_agent).get(auction.get_absolute_url())
    assert bidders[0].organisation.name in page.content.decode()
    assert (Deal.objects.count(), auction.listing.state) == (0, "bidding")
    with pytest.raises(OutOfTurn) as refused:
        announce_auction(auction.listing, auction.terms, actor=cast.university_agent.actor, now=auction.announced_at)
    assert refused.value.refusals[0].code == "auctions.exists"
    assert "announce" not in sign_in(cast.university_agent).get(auction.listing.get_absolute_url()).content.decode()
    for _worker in range(2):
        concluded = conclude_auction(auction)
    deal = Deal.objects.get()
    assert (deal.buyer, deal.price, deal.concluded_at) == (bidders[0].organisation, START, concluded.concluded_at)


def test_an_auction_that_cannot_be_closed_is_shown_and_keeps_no_other_from_its_end(
    cast: Cast, bidders: list[Member], sign_in: SignIn
) -> None:
    halls, now = halls_at_their_end(cast, bidders, 4), datetime.now(UTC)
    without_listing, without_head = (hall.auction for hall in halls[:2])
    listing, head = Listing.objects.filter(pk=without_listing.listing_id), Head.objects.filter(subject=without_head.subject)
    listing.update(state="draft")
    known = head.values_list("sequence", flat=True).get()
    head.update(sequence=0)

    close_due_auctions(now)

    assert states(halls) == ["open", "open", "closed", "closed"]
    page, supervisor = reverse("oversight:attention"), sign_in(cast.supervisor)
    shown = supervisor.get(page).content.decode()
    assert str(without_listing) in shown
    assert str(without_head) in shown
    listing.update(state="bidding")
    head.update(sequence=known)
    close_due_auctions(now + timedelta(minutes=1))
    assert states(halls) == ["closed"] * 4
    assert str(without_listing) not in supervisor.get(page).content.decode()


def test_a_result_that_nothing_can_follow_from_is_shown_and_keeps_no_other_waiting(
    cast: Cast, bidders: list[Member], sign_in: SignIn
) -> None:
    halls, now = halls_at_their_end(cast, bidders, 2), datetime.now(UTC)
    close(halls)
    Listing.objects.filter(pk=halls[0].auction.listing_id).update(state="terminated")
    conclude_closed_auctions(now)
    assert [deal.listing for deal in Deal.objects.all()] == [halls[1].auction.listing]
    page = sign_in(cast.supervisor).get(reverse("oversight:attention")).content.decode()
    assert str(halls[0].auction) in page
    assert str(halls[1].auction) not in page
