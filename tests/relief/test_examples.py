"""The worked examples that came with the rule book: each is told by the calculator as it was worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from contracts.relief.rules.calculator import find
from contracts.rules.amounts import Price, technology_value
from contracts.rules.recognition import registration_number
from listings.rules.listings import price_change
from market.policy.management.commands.load_policy import first_rows
from market.policy.rules import Policy
from market.values.money import Money
from tests.relief.cases import BOOK, CALENDAR, EXAMPLES, facts_from, told

_SELLER: dict[str, Any] = {
    "side": "seller",
    "taxpayer": "enterprise",
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "vat_payer": "general",
    "recognised": True,
    "separate_accounting": True,
    "day": "2026-05-20",
    "signed_on": "2026-05-20",
}


def _cit(given: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"price": given.get("income") or given.get("contract_price")}
    for name, ours in {
        "non_technical_equipment": "equipment",
        "net_value_of_intangible": "net_value",
        "related_taxes_fees": "taxes_fees",
        "apportioned_period_expense": "period_expense",
        "ip_kind": "right",
        "cit_rate": "cit_rate",
        "enterprise_rate": "cit_rate",
        "contract_registered": "recognised",
    }.items():
        if name in given:
            facts[ours] = given[name]
    if "holding" in given:
        facts |= {"holding_direct": given["holding"]["direct"], "holding_indirect": given["holding"]["indirect"]}
    return facts


def _licence(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "contract_kind": "licence",
        "grant": given["licence"],
        "term_start": given["term_start"],
        "term_end": given["term_end_inclusive"],
        "owns_technology": given["licensor_owns_technology"],
        "due_this_year": given["revenue_due_this_year"],
        "amortisation": given["amortisation_this_year"],
        "amortisation_share": given["amortisation_share_licensed_out"],
        "taxes_fees": given["related_taxes_fees"],
        "period_expenses_total": given["total_period_expenses"],
        "sales_total": given["total_sales_revenue"],
    }


_PARKS = {"海淀园": "haidian", "昌平园": "changping"}
_ENDS = {"0": None, "3": "2028-12-31", "2.9": "2028-11-24"}


def _pilot(given: dict[str, Any]) -> dict[str, Any]:
    facts = {"price": given["income"], "pilot_park": _PARKS[given["registered_in"]], "grant": given["transfer"]}
    end = _ENDS[given["licence_years"]]
    return facts | ({"term_start": "2026-01-01", "term_end": end, "contract_kind": "licence"} if end else {})


def _vat(given: dict[str, Any]) -> dict[str, Any]:
    equipment = given.get("equipment_price_vat_inclusive", "0")
    service = given.get("related_service_price", "0")
    first = next(given[name] for name in ("price", "technology_price", "price_vat_inclusive") if name in given)
    total = Decimal(first) + Decimal(equipment) + Decimal(service)
    facts: dict[str, Any] = {"price": str(total), "equipment": equipment, "related_service": service}
    facts["recognised"] = given["recognised"]
    facts["vat_payer"] = given.get("taxpayer", "general")
    facts["same_invoice"] = given.get("same_invoice", False)
    if given.get("kind") == "technical_service":
        facts["contract_kind"] = "service"
    return facts


def _reward(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "taxpayer": given["institution"],
        "salary": given["monthly_taxable_salary_after_deductions"],
        "award": given["award"],
        "income_received_on": given["income_received_on"],
        "award_paid_on": given["award_paid_on"],
        "recognised": given["contract_registered"],
        "publicised": given["publicised"],
    }


def _equity(given: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "taxpayer": given["holder"],
        "equity_value": given["value"],
        "original_cost": given.get("original_cost") or given["tax_basis"],
        "equity_choice": given["elect"],
        "equity_share": "0.9" if given.get("consideration", "").startswith("90%") else "1",
        "invested_is_resident": True,
        "equity_filed": given.get("filed", True),
    }
    if "sale_price" in given:
        facts |= {"disposal_price": given["sale_price"], "disposal_fees": given["sale_fees"]}
    return facts


def _research(given: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"cit_rate": given["cit_rate"], "is_listed_industry": given.get("listed", False)}
    if "expensed" in given:
        return facts | {"research_mode": "own", "research_cost": given["expensed"]}
    facts |= {"side": "buyer", "research_cost": given["actual_cost"], "research_mode": "commissioned"}
    if "domestic_eligible" in given:
        facts |= {"research_mode": "commissioned_overseas", "domestic_eligible": given["domestic_eligible"]}
    return facts | {"recognised": given.get("contract_registered", True)}


_STAMP_KINDS = {"development": "development", "patent_assignment": "transfer", "licence": "licence"}


def _stamp(given: dict[str, Any]) -> dict[str, Any]:
    price = given.get("remuneration") or given.get("price_total")
    return {
        "contract_kind": _STAMP_KINDS[given["kind"]],
        "price": price,
        "listed_vat": given.get("listed_vat"),
        "actual_settled": given.get("actual_settled"),
    }


def _floor(given: dict[str, Any]) -> dict[str, Any]:
    if "contract" in given:
        return {"reward_way": "transfer", "price": given["contract"], "reward_costs": given["costs_and_taxes"]}
    if "total_reward" in given:
        return {"reward_way": "main_contributors", "total_reward": given["total_reward"]}
    return {"reward_way": "own_use", "operating_profit": given["operating_profit"]}


def _threshold(given: dict[str, Any]) -> dict[str, Any]:
    return {"vat_payer": given["taxpayer"], "vat_period": given["period"], "period_sales": given["sales_ex_vat"]}


def _input(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "common_input_vat": given["common_input_vat"],
        "exempt_sales": given["exempt_sales"],
        "all_sales": given["total_sales"],
    }


def _waiver(given: dict[str, Any]) -> dict[str, Any]:
    return {"waived_on": given["waiver_effective"], "day": given["sale_date"], "vat_payer": given["taxpayer"]}


def _zero(given: dict[str, Any]) -> dict[str, Any]:
    return {"buyer_place": given["buyer"], "used_in": given["used"], "price": given["price"]}


# The rule that tells it, and how the example's words are ours.
_READ: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "CIT-TT-OWN": ("CIT-TT-OWN", _cit),
    "CIT-TT-RELATED": ("CIT-TT-OWN", _cit),
    "CIT-RATE": ("CIT-TT-OWN", _cit),
    "CIT-TT-LIC": ("CIT-TT-LIC", _licence),
    "CIT-ZGC": ("CIT-ZGC", _pilot),
    "VAT-TT": ("VAT-TT", _vat),
    "VAT-THR": ("VAT-THR", _threshold),
    "VAT-INPUT": ("VAT-INPUT", _input),
    "VAT-WAIVE": ("VAT-WAIVE", _waiver),
    "VAT-ZERO": ("VAT-ZERO", _zero),
    "PIT-58": ("PIT-58", _reward),
    "EQ-101": ("EQ-101", _equity),
    "RD-100": ("RD-100", _research),
    "STAMP": ("STAMP", _stamp),
    "REWARD-45": ("REWARD-45", _floor),
}
_OURS = {"amortisation": "less_amortisation", "apportioned_period_expense": "less_period_share", "eligible": "applies"}
# What is worked out for comparison with a wrong way of counting.
_NOT_OURS = {"wrong_if_stacked"}


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e["rule"] in _READ], ids=lambda example: example["id"])
def test_the_calculator_tells_the_example(example: dict[str, Any]) -> None:
    rule_id, read = _READ[example["rule"]]
    facts = facts_from(_SELLER | read(example["inputs"]))
    finding = find(BOOK, rule_id, facts, CALENDAR)
    expected = {name: value for name, value in example["expected"].items() if name not in _NOT_OURS}
    if expected.get("treatment") == "exempt":
        # Where the zero rate is not to be had, the exemption is.
        finding = find(BOOK, "VAT-TT", facts, CALENDAR)
        assert finding.applies
        del expected["treatment"]
    assert {name: told(finding, _OURS.get(name, name)) for name in expected} == expected


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e["rule"] == "TTA"], ids=lambda example: example["id"])
def test_the_technology_value_leaves_out_what_is_no_technology(example: dict[str, Any]) -> None:
    given = example["inputs"]
    left_out = Money.yuan(given["non_technical_costs"]) - Money.yuan(given["of_which_reasonable_carrier"])
    values = technology_value(Price(Money.yuan(given["contract_amount"]), equipment=left_out))
    assert values.technology_value == Money.yuan(example["expected"]["technology_transaction_amount"])


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e["rule"] == "REGNO"], ids=lambda example: example["id"])
def test_the_registration_number_is_put_together_of_the_same_parts(example: dict[str, Any]) -> None:
    parts = example["expected"]
    registry = parts["province"] + parts["city"] + parts["office"]
    assert registration_number(int(parts["year"]), registry, int(parts["serial"])) == example["inputs"]["number"]


def _policy(kind: str) -> Policy:
    row = next(row for row in first_rows() if row.kind == kind and row.scope == "")
    return Policy(1, row.kind, row.scope, row.value, row.measure, row.source, row.confidence, row.valid_from)


@pytest.mark.parametrize(
    "example",
    [e for e in EXAMPLES if e["rule"] == "ASSET-LIST" and "relist_price" in e["inputs"]],
    ids=lambda example: example["id"],
)
def test_a_price_below_nine_tenths_needs_consent(example: dict[str, Any]) -> None:
    announced, new = Money.yuan(example["inputs"]["appraisal"]), Money.yuan(example["inputs"]["relist_price"])
    refusals = price_change(
        announced=announced, present=announced, new=new, approval_limit=_policy("listing.price_reduction_approval"), approval=""
    )
    assert bool(refusals) is example["expected"]["written_consent_needed"]


@pytest.mark.parametrize(
    "example",
    [e for e in EXAMPLES if e["rule"] == "ASSET-LIST" and "base_price" in e["inputs"]],
    ids=lambda example: example["id"],
)
def test_an_announcement_is_never_shorter_than_that_of_state_assets(example: dict[str, Any]) -> None:
    assert _policy("listing.announcement_period").count >= example["expected"]["min_notice_working_days"]


def test_no_example_is_left_out() -> None:
    assert {example["rule"] for example in EXAMPLES} == {*_READ, "TTA", "REGNO", "ASSET-LIST"}
