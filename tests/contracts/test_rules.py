"""Amounts, rule sets and numbers of technology contracts, without a database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rule_sets import rule_set_for
from contracts.rules.amounts import Price, technology_value
from contracts.rules.contracts import ContractFacts, contract_refusals
from contracts.rules.recognition import may_apply, may_recognise, may_return, registration_number
from market.values.money import ZERO, Money

parts = st.integers(min_value=0, max_value=10**12).map(Money)
FACTS = ContractFacts(
    kind="transfer",
    has_fitting_sub_kind=True,
    industry_served="441",
    title="技术转让合同",
    content="技" * 60,
    price=Price(Money.yuan("8000000"), equipment=Money.yuan("1500000")),
    signed_on=date(2026, 4, 10),
    valid_from=date(2026, 4, 10),
    valid_until=date(2028, 4, 10),
)


def test_equipment_does_not_count_as_technology() -> None:
    values = technology_value(FACTS.price)
    assert values.technology_value == Money.yuan("6500000")
    assert [line.text for line in values.steps] == ["contract_value", "equipment", "technology_value"]


@given(parts, parts, parts, parts)
def test_the_steps_always_make_the_sum(technology: Money, equipment: Money, materials: Money, other: Money) -> None:
    price = Price(technology + equipment + materials + other, equipment, materials, other)
    values = technology_value(price)
    assert values.technology_value == technology
    assert sum(line.amount.fen for line in values.steps[:-1]) == values.steps[-1].amount.fen


@pytest.mark.parametrize(("day", "rule_set"), [(date(2026, 2, 28), "MOST-2000"), (date(2026, 3, 1), "MIIT-2026")])
def test_the_day_of_application_chooses_the_rule_set(day: date, rule_set: str) -> None:
    assert rule_set_for(day).id == rule_set


def test_a_registration_number_has_sixteen_digits() -> None:
    assert registration_number(2026, "140600", 7) == "2026140600000007"


@pytest.mark.parametrize(("registry", "serial"), [("14060", 1), ("14060X", 1), ("140600", 0), ("140600", 1_000_000)])
def test_a_number_that_cannot_be_is_an_error(registry: str, serial: int) -> None:
    with pytest.raises(ValueError):
        registration_number(2026, registry, serial)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, has_fitting_sub_kind=False), "contracts.sub_kind_of_another_kind"),
        (replace(FACTS, industry_served="9999"), "contracts.industry_code_unknown"),
        (replace(FACTS, content="太短"), "contracts.content_too_short"),
        (replace(FACTS, price=Price(ZERO)), "contracts.price_zero"),
        (replace(FACTS, price=Price(Money(1), equipment=Money(2))), "contracts.parts_exceed_price"),
        (replace(FACTS, valid_until=date(2026, 4, 9)), "contracts.ends_before_it_begins"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(facts: ContractFacts, code: str) -> None:
    assert [refusal.code for refusal in contract_refusals(facts)] == [code]


def test_recognition_is_applied_for_while_the_contract_is_in_force() -> None:
    today = date(2026, 4, 11)
    assert may_apply(FACTS, today=today, is_agreed=True) == []
    assert may_apply(FACTS, today=FACTS.valid_until, is_agreed=True) == []
    assert [it.code for it in may_apply(FACTS, today=today, is_agreed=False)] == ["contracts.not_in_force"]
    late = may_apply(FACTS, today=date(2028, 4, 11), is_agreed=True)
    assert [it.code for it in late] == ["contracts.no_longer_in_force"]


@pytest.mark.parametrize(("fen", "is_right"), [(0, False), (1, True), (800000000, True), (800000001, False)])
def test_the_recognised_value_lies_within_the_contract_value(fen: int, is_right: bool) -> None:
    refusals = may_recognise(contract_value=FACTS.price.total, technology_value=Money(fen))
    assert (refusals == []) is is_right


def test_an_application_is_returned_once() -> None:
    assert may_return(times_returned=0) == []
    assert may_return(times_returned=1)
