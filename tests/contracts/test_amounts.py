"""What a contract is worth, and how much of it is technology: with the rule for each item, for any price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rule_sets import rule_sets
from contracts.rules.amounts import Price, may_correct, price_refusals, technology_value
from contracts.rules.changes import ChangeFacts, may_change
from market.values.money import ZERO, Money

parts = st.integers(min_value=0, max_value=10**12).map(Money)


@given(parts, parts, parts, parts, parts, parts)
def test_carriers_stay_in_and_royalties_wait_whatever_the_price(
    technology: Money, equipment: Money, materials: Money, other: Money, carriers: Money, royalties: Money
) -> None:
    total = technology + equipment + materials + other + carriers + royalties
    price = Price(total, equipment, materials, other, carriers, royalties)
    values = technology_value(price)
    assert values.contract_value == total
    assert values.technology_value == technology + carriers
    assert ZERO <= values.technology_value <= values.contract_value
    taken = [step.amount.fen for step in values.steps[:-1] if not step.stays_in]
    assert sum(taken) == values.steps[-1].amount.fen


@given(parts, parts)
def test_a_stated_technology_item_must_be_what_is_left(technology: Money, equipment: Money) -> None:
    price = Price(technology + equipment + Money(1), equipment)
    assert price_refusals(price, stated_technology=technology + Money(1)) == []
    (refusal,) = price_refusals(price, stated_technology=technology)
    assert refusal.code == "contracts.items_do_not_add_up"
    assert refusal.data == {"stated": str(technology), "left": str(technology + Money(1))}


def test_every_step_names_a_rule_that_both_sets_know() -> None:
    price = Price(Money(1000), Money(100), Money(100), Money(100), Money(100), Money(100))
    for step in technology_value(price).steps:
        assert all(rule_set.rule(step.rule).subject == "amount" for rule_set in rule_sets().values())


@pytest.mark.parametrize(
    ("corrected", "reason", "is_right"), [(100, "", True), (99, "", False), (99, " ", False), (99, "核减", True)]
)
def test_another_value_than_the_items_give_needs_its_reason(corrected: int, reason: str, is_right: bool) -> None:
    assert (may_correct(Money(100), Money(corrected), reason=reason) == []) is is_right


CHANGE = ChangeFacts("amount", Money(100), Money(80), (Money(100), Money(90)))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (CHANGE, None),
        (replace(CHANGE, technology_value=Money(90)), "contracts.nothing_changed"),
        (replace(CHANGE, technology_value=Money(101)), "contracts.technology_value_out_of_range"),
        (replace(CHANGE, kind="royalty"), "contracts.royalty_missing"),
        (replace(CHANGE, kind="royalty", received=ZERO), "contracts.royalty_missing"),
        (replace(CHANGE, kind="royalty", received=Money(1)), None),
        (replace(CHANGE, kind="term"), "contracts.new_term_missing"),
    ],
)
def test_a_change_names_what_changes(facts: ChangeFacts, code: str | None) -> None:
    assert [refusal.code for refusal in may_change(facts)] == ([code] if code else [])
