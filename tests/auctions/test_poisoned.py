"""An auction that cannot be closed keeps no other from its end, is shown to officials, and is closed once that is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from listings.auctions.models.auctions import Auction
from listings.auctions.tasks import close_due_auctions
from listings.models.listings import Listing
from tests.auctions.hall import open_hall, some_bidders
from tests.faults.closing import end_at
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db


def test_an_auction_that_cannot_be_closed_is_shown_and_keeps_no_other_from_its_end(
    cast: Cast, sign_in: Callable[[Member], Client]
) -> None:
    bidders, now = some_bidders(2), datetime.now(UTC)
    auctions = [open_hall(cast, bidders, lasting=timedelta(hours=1)).auction for _ in range(3)]
    for auction in auctions:
        end_at(auction, now - timedelta(seconds=1))
    poisoned = Listing.objects.filter(pk=auctions[0].listing_id)
    poisoned.update(state="draft")

    close_due_auctions(now)

    assert _states(auctions) == ["open", "closed", "closed"]
    page = reverse("oversight:attention")
    supervisor = sign_in(cast.supervisor)
    assert str(auctions[0]) in supervisor.get(page).content.decode()
    poisoned.update(state="bidding")
    close_due_auctions(now + timedelta(minutes=1))
    assert _states(auctions) == ["closed"] * 3
    assert str(auctions[0]) not in supervisor.get(page).content.decode()


def _states(auctions: list[Auction]) -> list[str]:
    return [Auction.objects.get(pk=auction.pk).state for auction in auctions]
