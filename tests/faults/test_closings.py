"""An auction that ended as it should passes the checker, and every planted fault is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from listings.auctions.actions.auctions import close_auction, conclude_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.evidence import keep_evidence
from listings.auctions.models.auctions import Auction
from market.values.money import Money
from tests.auctions.hall import START, open_hall, some_bidders
from tests.faults.closing import end_at
from tests.faults.closings import ending, flaws
from tests.people import Cast

type Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Rows:
    """What there is of an auction of three bidders with deposits, which the second has won."""
    with django_db_blocker.unblock(), transaction.atomic():
        hall = open_hall(Cast(), some_bidders(3), lasting=timedelta(hours=1), deposit=Money.yuan("1000"))
        place_bid(hall.auction.key, START, key="k" * 32, actor=hall.bidders[1].actor)
        end_at(hall.auction, datetime.now(UTC) - timedelta(seconds=1))
        closed = conclude_auction(close_auction(Auction.objects.get(pk=hall.auction.pk)))
        keep_evidence(closed, now=datetime.now(UTC))
        mark = "?" if connection.vendor == "sqlite" else "%s"
        found = ending(connection.connection, closed.key, closed.listing_id, mark=mark)
        transaction.set_rollback(True)
    return found


def test_an_auction_that_ended_once_passes(rows: Rows) -> None:
    assert list(flaws(rows)) == []
    assert (len(rows["deposits"]), len(rows["evidence"])) == (3, 1)


def _close_twice(rows: Rows) -> None:
    rows["closings"] *= 2


def _sell_twice(rows: Rows) -> None:
    rows["deals"] *= 2


def _sell_to_another(rows: Rows) -> None:
    rows["deals"][0]["buyer_id"] += 1


def _tell_another_price(rows: Rows) -> None:
    rows["best"][0]["amount_fen"] += 100


def _free_a_deposit_twice(rows: Rows) -> None:
    next(deposit for deposit in rows["deposits"] if deposit["state"] == "due_back")["releases"] = 2


def _free_the_winners_deposit(rows: Rows) -> None:
    next(deposit for deposit in rows["deposits"] if deposit["state"] == "held")["state"] = "due_back"


def _keep_a_losers_deposit(rows: Rows) -> None:
    next(deposit for deposit in rows["deposits"] if deposit["state"] == "due_back").update(state="held", releases=0)


def _lose_the_evidence(rows: Rows) -> None:
    rows["evidence"].clear()


@pytest.mark.parametrize(
    "plant",
    [
        _close_twice,
        _sell_twice,
        _sell_to_another,
        _tell_another_price,
        _free_a_deposit_twice,
        _free_the_winners_deposit,
        _keep_a_losers_deposit,
        _lose_the_evidence,
    ],
)
def test_what_is_wrong_about_an_ending_is_found(rows: Rows, plant: Callable[[Rows], None]) -> None:
    bad = copy.deepcopy(rows)
    plant(bad)
    assert list(flaws(bad)) != []
