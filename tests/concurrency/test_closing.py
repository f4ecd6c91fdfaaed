"""Several workers at the end of several auctions: each is closed once, and one deal follows."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from listings.auctions.actions.bids import place_bid
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import auctions_to_conclude
from listings.auctions.tasks import close_due_auctions, conclude_closed_auctions
from listings.models.deals import Deal
from market.events.models import Event, Trouble
from tests.auctions.hall import START, open_hall, some_bidders
from tests.concurrency.at_once import at_once
from tests.faults.closing import end_at
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("committed_db")


def test_workers_that_close_at_once_close_each_auction_once_and_make_one_deal() -> None:
    cast, bidders = Cast(), some_bidders(2)
    halls = [open_hall(cast, bidders, lasting=timedelta(hours=1)) for _ in range(4)]
    for hall in halls:
        place_bid(hall.auction.key, START, key=secrets.token_hex(16), actor=bidders[0].actor)
        end_at(hall.auction, timezone.now() - timedelta(seconds=1))
    outcome = at_once([work] * 4)
    assert (outcome.errors, outcome.refusals) == ([], [])
    ours = [hall.auction.subject for hall in halls]
    assert Auction.objects.filter(state="closed").exclude(concluded_at=None).count() == 4
    assert sorted(Event.objects.filter(name="auction.closed").values_list("subject", flat=True)) == sorted(ours)
    assert sorted(Deal.objects.values_list("listing", flat=True)) == sorted(hall.auction.listing_id for hall in halls)
    assert not Trouble.objects.exists()


def work() -> None:
    close_due_auctions(timezone.now())
    while auctions_to_conclude().exists():
        conclude_closed_auctions(timezone.now())
