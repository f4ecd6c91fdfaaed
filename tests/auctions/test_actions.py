"""Bids go one after another through the auction's row; each is in the chain, and the clock alone ends it."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listings.auctions.actions.auctions import (
    announce_auction,
    annul_auction,
    close_auction,
    open_auction,
    pause_auction,
    resume_auction,
)
from listings.auctions.actions.bids import Receipt, place_bid, set_proxy
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.auctions import flaw_of
from listings.models.deals import Deal
from market.events.models import Event
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.auctions.builders import START, STEP, a_listing_in_bidding, an_auction, at, auction_terms, conclude, deal_of
from tests.listings.builders import a_listing
from tests.people import Cast, Member


def steps(count: int) -> Money:
    return START + Money(STEP.fen * count)


def bid(auction: Auction, member: Member, amount: Money, *, after: timedelta = timedelta(minutes=1), key: str = "") -> Receipt:
    key = key or f"key-{Bid.objects.count():05d}"
    return place_bid(auction.key, amount, key=key, actor=member.actor, clock=at(auction.opens_at + after))


def test_every_qualified_buyer_has_a_pass_with_a_number(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now, opened=False)
    assert list(auction.passes.values_list("number", "organisation")) == [
        (1, cast.enterprise.pk),
        (2, cast.rival.pk),
        (3, cast.outside.pk),
    ]
    assert Event.objects.filter(subject=auction.subject, name="auction.announced").count() == 1


def test_only_the_seller_announces_and_only_one_auction_in_bidding(cast: Cast, now: datetime) -> None:
    listing = a_listing_in_bidding(cast, now)
    opens_at = now + timedelta(days=60)
    with pytest.raises(Forbidden):
        announce_auction(listing, auction_terms(opens_at), actor=cast.enterprise_agent.actor, now=now)
    announce_auction(listing, auction_terms(opens_at), actor=cast.university_agent.actor, now=now)
    with pytest.raises(OutOfTurn) as refused:
        announce_auction(listing, auction_terms(opens_at), actor=cast.university_agent.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.exists"
    on_notice = a_listing(cast, now)
    with pytest.raises(OutOfTurn) as refused:
        announce_auction(on_notice, auction_terms(opens_at), actor=cast.university_agent.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.not_in_bidding"
    assert Auction.objects.count() == 1


def test_an_auction_opens_at_its_time_and_once(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now, opened=False)
    assert open_auction(auction, clock=at(auction.opens_at - timedelta(seconds=1))).state == "planned"
    assert open_auction(auction, clock=at(auction.opens_at)).state == "open"
    assert open_auction(auction, clock=at(auction.opens_at)).state == "open"
    assert Event.objects.filter(subject=auction.subject, name="auction.opened").count() == 1


def test_an_accepted_bid_leads_and_its_receipt_says_what_comes_next(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    receipt = bid(auction, cast.enterprise_agent, steps(3))
    assert (receipt.sequence, receipt.is_accepted, receipt.minimum) == (1, True, steps(4))
    auction.refresh_from_db()
    assert (auction.standing.best, auction.head_hash, auction.sequence) == (steps(3), receipt.hash, 1)


def test_a_refused_bid_is_in_the_chain_and_moves_nothing(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    bid(auction, cast.enterprise_agent, steps(3))
    receipt = bid(auction, cast.rival_agent, steps(3), after=timedelta(hours=1, minutes=4))
    assert receipt.refusal is not None
    assert (receipt.refusal.code, receipt.sequence, receipt.ends_at) == ("auctions.below_minimum", 2, auction.ends_at)
    auction.refresh_from_db()
    assert (auction.standing.best, auction.extensions, auction.sequence) == (steps(3), 0, 2)
    assert flaw_of(auction) is None


def test_a_bid_in_the_last_cycle_sets_the_clock_again(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    late = timedelta(hours=1, minutes=4, seconds=59)
    receipt = bid(auction, cast.enterprise_agent, steps(0), after=late)
    assert receipt.ends_at == auction.opens_at + late + timedelta(seconds=300)


def test_a_bid_after_the_end_is_refused_though_nobody_has_closed_yet(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    receipt = bid(auction, cast.enterprise_agent, steps(0), after=timedelta(hours=1, minutes=5))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "auctions.over"


def test_the_same_key_is_the_same_bid(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    first = bid(auction, cast.enterprise_agent, steps(0), key="one-and-the-same")
    again = bid(auction, cast.enterprise_agent, steps(0), key="one-and-the-same", after=timedelta(minutes=2))
    assert (again.sequence, again.hash, again.at) == (first.sequence, first.hash, first.at)
    with pytest.raises(OutOfTurn) as refused:
        bid(auction, cast.enterprise_agent, steps(5), key="one-and-the-same")
    assert refused.value.refusals[0].code == "auctions.key_reused"
    assert Bid.objects.count() == 1
    # Keys are each bidder's own.
    assert bid(auction, cast.rival_agent, steps(1), key="one-and-the-same").is_accepted


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "钥匙钥匙钥匙钥匙"])
def test_a_bid_needs_a_key_of_its_own(cast: Cast, now: datetime, key: str) -> None:
    auction = an_auction(cast, now)
    with pytest.raises(Refused) as refused:
        place_bid(auction.key, START, key=key, actor=cast.enterprise_agent.actor)
    assert refused.value.refusals[0].code == "auctions.key_wrong"
    assert not Bid.objects.exists()


@pytest.mark.parametrize("amount", [Money(2**70), Money(-(2**70))])
def test_an_amount_beyond_all_measure_is_refused_before_it_reaches_the_database(cast: Cast, now: datetime, amount: Money) -> None:
    auction = an_auction(cast, now)
    with pytest.raises(Refused) as refused:
        bid(auction, cast.enterprise_agent, amount)
    assert refused.value.refusals[0].code == "auctions.too_much"


def test_whoever_has_no_pass_cannot_bid(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    for member in (cast.university_agent, cast.broker, cast.supervisor):
        with pytest.raises(Forbidden) as refused:
            bid(auction, member, START)
        assert refused.value.refusals[0].code == "auctions.no_pass"
    assert not Bid.objects.exists()


def test_a_bid_asks_the_database_little_and_speaks_to_nobody_while_it_holds_the_row(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    auction, told = an_auction(cast, now), []
    monkeypatch.setattr("listings.auctions.room.tell", lambda group, message: told.append(group))
    with monkeypatch.context() as lonely, django_capture_on_commit_callbacks() as later:
        # Neither mail nor anything else may open a connection.
        lonely.setattr(socket.socket, "connect", lambda *_: pytest.fail("somebody was spoken to"))
        with CaptureQueriesContext(connection) as asked:
            assert bid(auction, cast.enterprise_agent, START, key="key-00001").is_accepted
    assert len(asked) <= 6
    assert told == []
    for tell in later:
        tell()
    assert told == [f"auction.{auction.key}"]


def test_orders_answer_within_the_same_transaction(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    moment = at(auction.opens_at + timedelta(minutes=1))
    set_proxy(auction, steps(5), actor=cast.rival_agent.actor, clock=moment)
    auction.refresh_from_db()
    assert (auction.standing.best, auction.leader.organisation) == (steps(0), cast.rival)
    receipt = bid(auction, cast.enterprise_agent, steps(2))
    assert (receipt.is_accepted, receipt.minimum) == (True, steps(4))
    auction.refresh_from_db()
    assert (auction.standing.best, auction.leader.organisation, auction.sequence) == (steps(3), cast.rival, 3)
    assert list(auction.bids.values_list("kind", flat=True)) == ["proxy", "manual", "proxy"]
    assert flaw_of(auction) is None
    with pytest.raises(Refused) as refused:
        set_proxy(auction, steps(3), actor=cast.outsider.actor, clock=moment)
    assert refused.value.refusals[0].code == "auctions.limit_below_minimum"
    set_proxy(auction, None, actor=cast.rival_agent.actor, clock=moment)
    bid(auction, cast.enterprise_agent, steps(4))
    auction.refresh_from_db()
    assert (auction.standing.best, auction.has_proxies) == (steps(4), False)


def test_the_best_bidder_has_the_deal_at_the_best_bid(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    bid(auction, cast.enterprise_agent, steps(1))
    bid(auction, cast.rival_agent, steps(2))
    early = close_auction(auction, clock=at(auction.ends_at - timedelta(microseconds=1)))
    assert early.state == "open"
    for _worker in range(2):
        assert close_auction(auction, clock=at(auction.ends_at)).state == "closed"
    assert not Deal.objects.exists()
    for _worker in range(2):
        deal = deal_of(auction)
    assert (deal.buyer, deal.price, deal.listing) == (cast.rival, steps(2), auction.listing)
    closed = Event.objects.get(name="auction.closed")
    auction.refresh_from_db()
    assert closed.payload["bids"] == 2
    assert closed.payload["head"] == auction.head_hash
    assert (closed.payload["winner"], closed.payload["price_fen"]) == (2, steps(2).fen)
    assert closed.payload["bidders"][1] == {"number": 2, "name": cast.rival.name}


@pytest.mark.parametrize("reserve", [None, steps(9)])
def test_without_a_bid_that_reaches_the_reserve_price_there_is_no_deal(cast: Cast, now: datetime, reserve: Money | None) -> None:
    auction = an_auction(cast, now, reserve=reserve)
    if reserve:
        bid(auction, cast.enterprise_agent, steps(8))
    close_auction(auction, clock=at(auction.ends_at))
    conclude(auction)
    assert (auction.listing.state, Deal.objects.count()) == ("lapsed", 0)


def test_a_pause_stops_the_clock_and_gives_a_full_last_cycle(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    stopped = auction.ends_at - timedelta(seconds=10)
    with pytest.raises(Forbidden):
        pause_auction(auction, reason="网络故障", actor=cast.university_agent.actor, clock=at(stopped))
    with pytest.raises(Refused) as refused:
        pause_auction(auction, reason=" ", actor=cast.supervisor.actor, clock=at(stopped))
    assert refused.value.refusals[0].code == "auctions.reason_missing"
    pause_auction(auction, reason="网络故障", actor=cast.supervisor.actor, clock=at(stopped))
    receipt = bid(auction, cast.enterprise_agent, START)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "auctions.paused"
    assert close_auction(auction, clock=at(auction.ends_at + timedelta(days=1))).state == "paused"
    again = auction.ends_at + timedelta(days=1)
    resumed = resume_auction(auction, actor=cast.supervisor.actor, clock=at(again))
    assert (resumed.state, resumed.ends_at) == ("open", again + timedelta(seconds=300))
    assert resumed.hard_stop >= resumed.ends_at


def test_an_annulled_auction_has_no_result_and_makes_room_for_another(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    bid(auction, cast.enterprise_agent, START)
    annulled = annul_auction(auction, reason="公告有误", actor=cast.supervisor.actor, clock=at(auction.opens_at))
    assert (annulled.state, Deal.objects.count(), Bid.objects.count()) == ("annulled", 0, 1)
    auction.listing.refresh_from_db()
    assert auction.listing.state == "bidding"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount_fen": 1}, "content"),
        ({"is_accepted": False}, "content"),
        ({"previous_hash": "f" * 64}, "link"),
        ({"sequence": 9}, "gap"),
    ],
)
def test_an_edited_bid_is_found(cast: Cast, now: datetime, change: dict[str, object], reason: str) -> None:
    auction = an_auction(cast, now)
    for count, member in enumerate((cast.enterprise_agent, cast.rival_agent, cast.outsider)):
        bid(auction, member, steps(count))
    auction.refresh_from_db()
    assert flaw_of(auction) is None
    Bid.objects.filter(sequence=2).update(**change)
    flaw = flaw_of(auction)
    assert flaw is not None
    assert (flaw.sequence, flaw.reason) == (2, reason)


def test_a_cut_tail_is_found(cast: Cast, now: datetime) -> None:
    auction = an_auction(cast, now)
    bid(auction, cast.enterprise_agent, steps(0))
    bid(auction, cast.rival_agent, steps(1))
    auction.refresh_from_db()
    Bid.objects.filter(sequence=2).delete()
    flaw = flaw_of(auction)
    assert flaw is not None
    assert (flaw.sequence, flaw.reason) == (2, "tail")
