"""May this bid be made, how long does it go on, and who wins? Without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.auctions.rules.ascending import (
    AuctionTerms,
    Offer,
    Proxy,
    Standing,
    answers_of_proxies,
    extended_until,
    may_announce,
    may_bid,
    next_minimum,
    resumed_until,
    winner,
)
from market.values.money import Money

T0 = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CYCLE = timedelta(seconds=300)


def yuan(amount: int | str) -> Money:
    return Money.yuan(str(amount))


def some_terms(**changes: object) -> AuctionTerms:
    terms = AuctionTerms(
        start=yuan(100),
        step=yuan(10),
        reserve=None,
        opens_at=T0,
        free_until=T0 + timedelta(hours=2),
        cycle=CYCLE,
        most_extensions=5,
        hard_stop=T0 + timedelta(hours=4),
    )
    return replace(terms, **changes)  # type: ignore[arg-type]


def a_standing(**changes: object) -> Standing:
    return replace(Standing(state="open", ends_at=some_terms().first_end), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": yuan(0)}, "auctions.start_not_positive"),
        ({"step": yuan(0)}, "auctions.step_not_positive"),
        ({"reserve": yuan("99.99")}, "auctions.reserve_below_start"),
        ({"opens_at": T0 - timedelta(days=2)}, "auctions.opens_in_the_past"),
        ({"free_until": T0}, "auctions.times_out_of_order"),
        ({"hard_stop": T0 + timedelta(hours=1)}, "auctions.times_out_of_order"),
        ({"cycle": timedelta(seconds=9)}, "auctions.cycle_out_of_range"),
        ({"most_extensions": -1}, "auctions.extensions_negative"),
    ],
)
def test_terms_that_make_no_sense_are_not_announced(changes: dict[str, object], code: str) -> None:
    assert [refusal.code for refusal in may_announce(some_terms(**changes), now=T0 - timedelta(days=1))] == [code]


def test_the_first_bid_may_equal_the_start_price_and_the_next_is_a_step_above() -> None:
    assert next_minimum(some_terms(), None) == yuan(100)
    assert next_minimum(some_terms(), yuan(100)) == yuan(110)


@pytest.mark.parametrize(
    ("standing", "amount", "at", "code"),
    [
        (a_standing(), yuan(100), T0, None),
        (a_standing(best=yuan(100), leader=2), yuan(130), T0, None),
        (a_standing(best=yuan(100), leader=2), yuan(100), T0, "auctions.below_minimum"),
        (a_standing(best=yuan(100), leader=2), yuan("109.99"), T0, "auctions.below_minimum"),
        (a_standing(best=yuan(100), leader=2), yuan(115), T0, "auctions.not_whole_step"),
        (a_standing(best=yuan(100), leader=1), yuan(110), T0, "auctions.you_lead"),
        (a_standing(), Money(-1), T0, "auctions.below_minimum"),
        (a_standing(), yuan(10**13 + 100), T0, "auctions.too_much"),
        (a_standing(), yuan(100), T0 - timedelta(microseconds=1), "auctions.not_open"),
        (a_standing(state="planned"), yuan(100), T0, "auctions.not_open"),
        (a_standing(state="paused"), yuan(100), T0, "auctions.paused"),
        (a_standing(state="closed"), yuan(100), T0, "auctions.not_open"),
        (a_standing(), yuan(100), some_terms().first_end, "auctions.over"),
        (a_standing(), yuan(100), some_terms().first_end - timedelta(microseconds=1), None),
    ],
)
def test_a_bid_is_accepted_or_says_why_not(standing: Standing, amount: Money, at: datetime, code: str | None) -> None:
    refusal = may_bid(some_terms(), standing, bidder=1, amount=amount, now=at)
    assert (refusal.code if refusal else None) == code


def test_a_bid_before_the_last_cycle_moves_nothing() -> None:
    end = some_terms().first_end
    assert extended_until(some_terms(), a_standing(), accepted_at=end - CYCLE) == (end, 0)


def test_a_bid_in_the_last_cycle_sets_the_end_to_its_own_time_plus_a_cycle() -> None:
    """Source: 法释〔2016〕18号 art. 20, in analogy (high)."""
    end = some_terms().first_end
    at = end - timedelta(seconds=1)
    assert extended_until(some_terms(), a_standing(), accepted_at=at) == (at + CYCLE, 1)


def test_extensions_end_at_their_number_and_at_the_hard_stop() -> None:
    end = some_terms().first_end
    used_up = a_standing(extensions=5)
    assert extended_until(some_terms(), used_up, accepted_at=end - timedelta(seconds=1)) == (end, 5)
    tight = some_terms(hard_stop=end + timedelta(seconds=60))
    assert extended_until(tight, a_standing(), accepted_at=end - timedelta(seconds=1)) == (end + timedelta(seconds=60), 1)
    at_the_stop = a_standing(ends_at=tight.hard_stop, extensions=1)
    assert extended_until(tight, at_the_stop, accepted_at=tight.hard_stop - timedelta(seconds=1)) == (tight.hard_stop, 1)


@given(st.lists(st.integers(1, 20_000), max_size=40))
def test_the_end_never_moves_back_nor_past_the_hard_stop(seconds: list[int]) -> None:
    terms, standing = some_terms(), a_standing()
    for at in sorted(T0 + timedelta(seconds=second) for second in seconds):
        if at >= standing.ends_at:
            break
        end, extensions = extended_until(terms, standing, accepted_at=at)
        assert standing.ends_at <= end <= terms.hard_stop
        assert 0 <= extensions - standing.extensions <= 1
        standing = replace(standing, ends_at=end, extensions=extensions)
    assert standing.extensions <= terms.most_extensions


def test_a_pause_leaves_what_was_left_but_at_least_a_full_cycle() -> None:
    end, now = some_terms().first_end, some_terms().first_end + timedelta(days=1)
    standing = a_standing()
    assert resumed_until(some_terms(), standing, paused_at=end - timedelta(seconds=7), now=now) == now + CYCLE
    assert resumed_until(some_terms(), standing, paused_at=end - timedelta(hours=1), now=now) == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("standing", "proxies", "offers"),
    [
        (a_standing(best=yuan(100), leader=1), [], []),
        (a_standing(best=yuan(100), leader=1), [Proxy(2, yuan(150), 1)], [Offer(2, yuan(110))]),
        (a_standing(best=yuan(100), leader=1), [Proxy(2, yuan("109.99"), 1)], []),
        (a_standing(best=yuan(100), leader=2), [Proxy(2, yuan(150), 1)], []),
        (
            a_standing(best=yuan(100), leader=1),
            [Proxy(2, yuan(150), 1), Proxy(3, yuan(200), 2)],
            [Offer(2, yuan(150)), Offer(3, yuan(160))],
        ),
        (
            a_standing(best=yuan(150), leader=1),
            [Proxy(1, yuan(190), 1), Proxy(2, yuan(205), 2)],
            [Offer(2, yuan(160)), Offer(1, yuan(190)), Offer(2, yuan(200))],
        ),
        (
            a_standing(best=yuan(100), leader=1),
            [Proxy(2, yuan(155), 1), Proxy(3, yuan(150), 2)],
            [Offer(3, yuan(140)), Offer(2, yuan(150))],
        ),
        (a_standing(best=yuan(140), leader=3), [Proxy(2, yuan(150), 1), Proxy(3, yuan(150), 2)], [Offer(2, yuan(150))]),
    ],
)
def test_orders_bid_for_their_bidders_by_one_step(standing: Standing, proxies: list[Proxy], offers: list[Offer]) -> None:
    assert answers_of_proxies(some_terms(), standing, proxies) == offers


LIMITS = st.integers(50, 400).map(yuan)


@given(
    st.lists(LIMITS, max_size=5),
    st.integers(0, 20),
    st.integers(1, 6),
)
def test_whatever_the_orders_each_bid_is_lawful_and_the_last_stays(limits: list[Money], steps: int, leader: int) -> None:
    terms = some_terms()
    standing = a_standing(best=terms.start + Money(terms.step.fen * steps), leader=leader)
    proxies = [Proxy(bidder, limit, bidder) for bidder, limit in enumerate(limits, start=1)]
    for offer in answers_of_proxies(terms, standing, proxies):
        assert may_bid(terms, standing, bidder=offer.bidder, amount=offer.amount, now=T0) is None
        assert offer.amount <= limits[offer.bidder - 1]
        standing = replace(standing, best=offer.amount, leader=offer.bidder)
    assert answers_of_proxies(terms, standing, proxies) == []


def test_the_highest_bid_wins_unless_it_stays_below_the_reserve_price() -> None:
    offers = [Offer(1, yuan(100)), Offer(2, yuan(110)), Offer(1, yuan(150))]
    assert winner(some_terms(), offers) == Offer(1, yuan(150))
    assert winner(some_terms(reserve=yuan(150)), offers) == Offer(1, yuan(150))
    assert winner(some_terms(reserve=yuan("150.01")), offers) is None
    assert winner(some_terms(), []) is None
