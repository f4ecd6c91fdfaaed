"""What speaks against entering, filing, granting and recovering a relief: each boundary, and nothing but what is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts.relief.rules.calculator import Finding, best, findings
from contracts.relief.rules.cit import open_parts
from contracts.relief.rules.claims import (
    difference,
    may_enter,
    may_file,
    may_grant,
    may_settle,
    non_technical,
    price_of_year,
    reminders_due,
)
from market.values.money import ZERO, Money
from market.values.refusal import Refusal
from tests.relief.cases import BOOK, CALENDAR, facts_from, found

DAY, NEXT, BEFORE = date(2026, 5, 20), date(2026, 5, 21), date(2026, 5, 19)
_TRANSFER: dict[str, Any] = {
    "side": "seller",
    "taxpayer": "enterprise",
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "recognised": True,
    "separate_accounting": True,
    "vat_payer": "general",
    "price": "1000000",
    "day": DAY,
}


def _finding(rule: str, **changes: Any) -> Finding:
    return found({"rule": rule, "facts": {**_TRANSFER, **changes}})


def test_a_relief_that_applies_and_saves_is_entered() -> None:
    assert may_enter(_finding("CIT-TT-OWN")) == []


def test_what_does_not_apply_is_named_with_its_rule() -> None:
    assert may_enter(_finding("CIT-TT-OWN", recognised=False)) == [Refusal("relief.does_not_apply", data={"rule": "CIT-TT-OWN"})]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [("CIT-TT-OWN", {"net_value": "1000000"}), ("VAT-INPUT", {"common_input_vat": "1", "exempt_sales": "1", "all_sales": "2"})],
)
def test_a_relief_of_nothing_and_what_is_no_relief_are_not_entered(rule: str, changes: dict[str, Any]) -> None:
    assert may_enter(_finding(rule, **changes)) == [Refusal("relief.nothing_to_claim")]


@pytest.mark.parametrize(
    ("part", "claimed", "price"),
    [(None, 0, 1000), (None, 400, 600), (None, 1000, 0), (None, 1500, 0), (300, 0, 300), (700, 400, 600), (600, 400, 600)],
)
def test_each_instalment_counts_once(part: int | None, claimed: int, price: int) -> None:
    given = None if part is None else Money(part)
    assert price_of_year(part=given, contract_value=Money(1000), claimed=Money(claimed)) == Money(price)


@pytest.mark.parametrize(
    ("price", "value", "technology", "rest"),
    [(100_00, 100_00, 75_00, 25_00), (50_00, 100_00, 75_00, 12_50), (1, 2, 1, 1), (1, 3, 2, 0), (100, 100, 100, 0), (5, 0, 0, 0)],
)
def test_what_is_no_technology_follows_the_register_and_half_a_fen_is_one(
    price: int, value: int, technology: int, rest: int
) -> None:
    told = non_technical(price=Money(price), contract_value=Money(value), technology_value=Money(technology))
    assert told == Money(rest)


_FILED: dict[str, Any] = {"filed_on": DAY, "arose_on": DAY, "today": DAY, "receipt": "税受1号", "amount": Money(1)}


@pytest.mark.parametrize(
    ("wrong", "refusals"),
    [
        ({}, []),
        ({"filed_on": NEXT}, [Refusal("relief.filed_on_out_of_range", field="filed_on")]),
        ({"filed_on": BEFORE}, [Refusal("relief.filed_on_out_of_range", field="filed_on")]),
        ({"arose_on": BEFORE, "today": NEXT}, []),
        ({"receipt": " "}, [Refusal("relief.receipt_missing", field="receipt")]),
        ({"amount": ZERO}, [Refusal("relief.nothing_to_claim")]),
    ],
)
def test_a_filing_has_its_day_its_receipt_and_an_amount(wrong: dict[str, Any], refusals: list[Refusal]) -> None:
    assert may_file(**{**_FILED, **wrong}) == refusals


_GRANTED: dict[str, Any] = {
    "amount": Money(5),
    "filed": Money(5),
    "granted_on": DAY,
    "filed_on": DAY,
    "today": DAY,
    "document": "税通1号",
}


@pytest.mark.parametrize(
    ("wrong", "refusals"),
    [
        ({}, []),
        ({"amount": Money(1)}, []),
        ({"amount": Money(6)}, [Refusal("relief.granted_out_of_range", field="amount")]),
        ({"amount": ZERO}, [Refusal("relief.granted_out_of_range", field="amount")]),
        ({"granted_on": BEFORE}, [Refusal("relief.granted_on_out_of_range", field="granted_on")]),
        ({"granted_on": NEXT}, [Refusal("relief.granted_on_out_of_range", field="granted_on")]),
        ({"document": " "}, [Refusal("relief.document_missing", field="document")]),
    ],
)
def test_a_grant_lies_within_what_was_filed(wrong: dict[str, Any], refusals: list[Refusal]) -> None:
    assert may_grant(**{**_GRANTED, **wrong}) == refusals


_SETTLED: dict[str, Any] = {
    "amount": Money(5),
    "due": Money(5),
    "settled_on": DAY,
    "today": DAY,
    "granted_on": DAY,
    "document": "税追1号",
}


@pytest.mark.parametrize(
    ("wrong", "refusals"),
    [
        ({}, []),
        ({"amount": ZERO}, []),
        ({"amount": Money(6)}, [Refusal("relief.settled_out_of_range", field="amount")]),
        ({"amount": Money(-1)}, [Refusal("relief.settled_out_of_range", field="amount")]),
        ({"settled_on": BEFORE}, [Refusal("relief.granted_on_out_of_range", field="settled_on")]),
        ({"settled_on": NEXT}, [Refusal("relief.granted_on_out_of_range", field="settled_on")]),
        ({"document": " "}, [Refusal("relief.document_missing", field="document")]),
    ],
)
def test_a_recovery_is_settled_for_at_most_what_was_flagged(wrong: dict[str, Any], refusals: list[Refusal]) -> None:
    assert may_settle(**{**_SETTLED, **wrong}) == refusals


@pytest.mark.parametrize(
    ("recovered", "still_due", "back"), [(0, 60, 40), (30, 60, 10), (40, 60, 0), (0, 100, 0), (0, 120, 0), (0, 0, 100)]
)
def test_what_came_back_is_not_asked_for_again(recovered: int, still_due: int, back: int) -> None:
    told = difference(granted=Money(100), recovered=Money(recovered), still_due=Money(still_due))
    assert told == Money(back)


@pytest.mark.parametrize(
    ("today", "reminders"),
    [(date(2026, 4, 30), 0), (date(2026, 5, 1), 1), (date(2026, 5, 23), 1), (date(2026, 5, 24), 2), (date(2026, 5, 31), 2)],
)
def test_a_month_and_a_week_before_the_last_day(today: date, reminders: int) -> None:
    assert reminders_due(due_on=date(2026, 5, 31), today=today) == reminders


@pytest.mark.parametrize(
    ("parts", "settled", "waiting"),
    [
        ({"a": 60, "b": 40}, {}, {"a": 60, "b": 40}),
        ({"a": 60, "b": 40}, {"a": 60}, {"b": 40}),
        # What was filed for more or less than its part leaves less or more for the others.
        ({"a": 60, "b": 40}, {"a": 70}, {"b": 30}),
        ({"a": 60, "b": 40}, {"a": 50}, {"b": 50}),
        ({"a": 60, "b": 40}, {"a": 100}, {"b": 0}),
        ({"a": 60, "b": 40}, {"a": 120}, {"b": 0}),
        ({"a": 60, "b": 0}, {"a": 50}, {"b": 0}),
        ({"a": 50, "b": 30, "c": 20}, {"a": 50}, {"b": 30, "c": 20}),
        ({"a": 50, "b": 30, "c": 20}, {"a": 60}, {"b": 24, "c": 16}),
        ({"a": 1}, {"a": 1}, {}),
        ({}, {}, {}),
    ],
)
def test_the_rest_of_a_year_goes_to_what_is_still_open(
    parts: dict[str, int], settled: dict[str, int], waiting: dict[str, int]
) -> None:
    def money(amounts: dict[str, int]) -> dict[str, Money]:
        return {key: Money(fen) for key, fen in amounts.items()}

    assert open_parts(money(parts), money(settled)) == money(waiting)


def test_every_rule_is_asked_in_the_order_of_the_book() -> None:
    told = findings(BOOK, facts_from(_TRANSFER), CALENDAR)
    assert tuple(finding.rule.id for finding in told) == BOOK.ids()


def _chosen(**changes: Any) -> list[str]:
    return [finding.rule.id for finding in best(findings(BOOK, facts_from({**_TRANSFER, **changes}), CALENDAR))]


def test_of_reliefs_that_exclude_one_another_the_larger_is_chosen_and_of_equal_ones_the_first() -> None:
    # One million: nothing is owed under either rule. Ten million: the pilot's cap is larger.
    assert _chosen(pilot_park="haidian") == ["VAT-TT", "CIT-TT-OWN"]
    assert _chosen(pilot_park="haidian", price="10000000") == ["VAT-TT", "CIT-ZGC"]
    assert _chosen(price="10000000") == ["VAT-TT", "CIT-TT-OWN"]


def test_what_does_not_apply_and_what_is_no_relief_is_not_chosen() -> None:
    assert _chosen(recognised=False) == []
    assert _chosen(recognised=False, common_input_vat="1", exempt_sales="1", all_sales="2") == []
    assert _chosen(is_small=True, signed_on=DAY) == ["VAT-TT", "CIT-TT-OWN", "STAMP"]
