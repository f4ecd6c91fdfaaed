"""The pure decisions of settlements: whatever the figures, parts add up to the whole and are never negative."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.settlement.rules.escrow import Claim, Outcome, divided, is_settled, may_divide, movements_of, parts_of, with_reward
from contracts.settlement.rules.income import inventors_share, may_set_share
from contracts.settlement.rules.plans import PlannedDue, RoyaltyTerms, covered, may_agree_royalty, may_plan, report_periods
from contracts.settlement.rules.royalties import may_report, royalty
from market.payments.rules.ledger import AccountKey
from market.values.money import ZERO, Money

AMOUNTS = st.integers(0, 10**13).map(Money)
RATES = st.decimals(0, 1, places=5)
TODAY = date(2026, 3, 10)


def codes(refusals: list) -> list[str]:  # type: ignore[type-arg]
    return [refusal.code for refusal in refusals]


@given(AMOUNTS, AMOUNTS, AMOUNTS, RATES, st.lists(AMOUNTS, max_size=5), AMOUNTS)
def test_what_leaves_escrow_is_parted_to_the_fen(
    to_seller: Money, to_buyer: Money, before: Money, rate: Decimal, owed: list[Money], share: Money
) -> None:
    claims = [Claim(number, number, amount) for number, amount in enumerate(owed)]
    parts = parts_of(to_seller, to_buyer, released_before=before, fee_rate=rate, claims=claims)
    assert parts.whole == to_seller + to_buyer
    assert min(parts.fee, parts.seller, parts.buyer) >= ZERO
    assert all(ZERO < taken.amount <= owed[taken.claim] for taken in parts.commissions)
    assert parts.seller == ZERO or sum((t.amount for t in parts.commissions), ZERO) == sum(owed, ZERO)
    rewarded = with_reward(parts, share=share, before=before)
    assert rewarded.reward + rewarded.seller == parts.seller
    assert ZERO <= rewarded.reward <= max(share - before, ZERO)
    escrow = AccountKey("escrow", 1)
    accounts = {
        "reward": AccountKey("reward_payable", 2),
        "fee": AccountKey("platform_fee"),
        "seller": AccountKey("payable_to_seller", 2),
        "buyer": AccountKey("refunds", 1),
    }
    moves = movements_of(rewarded, escrow=escrow, commission="commission_payable", **accounts)
    assert sum((move.amount for move in moves), ZERO) == parts.whole
    assert all(move.amount > ZERO and move.source == escrow for move in moves)


@given(st.lists(st.integers(1, 10**11).map(Money), min_size=1, max_size=8), RATES)
def test_a_fee_on_parts_comes_to_the_fee_on_the_whole(parts: list[Money], rate: Decimal) -> None:
    before, fees = ZERO, ZERO
    for part in parts:
        fees += parts_of(part, ZERO, released_before=before, fee_rate=rate, claims=[]).fee
        before += part
    assert fees == before.share(rate)


@given(st.lists(AMOUNTS, max_size=8), AMOUNTS)
def test_a_deposit_covers_the_earliest_sums_and_nothing_twice(amounts: list[Money], credit: Money) -> None:
    parts, left = covered(amounts, credit)
    assert sum((part.from_deposit for part in parts), left) == credit
    assert [part.from_deposit + part.to_pay for part in parts] == amounts
    assert all(part.from_deposit >= ZERO and part.to_pay >= ZERO for part in parts)
    assert left >= ZERO
    assert left == ZERO or all(part.to_pay == ZERO for part in parts)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_decision_gives_no_more_than_is_held(one: Money, more: Money, part: Money) -> None:
    earned, held = one, one + more
    for outcome in Outcome:
        if may_divide(outcome, held=held, earned=earned, to_seller=part):
            continue
        division = divided(outcome, held=held, earned=earned, to_seller=part)
        assert min(division.to_seller, division.to_buyer) >= ZERO
        assert division.to_seller + division.to_buyer <= held
        if outcome is not Outcome.RELEASE:
            assert division.to_seller + division.to_buyer == held


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.lists(AMOUNTS, max_size=4), RATES, st.lists(st.integers(1, 10**5).map(Decimal), max_size=6))
def test_the_inventors_get_their_share_of_what_remains(
    received: Money, fee: Money, commission: Money, costs: list[Money], rate: Decimal, weights: list[Decimal]
) -> None:
    share = inventors_share(received=received, fee=fee, commission=commission, costs=costs, rate=rate, weights=weights)
    assert ZERO <= share.amount <= share.net_income <= received
    assert share.parts == () or sum(share.parts, ZERO) == share.amount
    assert all(part >= ZERO for part in share.parts)
    assert share.steps[0].amount == received
    assert share.steps[-1].amount == share.amount


def test_half_of_the_net_income_by_the_law() -> None:
    """Source: 促进科技成果转化法 art. 45 (high)."""
    share = inventors_share(
        received=Money.yuan("1250000"),
        fee=Money.yuan("12500"),
        commission=Money.yuan("30000"),
        costs=[Money.yuan("7500.01")],
        rate=Decimal("0.5"),
        weights=[Decimal("0.6"), Decimal("0.4")],
    )
    assert share.net_income == Money.yuan("1199999.99")
    assert share.amount == Money.yuan("600000.00")
    assert share.parts == (Money.yuan("360000"), Money.yuan("240000"))


@pytest.mark.parametrize(
    ("yuan", "days", "code"),
    [
        ((), (), "settlement.number_of_dues"),
        (("1",) * 25, tuple(range(25)), "settlement.number_of_dues"),
        (("0", "100"), (1, 2), "settlement.due_zero"),
        (("60", "50"), (1, 2), "settlement.plan_not_the_price"),
        (("60", "40"), (-1, 2), "settlement.due_in_the_past"),
        (("60", "40"), (2, 2), "settlement.dues_not_in_order"),
        (("60", "40"), (3, 2), "settlement.dues_not_in_order"),
    ],
)
def test_a_plan_adds_up_and_looks_ahead(yuan: tuple[str, ...], days: tuple[int, ...], code: str) -> None:
    dues = [PlannedDue(Money.yuan(a), date.fromordinal(TODAY.toordinal() + d)) for a, d in zip(yuan, days, strict=True)]
    assert code in codes(may_plan(dues, price=Money.yuan("100"), today=TODAY))


def test_an_entry_fee_is_at_most_the_price() -> None:
    fee = [PlannedDue(Money.yuan("40"), TODAY)]
    assert may_plan(fee, price=Money.yuan("100"), is_entry_fee=True, today=TODAY) == []
    assert codes(may_plan(fee, price=Money.yuan("39"), is_entry_fee=True, today=TODAY)) == ["settlement.entry_fee_above_price"]


@pytest.mark.parametrize(
    ("rate", "every", "last", "code"),
    [
        ("0", 3, date(2027, 3, 9), "settlement.royalty_rate"),
        ("1", 3, date(2027, 3, 9), "settlement.royalty_rate"),
        ("0.03", 2, date(2027, 3, 9), "settlement.royalty_period"),
        ("0.03", 3, TODAY, "settlement.royalty_ends_before_it_begins"),
        ("0.03", 1, date(2031, 4, 9), "settlement.too_many_reports"),
    ],
)
def test_a_royalty_states_rate_and_periods(rate: str, every: int, last: date, code: str) -> None:
    assert codes(may_agree_royalty(RoyaltyTerms("sales", Decimal(rate), every, TODAY, last))) == [code]


def test_a_royalty_is_needed_where_the_contract_says_so() -> None:
    assert codes(may_agree_royalty(None)) == ["settlement.royalty_missing"]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from((1, 3, 6, 12)), st.integers(1, 1500))
def test_reports_cover_the_whole_time_without_gap_or_overlap(first: date, every: int, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    periods = report_periods(RoyaltyTerms("sales", Decimal("0.03"), every, first, last))
    assert (periods[0].first, periods[-1].last) == (first, last)
    for one, next_one in itertools.pairwise(periods):
        assert one.last is not None
        assert one.last.toordinal() + 1 == next_one.first.toordinal()


def test_a_month_that_begins_on_the_31st_ends_with_the_short_month() -> None:
    terms = RoyaltyTerms("sales", Decimal("0.03"), 1, date(2027, 12, 31), date(2028, 4, 30))
    assert [period.last for period in report_periods(terms)][:2] == [date(2028, 1, 30), date(2028, 2, 28)]


def test_a_royalty_is_the_share_of_what_was_reported() -> None:
    assert royalty(Money.yuan("123456.78"), Decimal("0.035")).amount == Money.yuan("4320.99")


def test_nothing_made_is_a_report_and_less_than_nothing_is_not() -> None:
    assert may_report(base=ZERO, is_over=True) == []
    assert codes(may_report(base=Money(-1), is_over=True)) == ["settlement.base_negative"]
    assert codes(may_report(base=ZERO, is_over=False)) == ["settlement.period_not_over"]


def test_nothing_can_be_released_of_nothing_and_a_split_has_two_parts() -> None:
    held = Money.yuan("100")
    assert codes(may_divide(Outcome.RELEASE, held=held, earned=ZERO, to_seller=None)) == ["settlement.nothing_to_release"]
    for part in (None, ZERO, held, Money.yuan("101")):
        assert codes(may_divide(Outcome.SPLIT, held=held, earned=held, to_seller=part)) == ["settlement.split_out_of_range"]
    assert may_divide(Outcome.REFUND, held=ZERO, earned=ZERO, to_seller=None) == []


def test_the_law_has_the_least_share() -> None:
    assert codes(may_set_share(Decimal("0.49"), least=Decimal("0.5"))) == ["settlement.inventors_share_too_low"]
    assert may_set_share(Decimal("0.7"), least=Decimal("0.5")) == []


@pytest.mark.parametrize(
    ("delivered", "dues", "reports", "disputed", "settled"),
    [
        (True, 0, 0, False, True),
        (False, 0, 0, False, False),
        (True, 1, 0, False, False),
        (True, 0, 1, False, False),
        (True, 0, 0, True, False),
    ],
)
def test_all_is_settled_when_nothing_more_is_to_come(
    delivered: bool, dues: int, reports: int, disputed: bool, settled: bool
) -> None:
    assert is_settled(is_delivered=delivered, open_dues=dues, open_reports=reports, is_disputed=disputed) is settled
