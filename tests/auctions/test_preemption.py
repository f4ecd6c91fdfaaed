"""A pre-emptive right that was announced: its holder may match the final price in time, in whatever mode it was found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from listings.auctions.actions.auctions import announce_auction, close_auction, open_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.falling import stop_clock
from listings.auctions.actions.preemption import match_best, waive_match
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.auctions import auctions_to_close, flaw_of
from listings.auctions.rules.offers import Offer, Preemption, matched, may_match, waits_for_match
from listings.models.deals import Deal
from market.values.money import Money
from market.values.refusal import Refused
from tests.auctions.builders import START, STEP, a_falling_lot, a_listing_in_bidding, a_sealed_lot, at, auction_terms, deal_of
from tests.people import Cast, Member

MATCH_FOR = timedelta(minutes=10)


def test_it_waits_only_where_somebody_else_has_won() -> None:
    best = Offer(1, START)
    assert waits_for_match(best, 2)
    assert not waits_for_match(best, 1)
    assert not waits_for_match(best, None)
    assert not waits_for_match(None, 2)


def test_who_matches_has_it_at_the_same_price() -> None:
    """Source: domain.md, bidding modes (medium)."""
    assert matched(Offer(1, START), [2]) == Offer(2, START)
    assert matched(Offer(1, START), []) == Offer(1, START)
    assert matched(None, [2]) is None


@pytest.mark.parametrize(
    ("state", "bidder", "after", "code"),
    [
        ("matching", 2, -1, None),
        ("matching", 2, 0, "auctions.over"),
        ("matching", 1, -1, "auctions.no_preemption"),
        ("open", 2, -1, "auctions.not_open"),
        ("closed", 2, -1, "auctions.not_open"),
    ],
)
def test_the_right_is_its_holders_and_ends_with_its_time(
    now: datetime, state: str, bidder: int, after: int, code: str | None
) -> None:
    refusal = may_match(state, holder=2, bidder=bidder, until=now, now=now + timedelta(seconds=after))
    assert (refusal.code if refusal else None) == code


def ascending_won(cast: Cast, now: datetime, by: Member) -> Auction:
    """The outsider has the right; the bidding is over."""
    listing = a_listing_in_bidding(cast, now)
    preemption = Preemption(listing.intents.get(buyer=cast.outside).pk, MATCH_FOR)
    terms = auction_terms(now + timedelta(days=60))
    auction = announce_auction(listing, terms, preemption=preemption, actor=cast.university_agent.actor, now=now)
    open_auction(auction, clock=at(auction.opens_at))
    clock = at(auction.opens_at + timedelta(minutes=1))
    place_bid(auction.key, START + STEP, key="key-00001", actor=by.actor, clock=clock)
    return close_auction(auction, clock=at(auction.ends_at))


def falling_won(cast: Cast, now: datetime, by: Member) -> Auction:
    lot = a_falling_lot(cast, now, preemptor=cast.outsider)
    stop_clock(lot.auction, START, key="key-00001", actor=by.actor, clock=lot.moment(seconds=1))
    return close_auction(lot.auction, clock=lot.moment(minutes=11))


def sealed_won(cast: Cast, now: datetime, by: Member) -> Auction:
    lot = a_sealed_lot(cast, now, preemptor=cast.outsider)
    lot.bid(by, START + STEP)
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    lot.bring(1, 2)
    return lot.auction


WON = {"ascending": (ascending_won, 1), "falling": (falling_won, 0), "sealed": (sealed_won, 1)}


@pytest.fixture(params=WON)
def won(request: pytest.FixtureRequest) -> Any:
    return WON[request.param]


def use(act: Any, auction: Auction, member: Member, **after: float) -> Receipt:
    assert auction.match_until is not None
    clock = at(auction.match_until - MATCH_FOR + timedelta(**after))
    return act(auction, key=f"key-{Bid.objects.count():05d}", actor=member.actor, clock=clock)  # type: ignore[no-any-return]


def test_the_holder_matches_and_has_the_deal(cast: Cast, now: datetime, won: Any) -> None:
    build, count = won
    auction = build(cast, now, cast.rival_agent)
    assert (auction.state, Deal.objects.count()) == ("matching", 0)
    refused = use(match_best, auction, cast.enterprise_agent, minutes=1)
    assert refused.refusal is not None
    assert refused.refusal.code == "auctions.no_preemption"
    receipt = use(match_best, auction, cast.outsider, minutes=1)
    price = START + Money(STEP.fen * count)
    auction.refresh_from_db()
    deal = deal_of(auction)
    assert (receipt.amount, auction.state, deal.buyer, deal.price) == (price, "closed", cast.outside, price)
    assert auction.leader.organisation == cast.outside
    assert flaw_of(auction) is None


def test_the_winner_has_the_deal_when_the_time_is_over(cast: Cast, now: datetime, won: Any) -> None:
    auction = won[0](cast, now, cast.rival_agent)
    assert close_auction(auction, clock=at(auction.match_until - timedelta(microseconds=1))).state == "matching"
    assert list(auctions_to_close()) == [auction]
    late = use(match_best, auction, cast.outsider, minutes=10)
    assert late.refusal is not None
    assert late.refusal.code == "auctions.over"
    for _worker in range(2):
        assert close_auction(auction, clock=at(auction.match_until)).state == "closed"
    assert deal_of(auction).buyer == cast.rival


def test_the_winner_has_the_deal_at_once_when_the_right_is_waived(cast: Cast, now: datetime) -> None:
    auction = ascending_won(cast, now, cast.rival_agent)
    assert use(waive_match, auction, cast.outsider, minutes=1).is_accepted
    auction.refresh_from_db()
    assert (auction.state, deal_of(auction).buyer) == ("closed", cast.rival)


def test_nothing_waits_when_the_holder_of_the_right_has_won(cast: Cast, now: datetime) -> None:
    auction = ascending_won(cast, now, cast.outsider)
    assert (auction.state, deal_of(auction).buyer) == ("closed", cast.outside)


def test_only_a_qualified_buyer_has_the_right(cast: Cast, now: datetime) -> None:
    listing = a_listing_in_bidding(cast, now)
    terms = auction_terms(now + timedelta(days=60))
    intent = listing.intents.first()
    assert intent is not None
    for preemption, code in (
        (Preemption(0, MATCH_FOR), "auctions.preemptor_not_qualified"),
        (Preemption(intent.pk, timedelta(0)), "auctions.period_out_of_range"),
    ):
        with pytest.raises(Refused) as refused:
            announce_auction(listing, terms, preemption=preemption, actor=cast.university_agent.actor, now=now)
        assert refused.value.refusals[0].code == code
    assert not Auction.objects.exists()
