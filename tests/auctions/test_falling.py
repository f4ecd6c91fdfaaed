"""The price falls by the schedule, the first to stop it holds it, others bid sealed above, the holder alone tops once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.auctions.actions.auctions import announce_auction, close_auction, open_auction, pause_auction, resume_auction
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.falling import stop_clock, top_best
from listings.auctions.actions.sealed import seal_bid
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.auctions import auctions_to_open, flaw_of
from listings.auctions.rules.falling import FallingStanding, FallingTerms, may_announce, may_stop, may_top, price_at, winner
from listings.auctions.rules.offers import Offer
from listings.models.deals import Deal
from market.events.models import Event
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.auctions.builders import (
    START,
    STEP,
    Lot,
    a_falling_lot,
    a_listing_in_bidding,
    a_lot,
    a_sealed_lot,
    an_auction,
    at,
    conclude,
    deal_of,
    falling_terms,
    keep_keys,
)
from tests.people import Cast, Member

T0 = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
yuan = Money.yuan


def terms(**changes: Any) -> FallingTerms:
    kept = {"start": yuan(100), "floor": yuan(75), "step": yuan(10), "every": MINUTE, "opens_at": T0}
    return FallingTerms(**(kept | {"sealed_for": 10 * MINUTE, "topping_for": 5 * MINUTE} | changes))


def standing(**changes: Any) -> FallingStanding:
    kept = {"state": "open", "phase": "clock", "clock_from": T0, "ends_at": T0 + terms().clock_for}
    return FallingStanding(**(kept | changes))


@pytest.mark.parametrize(
    ("after", "price"),
    [(-60, 100), (0, 100), (59.999999, 100), (60, 90), (119, 90), (120, 80), (180, 75), (240, 75), (100_000, 75)],
)
def test_the_price_is_a_function_of_the_time(after: float, price: int) -> None:
    assert price_at(terms(), T0, T0 + timedelta(seconds=after)) == yuan(price)


def test_the_floor_is_asked_as_long_as_every_other_price() -> None:
    assert (terms().steps, terms().clock_for) == (3, 4 * MINUTE)
    assert terms(floor=yuan(80)).steps == 2


@given(st.integers(1, 500), st.integers(1, 10**12), st.integers(1, 10**12), st.lists(st.integers(0, 10**7), max_size=20))
def test_the_price_never_rises_nor_leaves_its_limits(count: int, floor: int, step: int, seconds: list[int]) -> None:
    start = floor + max(1, count * step - step // 2)
    given_terms = terms(start=Money(start), floor=Money(floor), step=Money(step))
    prices = [price_at(given_terms, T0, T0 + timedelta(seconds=second)) for second in sorted(seconds)]
    assert prices == sorted(prices, reverse=True)
    assert all(given_terms.floor <= price <= given_terms.start for price in prices)
    assert price_at(given_terms, T0, T0 + given_terms.clock_for) == given_terms.floor


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"floor": yuan(100)}, "auctions.floor_out_of_range"),
        ({"floor": yuan(0)}, "auctions.floor_out_of_range"),
        ({"step": yuan(0)}, "auctions.step_not_positive"),
        ({"step": yuan("0.01")}, "auctions.too_many_steps"),
        ({"every": timedelta(seconds=9)}, "auctions.period_out_of_range"),
        ({"sealed_for": timedelta(days=15)}, "auctions.period_out_of_range"),
        ({"topping_for": timedelta(0)}, "auctions.period_out_of_range"),
        ({"opens_at": T0 - timedelta(days=2)}, "auctions.opens_in_the_past"),
    ],
)
def test_terms_that_make_no_sense_are_refused(changes: dict[str, Any], code: str) -> None:
    assert [refusal.code for refusal in may_announce(terms(**changes), now=T0 - timedelta(days=1))] == [code]


@pytest.mark.parametrize(
    ("changes", "seen", "after", "code"),
    [
        ({}, 100, 0, None),
        ({}, 100, 60, None),
        ({}, 90, 60, None),
        ({}, 90, 59, "auctions.price_not_reached"),
        ({}, 75, 239, None),
        ({}, 75, 240, "auctions.over"),
        ({}, 100, -1, "auctions.not_open"),
        ({"state": "planned"}, 100, 0, "auctions.not_open"),
        ({"state": "paused"}, 100, 0, "auctions.paused"),
        ({"holder": 1}, 100, 0, "auctions.already_stopped"),
    ],
)
def test_the_clock_is_stopped_at_the_servers_price_or_it_is_said_why_not(
    changes: dict[str, Any], seen: int, after: int, code: str | None
) -> None:
    now = T0 + timedelta(seconds=after)
    refusal = may_stop(terms(), standing(**changes), seen=yuan(seen), now=now)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("changes", "bidder", "amount", "has_topped", "code"),
    [
        ({}, 1, 110, False, None),
        ({}, 1, 109, False, "auctions.below_minimum"),
        ({}, 2, 110, False, "auctions.only_the_holder"),
        ({}, 1, 110, True, "auctions.topped_already"),
        ({}, 1, 10**14, False, "auctions.too_much"),
        ({"phase": "sealed"}, 1, 110, False, "auctions.not_open"),
        ({"state": "unopened"}, 1, 110, False, "auctions.not_open"),
        ({"state": "paused"}, 1, 110, False, "auctions.paused"),
        ({"ends_at": T0}, 1, 110, False, "auctions.over"),
    ],
)
def test_only_the_holder_tops_once_by_a_step_at_least(
    changes: dict[str, Any], bidder: int, amount: int, has_topped: bool, code: str | None
) -> None:
    topping = replace(standing(phase="topping", holder=1, best=yuan(100)), **changes)
    refusal = may_top(terms(), topping, bidder=bidder, has_topped=has_topped, amount=yuan(amount), now=T0)
    assert (refusal.code if refusal else None) == code


def test_the_topping_bid_wins_else_the_best_sealed_one_else_the_holder() -> None:
    """Source: fields.md c3 (medium)."""
    held, sealed = Offer(1, yuan(90)), [Offer(2, yuan(95)), Offer(3, yuan(120)), Offer(4, yuan(120))]
    assert winner(held, sealed, Offer(1, yuan(130))) == Offer(1, yuan(130))
    assert winner(held, sealed, None) == Offer(3, yuan(120))
    assert winner(held, [], None) == held
    assert winner(None, [], None) is None


# --- The actions ----------------------------------------------------------------------------------------------------


def stop(lot: Lot, member: Member, seen: Money = START, *, key: str = "", **after: float) -> Receipt:
    key = key or f"key-{Bid.objects.count():05d}"
    return stop_clock(lot.auction, seen, key=key, actor=member.actor, clock=lot.moment(**after))


def top(lot: Lot, member: Member, amount: Money, **after: float) -> Receipt:
    key = f"key-{Bid.objects.count():05d}"
    return top_best(lot.auction, amount, key=key, actor=member.actor, clock=lot.moment(**after))


def code_of(receipt: Receipt) -> str:
    return receipt.refusal.code if receipt.refusal else ""


def down(count: int) -> Money:
    return START - Money(STEP.fen * count)


def test_it_does_not_open_before_all_three_keys_are_kept(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, falling_terms(now + timedelta(days=60)), keys=False)
    assert open_auction(lot.auction, clock=lot.moment()).state == "planned"
    assert list(auctions_to_open(lot.auction.opens_at)) == []
    late = lot.auction.opens_at + timedelta(hours=3)
    keep_keys(lot, late)
    assert list(auctions_to_open(late)) == [lot.auction]
    opened = open_auction(lot.auction, clock=at(late))
    # Late keys cost the bidders nothing of the clock.
    assert (opened.state, opened.phase, opened.clock_from) == ("open", "clock", late)
    assert opened.ends_at == late + opened.falling_terms.clock_for


def test_the_first_to_stop_the_clock_holds_the_price_of_that_moment(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    receipt = stop(lot, cast.enterprise_agent, down(2), minutes=3, seconds=1)
    # Seen at two steps down, stopped at three.
    assert (receipt.is_accepted, receipt.amount) == (True, down(3))
    second = stop(lot, cast.rival_agent, down(3), minutes=3, seconds=1)
    assert code_of(second) == "auctions.already_stopped"
    lot.auction.refresh_from_db()
    assert (lot.auction.phase, lot.auction.best, lot.auction.holder.organisation) == ("sealed", down(3), cast.enterprise)
    assert lot.auction.ends_at == receipt.at + timedelta(minutes=10)
    assert flaw_of(lot.auction) is None
    assert Event.objects.filter(name="auction.clock_stopped", subject=lot.auction.subject).count() == 1


def test_a_price_that_is_not_reached_stops_nothing(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    assert code_of(stop(lot, cast.enterprise_agent, down(3), minutes=2)) == "auctions.price_not_reached"
    lot.auction.refresh_from_db()
    assert (lot.auction.phase, lot.auction.best, lot.auction.sequence) == ("clock", None, 1)


def test_the_same_key_is_the_same_stop_though_the_price_has_moved(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    first = stop(lot, cast.enterprise_agent, key="one-and-the-same", minutes=1)
    again = stop(lot, cast.enterprise_agent, key="one-and-the-same", minutes=5)
    assert (again.hash, again.sequence, again.amount) == (first.hash, 1, down(1))
    with pytest.raises(OutOfTurn) as refused:
        stop(lot, cast.enterprise_agent, down(7), key="one-and-the-same", minutes=5)
    assert refused.value.refusals[0].code == "auctions.key_reused"
    assert Bid.objects.count() == 1


def test_a_pause_counts_no_time(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    ends_at = lot.auction.ends_at
    pause_auction(lot.auction, reason="网络故障", actor=cast.supervisor.actor, clock=lot.moment(minutes=2, seconds=30))
    assert code_of(stop(lot, cast.enterprise_agent, minutes=3)) == "auctions.paused"
    resumed = resume_auction(lot.auction, actor=cast.supervisor.actor, clock=lot.moment(minutes=12, seconds=30))
    assert resumed.ends_at == ends_at + timedelta(minutes=10)
    receipt = stop(lot, cast.enterprise_agent, minutes=13, seconds=15)
    assert receipt.amount == down(3)


def test_nobody_stops_the_clock_and_there_is_no_deal(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    assert close_auction(lot.auction, clock=at(lot.auction.ends_at - timedelta(microseconds=1))).state == "open"
    closed = close_auction(lot.auction, clock=at(lot.auction.ends_at))
    conclude(closed)
    lot.auction.listing.refresh_from_db()
    assert (closed.state, lot.auction.listing.state, Deal.objects.count()) == ("closed", "lapsed", 0)


def test_without_a_sealed_bid_the_holder_has_the_deal_at_once(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    stop(lot, cast.enterprise_agent, minutes=5)
    for _worker in range(2):
        assert close_auction(lot.auction, clock=lot.moment(minutes=15)).state == "closed"
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.enterprise, down(5))


def in_topping(cast: Cast, now: datetime) -> Lot:
    """Stopped five steps down by the enterprise; the rival's sealed bid two steps above, the outsider's too low."""
    lot = a_falling_lot(cast, now)
    stop(lot, cast.enterprise_agent, minutes=5)
    clock = lot.moment(minutes=10)
    assert lot.bid(cast.rival_agent, down(3), clock=clock).is_accepted
    assert lot.bid(cast.outsider, down(5), clock=clock).is_accepted
    assert code_of(lot.bid(cast.enterprise_agent, down(1), clock=clock)) == "auctions.not_in_this_round"
    assert close_auction(lot.auction, clock=lot.moment(minutes=15)).state == "unopened"
    assert lot.bring(2, 3, clock=lot.moment(minutes=20))
    assert (lot.auction.state, lot.auction.phase, lot.auction.best) == ("open", "topping", down(3))
    assert lot.auction.ends_at == lot.auction.opens_at + timedelta(minutes=25)
    return lot


def test_a_sealed_bid_must_be_a_step_above_the_held_price(cast: Cast, now: datetime) -> None:
    lot = in_topping(cast, now)
    opened = {bid.bidder.organisation: (bid.amount, bid.refusal) for bid in lot.auction.bids.filter(kind="opened")}
    assert opened == {cast.rival: (down(3), ""), cast.outside: (down(5), "auctions.below_least")}


def test_the_best_sealed_bid_wins_when_the_holder_does_not_top(cast: Cast, now: datetime) -> None:
    lot = in_topping(cast, now)
    assert code_of(top(lot, cast.outsider, START, minutes=21)) == "auctions.only_the_holder"
    close_auction(lot.auction, clock=lot.moment(minutes=25))
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.rival, down(3))


def test_the_holder_tops_and_has_the_deal(cast: Cast, now: datetime) -> None:
    lot = in_topping(cast, now)
    assert code_of(top(lot, cast.enterprise_agent, down(3), minutes=21)) == "auctions.below_minimum"
    assert top(lot, cast.enterprise_agent, down(2), minutes=21).is_accepted
    lot.auction.refresh_from_db()
    deal = deal_of(lot.auction)
    assert (lot.auction.state, deal.buyer, deal.price) == ("closed", cast.enterprise, down(2))
    assert flaw_of(lot.auction) is None


def test_when_no_sealed_bid_is_valid_the_holder_has_the_deal(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    stop(lot, cast.enterprise_agent, minutes=5)
    lot.bid(cast.rival_agent, down(5), clock=lot.moment(minutes=6))
    close_auction(lot.auction, clock=lot.moment(minutes=15))
    assert lot.bring(1, 2)
    deal = deal_of(lot.auction)
    assert (lot.auction.state, deal.buyer, deal.price) == ("closed", cast.enterprise, down(5))


def test_each_mode_takes_its_own_bids_only(cast: Cast, now: datetime) -> None:
    ascending, sealed = an_auction(cast, now), a_sealed_lot(cast, now)
    envelope = sealed.envelope(cast.rival_agent, START)
    actor = cast.rival_agent.actor
    for act in (
        lambda: stop_clock(ascending, START, key="key-00000", actor=actor),
        lambda: top_best(sealed.auction, START, key="key-00000", actor=actor),
        lambda: seal_bid(ascending, envelope, key="key-00000", actor=actor),
    ):
        with pytest.raises(OutOfTurn) as refused:
            act()
        assert refused.value.refusals[0].code == "auctions.other_mode"
    assert not Bid.objects.exists()


def test_whoever_has_no_pass_stops_nothing(cast: Cast, now: datetime) -> None:
    lot = a_falling_lot(cast, now)
    for member in (cast.university_agent, cast.broker, cast.supervisor):
        with pytest.raises(Forbidden) as refused:
            stop(lot, member)
        assert refused.value.refusals[0].code == "auctions.no_pass"
    assert not Bid.objects.exists()


def test_wrong_terms_announce_nothing(cast: Cast, now: datetime) -> None:
    listing = a_listing_in_bidding(cast, now)
    wrong = falling_terms(now + timedelta(days=60), step=Money(1))
    with pytest.raises(Refused) as refused:
        announce_auction(listing, wrong, actor=cast.university_agent.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.too_many_steps"
    assert not Auction.objects.exists()
