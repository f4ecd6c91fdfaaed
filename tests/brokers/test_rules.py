"""Commissions and mandates, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.rules import (
    Bracket,
    CommissionTerms,
    EngagementFacts,
    between_payers,
    commission_due,
    differences,
    is_current,
    may_engage,
    may_introduce,
    split,
    tail_end,
)
from market.values.money import ZERO, Money

LIMIT = Decimal("0.10")
TODAY = date(2026, 3, 10)
FACTS = EngagementFacts(
    terms=CommissionTerms(rate=Decimal("0.03"), fixed=None),
    scope="寻找买方",
    valid_until=date(2026, 12, 31),
    shares=[Decimal("0.7"), Decimal("0.3")],
    is_broker_current=True,
    acts_for_other_side=False,
    both_consent=False,
    is_own_organisation=False,
)


def test_a_rate_is_shown_with_its_steps() -> None:
    due = commission_due(Money.yuan("1250000"), FACTS.terms)
    assert due.amount == Money.yuan("37500")
    assert [(step.text, step.amount.fen) for step in due.steps] == [("basis", 125000000), ("by_rate", 3750000)]


def test_a_cap_ends_a_rate() -> None:
    due = commission_due(Money.yuan("1250000"), replace(FACTS.terms, cap=Money.yuan("30000")))
    assert due.amount == Money.yuan("30000")
    assert due.steps[-1].text == "capped"


def test_a_fixed_commission_does_not_look_at_the_basis() -> None:
    assert commission_due(Money(1), CommissionTerms(rate=None, fixed=Money(500))).amount == Money(500)


def test_terms_without_any_figure_are_an_error() -> None:
    with pytest.raises(ValueError):
        commission_due(Money(1), CommissionTerms(rate=None, fixed=None))


@given(
    st.integers(min_value=0, max_value=10**12).map(Money),
    st.integers(min_value=1, max_value=1000).map(lambda n: Decimal(n) / 10000),
    st.integers(min_value=1, max_value=10**9).map(Money),
)
def test_a_commission_never_exceeds_its_cap_nor_its_basis(basis: Money, rate: Decimal, cap: Money) -> None:
    due = commission_due(basis, CommissionTerms(rate=rate, fixed=None, cap=cap))
    assert due.amount <= cap
    assert due.amount <= basis


@given(st.integers(min_value=0, max_value=10**10).map(Money), st.integers(min_value=1, max_value=99))
def test_parts_of_a_commission_add_up(amount: Money, percent: int) -> None:
    rate = Decimal(percent) / 100
    assert sum(part.fen for part in split(amount, [rate, 1 - rate])) == amount.fen


@given(
    st.lists(st.integers(min_value=0, max_value=10**10).map(Money), max_size=5),
    st.integers(min_value=0, max_value=10**5).map(lambda n: Decimal(n) / 10**5),
)
def test_two_payers_pay_each_part_whole_and_each_its_share_of_the_sum(parts: list[Money], share: Decimal) -> None:
    paid = between_payers(parts, share)
    assert [own + other for own, other in paid] == parts
    assert all(own >= ZERO and other >= ZERO for own, other in paid)
    assert sum((own for own, _other in paid), ZERO) == sum(parts, ZERO).share(share)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, principal_share=Decimal("1.01")), "brokers.payers_share_out_of_range"),
        (replace(FACTS, is_broker_current=False), "brokers.not_current"),
        (replace(FACTS, is_own_organisation=True), "brokers.own_organisation"),
        (replace(FACTS, acts_for_other_side=True), "brokers.acts_for_other_side"),
        (replace(FACTS, others_exclusive=[True]), "brokers.exclusive"),
        (replace(FACTS, is_exclusive=True, others_exclusive=[False]), "brokers.others_engaged"),
        (replace(FACTS, scope=" "), "brokers.scope_missing"),
        (replace(FACTS, valid_until=TODAY), "brokers.term_over"),
        (replace(FACTS, terms=CommissionTerms(rate=None, fixed=None)), "brokers.rate_or_fixed"),
        (replace(FACTS, terms=CommissionTerms(rate=Decimal("0.1"), fixed=Money(1))), "brokers.rate_or_fixed"),
        (replace(FACTS, terms=CommissionTerms(rate=Decimal("0.11"), fixed=None)), "brokers.rate_too_high"),
        (replace(FACTS, terms=CommissionTerms(rate=None, fixed=Money(0))), "brokers.fixed_zero"),
        (replace(FACTS, terms=replace(FACTS.terms, cap=Money(0))), "brokers.cap_zero"),
        (replace(FACTS, shares=[Decimal("0.7")]), "brokers.shares_not_whole"),
    ],
)
def test_what_speaks_against_a_mandate_is_named(facts: EngagementFacts, code: str) -> None:
    assert [refusal.code for refusal in may_engage(facts, today=TODAY, limit=LIMIT)] == [code]


def test_a_sound_mandate_and_one_for_both_sides_with_consent_are_allowed() -> None:
    assert may_engage(FACTS, today=TODAY, limit=LIMIT) == []
    assert may_engage(replace(FACTS, acts_for_other_side=True, both_consent=True), today=TODAY, limit=LIMIT) == []
    assert may_engage(replace(FACTS, others_exclusive=[False]), today=TODAY, limit=LIMIT) == []
    assert may_engage(replace(FACTS, is_exclusive=True), today=TODAY, limit=LIMIT) == []


@pytest.mark.parametrize(
    ("day", "verified", "current"), [(TODAY, True, True), (date(2026, 3, 11), True, False), (TODAY, False, False)]
)
def test_a_broker_is_current_through_the_certificates_last_day(day: date, verified: bool, current: bool) -> None:
    assert is_current(is_verified=verified, valid_until=TODAY, today=day) is current


def _brackets(*rows: tuple[str | None, str]) -> CommissionTerms:
    return CommissionTerms(brackets=tuple(Bracket(None if top is None else Money.yuan(top), Decimal(rate)) for top, rate in rows))


RISING = _brackets(("1000000", "0.05"), ("10000000", "0.03"), (None, "0.01"))


def test_each_bracket_counts_only_the_part_that_lies_in_it() -> None:
    due = commission_due(Money.yuan("12000000"), RISING)
    assert due.amount == Money.yuan("340000")
    assert [(step.text, step.amount) for step in due.steps] == [
        ("basis", Money.yuan("12000000")),
        ("bracket_1", Money.yuan("50000")),
        ("bracket_2", Money.yuan("270000")),
        ("bracket_3", Money.yuan("20000")),
    ]


def test_a_value_at_the_end_of_a_bracket_belongs_to_it_alone() -> None:
    assert [step.text for step in commission_due(Money.yuan("1000000"), RISING).steps] == ["basis", "bracket_1"]
    assert [step.text for step in commission_due(Money.yuan("1000000.01"), RISING).steps] == ["basis", "bracket_1", "bracket_2"]


def test_nothing_is_due_on_nothing() -> None:
    assert commission_due(ZERO, RISING).amount == ZERO


@given(basis=st.integers(0, 10**13), cap=st.none() | st.integers(1, 10**12))
def test_the_brackets_steps_make_the_sum_to_the_fen_and_more_value_never_earns_less(basis: int, cap: int | None) -> None:
    terms = replace(RISING, cap=None if cap is None else Money(cap))
    due, more = commission_due(Money(basis), terms), commission_due(Money(basis + 1), terms)
    parts = [step.amount for step in due.steps if step.text.startswith("bracket_")]
    uncapped = sum(parts, ZERO)
    assert due.amount == (uncapped if cap is None else min(uncapped, Money(cap)))
    assert all(part >= ZERO for part in parts)
    assert more.amount >= due.amount


@pytest.mark.parametrize(
    "rows",
    [
        [("1000000", "0.05")],
        [(None, "0.05")],
        [("1000000", "0.05"), ("1000000", "0.03"), (None, "0.01")],
        [("2000000", "0.05"), ("1000000", "0.03"), (None, "0.01")],
        [("0", "0.05"), (None, "0.03")],
        [(None, "0.05"), ("1000000", "0.03")],
    ],
)
def test_brackets_rise_and_the_last_is_open(rows: list[tuple[str | None, str]]) -> None:
    facts = replace(FACTS, terms=_brackets(*rows))
    assert [refusal.code for refusal in may_engage(facts, today=TODAY, limit=LIMIT)] == ["brokers.brackets_not_in_order"]


def test_every_bracket_keeps_to_the_limit() -> None:
    facts = replace(FACTS, terms=_brackets(("1000000", "0.05"), (None, "0.11")))
    (refusal,) = may_engage(facts, today=TODAY, limit=LIMIT)
    assert (refusal.code, refusal.field) == ("brokers.rate_too_high", "brackets")


def test_versions_differ_in_what_one_says_and_the_other_does_not() -> None:
    before = {"scope": "寻找买方", "is_exclusive": False, "cap": None, "shares": [["甲", "1"]]}
    after = {"scope": "寻找买方并陪同洽谈", "is_exclusive": None, "cap": "", "shares": [["甲", "0.7"], ["乙", "0.3"]]}
    assert [(it.name, it.before, it.after) for it in differences(before, after)] == [
        ("scope", "寻找买方", "寻找买方并陪同洽谈"),
        ("shares", [["甲", "1"]], [["甲", "0.7"], ["乙", "0.3"]]),
    ]


@pytest.mark.parametrize(
    ("ended_on", "months", "last_day"),
    [
        (date(2026, 3, 10), 6, date(2026, 9, 10)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 10), 0, date(2026, 3, 10)),
        (date(2026, 3, 10), 24, date(2028, 3, 10)),
    ],
)
def test_the_protection_ends_on_the_same_day_of_a_later_month(ended_on: date, months: int, last_day: date) -> None:
    assert tail_end(ended_on, months) == last_day


@pytest.mark.parametrize(
    ("introduced_on", "signed_on", "codes"),
    [
        (TODAY, TODAY, []),
        (date(2026, 3, 11), TODAY, ["brokers.introduced_outside_mandate"]),
        (date(2026, 3, 8), date(2026, 3, 9), ["brokers.introduced_outside_mandate"]),
        (TODAY, None, ["brokers.introduced_outside_mandate"]),
    ],
)
def test_an_introduction_lies_within_the_mandate(introduced_on: date, signed_on: date | None, codes: list[str]) -> None:
    refusals = may_introduce(is_principal=False, introduced_on=introduced_on, signed_on=signed_on, today=TODAY)
    assert [refusal.code for refusal in refusals] == codes
