"""Two at once in the rooms of the other modes: one stops the clock, one round is opened, one deal is made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from listings.auctions.actions.auctions import close_auction
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.falling import stop_clock
from listings.auctions.actions.keys import bring_key
from listings.auctions.actions.sealed import seal_bid
from listings.auctions.clock import database_now
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import flaw_of
from listings.models.deals import Deal
from tests.auctions.builders import START, Lot, a_falling_lot, a_sealed_lot, at
from tests.concurrency.at_once import at_once
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("committed_db")


def test_of_two_who_stop_the_clock_at_once_one_holds_the_price() -> None:
    cast = Cast()
    lot = a_falling_lot(cast, timezone.now() - timedelta(days=60, seconds=5))
    members = (cast.enterprise_agent, cast.rival_agent, cast.outsider)
    outcome = at_once(
        [lambda m=m: stop_clock(lot.auction, START, key="key-00001", actor=m.actor) for m in members for _twice in range(2)]
    )
    assert (outcome.errors, outcome.refusals) == ([], [])
    receipts: list[Receipt] = outcome.results
    assert len({receipt.sequence for receipt in receipts if receipt.is_accepted}) == 1
    assert {receipt.refusal.code for receipt in receipts if receipt.refusal} == {"auctions.already_stopped"}
    auction = Auction.objects.get(pk=lot.auction.pk)
    assert (auction.sequence, flaw_of(auction)) == (3, None)


def test_the_last_two_keys_at_once_open_the_bids_once() -> None:
    cast = Cast()
    lot = a_sealed_lot(cast, timezone.now() - timedelta(days=60, seconds=5))
    for member in (cast.enterprise_agent, cast.rival_agent):
        lot.bid(member, START, clock=lot.moment(seconds=1))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    shares = {seat: lot.shares(seat) for seat in lot.holders}
    outcome = at_once(
        [
            lambda seat=seat: bring_key(lot.auction, shares[seat], actor=lot.holders[seat].actor)
            for seat in lot.holders
            for _twice in range(2)
        ]
    )
    assert outcome.errors == []
    assert sorted(outcome.results) == [False, True]
    auction = Auction.objects.get(pk=lot.auction.pk)
    assert (auction.round, auction.bids.filter(kind="opened").count(), flaw_of(auction)) == (2, 2, None)
    assert Deal.objects.count() == 0


def hand_in(lot: Lot, envelopes: list[dict[str, object]], cast: Cast, number: int) -> Receipt:
    return seal_bid(lot.auction, envelopes[number], key=f"key-{number:05d}", actor=cast.enterprise_agent.actor)


def test_sealed_bids_around_the_end_are_judged_by_the_databases_clock_under_the_lock() -> None:
    """None accepted whose time was after the end, none refused as late whose time was before (R-02)."""
    cast = Cast()
    lot = a_sealed_lot(cast, timezone.now() - timedelta(days=60, seconds=5))
    envelopes = [lot.envelope(cast.enterprise_agent, START) for _ in range(24)]
    ends_at = database_now() + timedelta(milliseconds=150)
    Auction.objects.filter(pk=lot.auction.pk).update(ends_at=ends_at)

    def several(first: int) -> list[Receipt]:
        return [hand_in(lot, envelopes, cast, number) for number in range(first, first + 6)]

    acts = [lambda first=first: several(first) for first in range(0, 24, 6)]
    outcome = at_once([*acts, lambda: close_until(lot.auction)])
    assert outcome.errors == []
    receipts = [receipt for some in outcome.results if isinstance(some, list) for receipt in some]
    assert len(receipts) == 24
    for receipt in receipts:
        assert receipt.is_accepted == (receipt.at < ends_at)
        assert receipt.is_accepted or (receipt.refusal and receipt.refusal.code == "auctions.over")
    assert flaw_of(Auction.objects.get(pk=lot.auction.pk)) is None


def close_until(auction: Auction) -> str:
    """The worker tries until the end has come."""
    while (closed := close_auction(auction)).state == "open":
        pass
    return str(closed.state)
