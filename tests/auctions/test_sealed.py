"""Sealed bids: nobody reads one early, two holders open all of them together or none, and the rules name the winner."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from listings.auctions.actions import opening
from listings.auctions.actions.auctions import close_auction, open_auction, pause_auction, resume_auction
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.keys import bring_key, keep_lot_key, make_lot_key
from listings.auctions.actions.sealed import seal_bid, withdraw_bid
from listings.auctions.envelopes import public_text
from listings.auctions.models.auctions import Bid, KeyUse
from listings.auctions.queries.auctions import flaw_of
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.offers import Offer
from listings.auctions.rules.sealed import (
    Round,
    SealedStanding,
    SealedTerms,
    after_round,
    amount_flaw,
    may_announce,
    may_open,
    may_seal,
    winner,
)
from listings.models.deals import Deal
from market.events.models import Event
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.auctions.builders import START, STEP, Lot, a_lot, a_sealed_lot, at, conclude, deal_of, keep_keys, sealed_terms
from tests.people import Cast, Member, a_member

T0 = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
yuan = Money.yuan


def terms(**changes: Any) -> SealedTerms:
    kept = {"start": yuan(100), "reserve": None, "opens_at": T0, "ends_at": T0 + HOUR, "tie_for": timedelta(minutes=10)}
    return SealedTerms(**(kept | changes))


def test_the_highest_wins_and_of_equal_ones_the_earlier_after_a_second_round() -> None:
    """Source: domain.md, bidding modes (medium); fields.md c8 (medium)."""
    first = [Offer(1, yuan(120)), Offer(2, yuan(150)), Offer(3, yuan(150))]
    assert after_round(terms(), 1, first[:2]) == Round(first[1])
    assert after_round(terms(), 1, first) == Round(None, (2, 3))
    assert after_round(terms(), 2, [*first, Offer(3, yuan(160)), Offer(2, yuan(155))]) == Round(Offer(3, yuan(160)))
    assert after_round(terms(), 2, [*first, Offer(3, yuan(160)), Offer(2, yuan(160))]) == Round(Offer(3, yuan(160)))
    # Whoever bids no more keeps the first offer.
    assert after_round(terms(), 2, first) == Round(first[1])
    assert after_round(terms(), 1, []) == Round(None)


def test_below_the_reserve_price_nobody_wins_and_no_tie_is_decided() -> None:
    tied = [Offer(1, yuan(150)), Offer(2, yuan(150))]
    assert winner(terms(reserve=yuan(151)), tied) is None
    assert after_round(terms(reserve=yuan(151)), 1, tied) == Round(None)
    assert winner(terms(reserve=yuan(150)), tied) == tied[0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reserve": yuan(99)}, "auctions.reserve_below_start"),
        ({"ends_at": T0}, "auctions.period_out_of_range"),
        ({"ends_at": T0 + timedelta(days=15)}, "auctions.period_out_of_range"),
        ({"tie_for": timedelta(seconds=1)}, "auctions.period_out_of_range"),
        ({"start": yuan(0)}, "auctions.start_not_positive"),
    ],
)
def test_terms_that_make_no_sense_are_refused(changes: dict[str, Any], code: str) -> None:
    assert [refusal.code for refusal in may_announce(terms(**changes), now=T0 - HOUR)] == [code]


@pytest.mark.parametrize(
    ("state", "phase", "after", "bidder", "code"),
    [
        ("open", "sealed", 0, 1, None),
        ("open", "sealed", 3599.999999, 1, None),
        ("open", "sealed", 3600, 1, "auctions.over"),
        ("open", "sealed", 0, 9, "auctions.not_in_this_round"),
        ("open", "clock", 0, 1, "auctions.not_open"),
        ("planned", "", 0, 1, "auctions.not_open"),
        ("paused", "sealed", 0, 1, "auctions.paused"),
        ("unopened", "sealed", 0, 1, "auctions.over"),
        ("closed", "sealed", 0, 1, "auctions.over"),
    ],
)
def test_a_sealed_bid_is_taken_or_it_is_said_why_not(state: str, phase: str, after: float, bidder: int, code: str | None) -> None:
    standing = SealedStanding(state, phase, T0, T0 + HOUR, frozenset({1, 2}))
    refusal = may_seal(standing, bidder=bidder, now=T0 + timedelta(seconds=after))
    assert (refusal.code if refusal else None) == code


def test_two_open_unless_one_of_them_cannot_read_a_bid() -> None:
    assert not may_open([1, 1], contributions=1, holders=3)
    assert may_open([2, 2], contributions=2, holders=3)
    assert not may_open([2, 1], contributions=2, holders=3)
    assert may_open([3, 1], contributions=3, holders=3)


def test_an_amount_counts_from_the_least_on() -> None:
    assert amount_flaw(yuan(100), least=yuan(100)) == ""
    assert amount_flaw(yuan("99.99"), least=yuan(100)) == "auctions.below_least"
    assert amount_flaw(Money(-1), least=yuan(100)) == "auctions.below_least"
    assert amount_flaw(yuan(10**14), least=yuan(100)) == "auctions.too_much"


# --- Bidding --------------------------------------------------------------------------------------------------------


def steps(count: int) -> Money:
    return START + Money(STEP.fen * count)


def code_of(receipt: Receipt) -> str:
    return receipt.refusal.code if receipt.refusal else ""


def take_back(lot: Lot, member: Member) -> Receipt:
    return withdraw_bid(lot.auction, key=f"key-{Bid.objects.count():05d}", actor=member.actor, clock=lot.moment(minutes=40))


def test_a_bid_is_in_the_chain_with_its_commitment_and_without_its_amount(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    receipt = lot.bid(cast.enterprise_agent, steps(3))
    assert (receipt.is_accepted, receipt.amount, receipt.sequence) == (True, None, 1)
    bid = Bid.objects.get()
    assert bid.amount_fen is None
    assert len(bid.body["envelope"]["commitment"]) == 64
    lot.auction.refresh_from_db()
    assert (lot.auction.head_hash, flaw_of(lot.auction)) == (receipt.hash, None)
    bid.body["envelope"]["commitment"] = "0" * 64
    bid.save()
    flaw = flaw_of(lot.auction)
    assert flaw is not None
    assert flaw.reason == "content"


def test_the_last_bid_counts_and_one_can_be_withdrawn(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    assert code_of(take_back(lot, cast.enterprise_agent)) == "auctions.nothing_to_withdraw"
    lot.bid(cast.enterprise_agent, steps(9))
    lot.bid(cast.rival_agent, steps(1))
    second = lot.bid(cast.enterprise_agent, steps(2))
    lot.bid(cast.outsider, steps(20))
    assert take_back(lot, cast.outsider).is_accepted
    assert code_of(take_back(lot, cast.outsider)) == "auctions.nothing_to_withdraw"
    assert [bid.sequence for bid in standing_envelopes(lot.auction, 1)] == [3, second.sequence]
    close_auction(lot.auction, clock=lot.moment(hours=1))
    assert lot.bring(1, 3)
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.enterprise, steps(2))
    # What was replaced or withdrawn is never opened.
    assert lot.auction.bids.filter(kind="opened").count() == 2


def test_late_is_refused_by_the_databases_clock_whether_or_not_a_worker_has_noticed(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    assert lot.bid(cast.enterprise_agent, steps(0), clock=at(lot.auction.ends_at - timedelta(microseconds=1))).is_accepted
    assert code_of(lot.bid(cast.rival_agent, steps(5), clock=at(lot.auction.ends_at))) == "auctions.over"
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert code_of(lot.bid(cast.rival_agent, steps(5), clock=at(lot.auction.ends_at))) == "auctions.over"
    assert code_of(take_back(lot, cast.enterprise_agent)) == "auctions.over"
    assert [bid.bidder.organisation for bid in standing_envelopes(lot.auction, 1)] == [cast.enterprise]


def test_what_is_no_envelope_is_refused_and_not_kept(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    with pytest.raises(Refused) as refused:
        seal_bid(lot.auction, {"amount": 1}, key="key-00000", actor=cast.enterprise_agent.actor, clock=lot.moment(minutes=1))
    assert refused.value.refusals[0].code == "auctions.envelope_wrong"
    assert not Bid.objects.exists()


def test_a_pause_takes_no_time_from_sealed_bidding(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    ends_at = lot.auction.ends_at
    pause_auction(lot.auction, reason="网络故障", actor=cast.supervisor.actor, clock=lot.moment(minutes=50))
    assert code_of(lot.bid(cast.enterprise_agent, steps(1), clock=lot.moment(minutes=55))) == "auctions.paused"
    resumed = resume_auction(lot.auction, actor=cast.supervisor.actor, clock=lot.moment(minutes=70))
    assert resumed.ends_at == ends_at + timedelta(minutes=20)


def test_without_a_bid_there_is_nothing_to_open(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    closed = close_auction(lot.auction, clock=at(lot.auction.ends_at))
    conclude(lot.auction)
    assert (closed.state, lot.auction.listing.state) == ("closed", "lapsed")


# --- The keys -------------------------------------------------------------------------------------------------------


def a_public_key() -> str:
    return public_text(ec.generate_private_key(ec.SECP256R1()).public_key())


def test_each_seat_has_its_holder_and_nobody_else(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    seats = [make_lot_key(lot.auction, a_public_key(), actor=m.actor, now=now).seat for m in lot.holders.values()]
    assert seats == [1, 2, 3]
    for member in (cast.enterprise_agent, cast.broker, cast.administrator):
        with pytest.raises(Forbidden) as refused:
            make_lot_key(lot.auction, a_public_key(), actor=member.actor, now=now)
        assert refused.value.refusals[0].code == "auctions.no_seat"
    # The official also works for one of the bidders.
    a_member(cast.registrar.person.email, cast.rival, Role.AGENT)
    with pytest.raises(Forbidden) as refused:
        make_lot_key(lot.auction, a_public_key(), actor=cast.registrar.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.bidders_keep_no_key"


def test_one_person_keeps_one_key(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    make_lot_key(lot.auction, a_public_key(), actor=cast.supervisor.actor, now=now)
    both = a_member(cast.supervisor.person.email, cast.bureau, Role.REGISTRAR)
    with pytest.raises(Refused) as refused:
        make_lot_key(lot.auction, a_public_key(), actor=both.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.one_key_each"
    assert list(lot.auction.lot_keys.exclude(public_key="").values_list("seat", flat=True)) == [2]


def test_a_key_is_made_anew_until_it_is_confirmed_as_kept(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    actor, first, second = cast.supervisor.actor, a_public_key(), a_public_key()
    with pytest.raises(OutOfTurn) as out:
        keep_lot_key(lot.auction, first, actor=actor, now=now)
    assert out.value.refusals[0].code == "auctions.no_key_to_keep"
    make_lot_key(lot.auction, first, actor=actor, now=now)
    make_lot_key(lot.auction, second, actor=actor, now=now)
    with pytest.raises(Refused) as refused:
        keep_lot_key(lot.auction, first, actor=actor, now=now)
    assert refused.value.refusals[0].code == "auctions.key_file_wrong"
    assert keep_lot_key(lot.auction, second, actor=actor, now=now).kept_at == now
    with pytest.raises(OutOfTurn) as out:
        make_lot_key(lot.auction, first, actor=actor, now=now)
    assert out.value.refusals[0].code == "auctions.key_kept_already"
    with pytest.raises(Refused) as refused:
        make_lot_key(lot.auction, "x", actor=cast.registrar.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.public_key_wrong"
    lot.auction.refresh_from_db()
    assert lot.auction.keys_ready_at is None


def test_keys_are_fixed_once_it_is_open(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    with pytest.raises(OutOfTurn) as refused:
        make_lot_key(lot.auction, a_public_key(), actor=cast.supervisor.actor, now=now)
    assert refused.value.refusals[0].code == "auctions.keys_are_fixed"


def test_late_keys_move_the_end_with_the_opening(cast: Cast, now: datetime) -> None:
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
    ends_at = lot.auction.ends_at
    keep_keys(lot, lot.auction.opens_at + HOUR)
    opened = open_auction(lot.auction, clock=lot.moment(hours=1))
    assert (opened.state, opened.ends_at) == ("open", ends_at + HOUR)


# --- The opening ----------------------------------------------------------------------------------------------------


def sealed_by_three(cast: Cast, now: datetime, *counts: int, **options: Any) -> Lot:
    """Sealed bidding is over; the enterprise, the rival and the outsider have bid so many steps above the start price."""
    lot = a_sealed_lot(cast, now, **options)
    for member, count in zip((cast.enterprise_agent, cast.rival_agent, cast.outsider), counts, strict=False):
        lot.bid(member, steps(count))
    lot.auction = close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert lot.auction.state == "unopened"
    return lot


@pytest.mark.parametrize("pair", list(permutations((1, 2, 3), 2)))
def test_any_two_holders_open_all_bids_and_the_highest_wins(cast: Cast, now: datetime, pair: tuple[int, int]) -> None:
    lot = sealed_by_three(cast, now, 1, 7, 3)
    assert not lot.bring(pair[0])
    assert (lot.auction.state, lot.auction.bids.filter(kind="opened").count()) == ("unopened", 0)
    assert lot.bring(pair[1])
    opened = lot.auction.bids.filter(kind="opened").order_by("sequence")
    assert [bid.amount for bid in opened] == [steps(1), steps(7), steps(3)]
    deal = deal_of(lot.auction)
    assert (lot.auction.state, deal.buyer, deal.price) == ("closed", cast.rival, steps(7))
    assert flaw_of(lot.auction) is None
    names = set(Event.objects.filter(subject=lot.auction.subject).values_list("name", flat=True))
    assert {"auction.sealed", "auction.key_brought", "auction.bids_opened", "auction.closed"} <= names


def test_nobody_opens_before_the_end_alone_twice_or_without_a_key(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    lot.bid(cast.enterprise_agent, steps(1))
    with pytest.raises(OutOfTurn):
        lot.bring(1)
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    with pytest.raises(Forbidden) as refused:
        bring_key(lot.auction, lot.shares(1), actor=cast.administrator.actor)
    assert refused.value.refusals[0].code == "auctions.no_key"
    lot.bring(1)
    with pytest.raises(OutOfTurn) as out:
        lot.bring(1)
    assert out.value.refusals[0].code == "auctions.key_brought_already"
    assert (KeyUse.objects.count(), lot.auction.bids.filter(kind="opened").count()) == (1, 0)


def test_a_wrong_or_missing_share_is_refused_so_that_no_holder_spoils_a_bid(cast: Cast, now: datetime) -> None:
    lot = sealed_by_three(cast, now, 1, 2)
    good = lot.shares(1)
    for shares, code in (
        (good | {2: good[1]}, "auctions.share_wrong"),
        (good | {2: "x"}, "auctions.share_wrong"),
        ({1: good[1]}, "auctions.share_missing"),
    ):
        with pytest.raises(Refused) as refused:
            bring_key(lot.auction, shares, actor=cast.registrar.actor, clock=lot.moment(hours=2))
        assert refused.value.refusals[0].code == code
    assert not KeyUse.objects.exists()


def test_a_holder_who_says_that_a_bid_cannot_be_read_brings_the_third_to_the_table(cast: Cast, now: datetime) -> None:
    lot = sealed_by_three(cast, now, 1, 2)
    lot.bring(1)
    refusing = lot.shares(2) | {2: None}
    assert not bring_key(lot.auction, refusing, actor=cast.supervisor.actor, clock=lot.moment(hours=2))
    assert not lot.auction.bids.filter(kind="opened").exists()
    assert lot.bring(3)
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.rival, steps(2))


def badly_closed(lot: Lot, member: Member, amount: Money, **changes: Any) -> None:
    envelope = lot.envelope(member, amount) | changes
    seal_bid(lot.auction, envelope, key=f"key-{Bid.objects.count():05d}", actor=member.actor, clock=lot.moment(minutes=30))


def test_bids_that_do_not_count_are_recorded_with_the_reason(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    badly_closed(lot, cast.enterprise_agent, steps(50), commitment="0" * 64)
    lot.bid(cast.rival_agent, START - STEP)
    lot.bid(cast.outsider, steps(0))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert lot.bring(1, 2)
    opened = {bid.bidder.organisation: bid.refusal for bid in lot.auction.bids.filter(kind="opened")}
    assert opened == {
        cast.enterprise: "auctions.commitment_wrong",
        cast.rival: "auctions.below_least",
        cast.outside: "",
    }
    assert deal_of(lot.auction).buyer == cast.outside


def test_a_bid_that_one_holder_cannot_read_is_invalid_whoever_opens(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    shares = lot.envelope(cast.enterprise_agent, steps(1))["shares"]
    other = lot.envelope(cast.enterprise_agent, steps(50))
    badly_closed(lot, cast.enterprise_agent, steps(50), **(other | {"shares": [*other["shares"][:2], shares[2]]}))
    lot.bid(cast.rival_agent, steps(2))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert not lot.bring(2, 3)
    assert lot.bring(1)
    bad = lot.auction.bids.get(kind="opened", bidder__organisation=cast.enterprise)
    assert (bad.is_accepted, bad.refusal) == (False, "auctions.envelope_inconsistent")
    assert deal_of(lot.auction).buyer == cast.rival


def test_an_unreadable_bid_is_no_bid_once_all_three_have_tried(cast: Cast, now: datetime) -> None:
    lot = a_sealed_lot(cast, now)
    badly_closed(lot, cast.enterprise_agent, steps(50), box=lot.envelope(cast.enterprise_agent, steps(1))["box"])
    lot.bid(cast.rival_agent, steps(2))
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    assert lot.bring(2, 3)
    bad = lot.auction.bids.get(kind="opened", bidder__organisation=cast.enterprise)
    assert (bad.amount, bad.refusal) == (None, "auctions.unreadable")


@pytest.mark.parametrize("fails_at", range(1, 4))
def test_a_failure_half_way_leaves_nothing_opened(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    lot = sealed_by_three(cast, now, 1, 7, 3)
    lot.bring(1)
    real, calls = opening.open_envelope, iter(range(1, 10))

    def failing(*arguments: Any) -> Any:
        if next(calls) == fails_at:
            raise OSError("the power went")
        return real(*arguments)

    monkeypatch.setattr(opening, "open_envelope", failing)
    known = Event.objects.count()
    with pytest.raises(OSError):
        lot.bring(2)
    lot.auction.refresh_from_db()
    assert (lot.auction.state, lot.auction.sequence, KeyUse.objects.count()) == ("unopened", 3, 1)
    assert (Event.objects.count(), lot.auction.bids.filter(kind="opened").count()) == (known, 0)
    monkeypatch.setattr(opening, "open_envelope", real)
    assert lot.bring(2)


def test_a_tie_leads_to_one_more_round_among_the_tied(cast: Cast, now: datetime) -> None:
    lot = sealed_by_three(cast, now, 5, 5, 3)
    assert lot.bring(1, 2)
    assert (lot.auction.state, lot.auction.round, lot.auction.best) == ("open", 2, steps(5))
    assert Deal.objects.count() == 0
    soon = lot.moment(hours=2, minutes=5)
    assert code_of(lot.bid(cast.outsider, steps(90), clock=soon)) == "auctions.not_in_this_round"
    assert lot.bid(cast.enterprise_agent, steps(4), clock=soon).is_accepted
    assert lot.bid(cast.rival_agent, steps(6), clock=soon).is_accepted
    close_auction(lot.auction, clock=lot.moment(hours=2, minutes=10))
    assert lot.bring(2, 3, clock=lot.moment(hours=3))
    deal = deal_of(lot.auction)
    assert (lot.auction.state, deal.buyer, deal.price) == ("closed", cast.rival, steps(6))
    low = lot.auction.bids.get(kind="opened", body__round=2, bidder__organisation=cast.enterprise)
    assert low.refusal == "auctions.below_least"


def test_the_earlier_bid_wins_where_the_tied_bid_no_more(cast: Cast, now: datetime) -> None:
    lot = sealed_by_three(cast, now, 5, 5, 3)
    lot.bring(1, 2)
    close_auction(lot.auction, clock=lot.moment(hours=2, minutes=10))
    deal = deal_of(lot.auction)
    assert (deal.buyer, deal.price) == (cast.enterprise, steps(5))


def test_below_the_reserve_price_the_opening_ends_without_a_deal(cast: Cast, now: datetime) -> None:
    lot = sealed_by_three(cast, now, 1, 2, 3, reserve=steps(4))
    assert lot.bring(1, 2)
    conclude(lot.auction)
    assert (lot.auction.state, lot.auction.listing.state, Deal.objects.count()) == ("closed", "lapsed", 0)


def test_the_shares_of_one_holder_in_the_database_open_nothing(cast: Cast, now: datetime) -> None:
    """Between the first and the second holder one share of each bid is stored: with it alone every amount is possible."""
    lot = sealed_by_three(cast, now, 1)
    lot.bring(1)
    stored = json.dumps(list(KeyUse.objects.values_list("shares", flat=True)))
    assert len(json.loads(stored)[0]["1"]) == 64
    assert str(steps(1).fen) not in stored
