"""Is this a technology contract, for how much, under which rules, and until when must it be decided?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from listings.codes import is_industry_code
from market.policy.rules import Policy
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

MIIT_FROM = date(2026, 3, 1)
_SHORTEST_CONTENT = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a figure: what it is, its source, the amount."""

    text: str
    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a contract and those of its parts that are not technology."""

    total: Money
    equipment: Money = ZERO
    materials: Money = ZERO
    other: Money = ZERO

    @property
    def non_technical(self) -> Money:
        return self.equipment + self.materials + self.other


@dataclass(frozen=True, slots=True)
class Values:
    """The two figures of a recognition, with the steps from one to the other."""

    contract_value: Money
    technology_value: Money
    steps: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What the rules look at in a contract."""

    kind: str
    has_fitting_sub_kind: bool
    industry_served: str
    title: str
    content: str
    price: Price
    signed_on: date | None
    valid_from: date
    valid_until: date


_AMOUNT_SOURCE = "国科发政字〔2001〕253号; 技术合同认定规则"


def technology_value(price: Price) -> Values:
    """The technology transaction value: the price without equipment, materials and other non-technical items.

    Reasonable samples and test materials of a development contract are not to be entered as materials.
    Source: 国科发政字〔2001〕253号 arts 50-52 (high).
    """
    steps = [Line("contract_value", _AMOUNT_SOURCE, price.total)]
    deductions = (("equipment", price.equipment), ("materials", price.materials), ("other", price.other))
    steps += [Line(name, _AMOUNT_SOURCE, -amount) for name, amount in deductions if amount]
    value = price.total - price.non_technical
    steps.append(Line("technology_value", _AMOUNT_SOURCE, value))
    return Values(price.total, value, tuple(steps))


def rule_set_on(day: date) -> str:
    """The rule set an application falls under by its day. Source: MIIT measures in force from 2026-03-01 (high)."""
    return "MIIT-2026" if day >= MIIT_FROM else "MOST-2000"


def needs_experts(value: Money, from_value: Policy | None) -> bool:
    """True when experts review first. Source: draft measures of 2026 art. 14 (low), policy row."""
    return from_value is not None and value >= from_value.money


def registration_number(year: int, registry: str, serial: int) -> str:
    """Year (4), registry code (6), serial (6): never given again. Source: practice since 2019 (medium).

    Raises ValueError for another registry code or when a year's serials are used up.
    """
    if len(registry) != 6 or not registry.isdigit() or not 1 <= serial <= 999_999:
        raise ValueError("a registration number has a registry code of six digits and a serial of six digits")
    return f"{year:04d}{registry}{serial:06d}"


def contract_refusals(facts: ContractFacts) -> list[Refusal]:
    """What is missing or contradictory in a contract's terms.

    Source: 民法典 art. 845 for what a contract says (high); rule book 1.2 and 1.3 for what is not recognised (medium).
    """
    refusals = []
    if not facts.has_fitting_sub_kind:
        refusals.append(Refusal("contracts.sub_kind_of_another_kind", field="sub_kind"))
    if facts.industry_served and not is_industry_code(facts.industry_served):
        refusals.append(Refusal("contracts.industry_code_unknown", field="industry_served", data={"code": facts.industry_served}))
    if len(facts.content.strip()) < _SHORTEST_CONTENT:
        refusals.append(Refusal("contracts.content_too_short", field="content", data={"shortest": _SHORTEST_CONTENT}))
    if facts.price.total.fen <= 0:
        refusals.append(Refusal("contracts.price_zero", field="price"))
    elif facts.price.non_technical > facts.price.total:
        refusals.append(Refusal("contracts.parts_exceed_price", field="equipment"))
    if facts.valid_until < facts.valid_from:
        refusals.append(Refusal("contracts.ends_before_it_begins", field="valid_until"))
    return refusals


def may_apply(facts: ContractFacts, *, today: date, is_agreed: bool) -> list[Refusal]:
    """What speaks against applying for recognition: after the contract is in force, and while it is.

    Source: REG-05 of both rule sets (high).
    """
    if not is_agreed or facts.signed_on is None:
        return [Refusal("contracts.not_in_force")]
    return [Refusal("contracts.no_longer_in_force")] if today > facts.valid_until else []


def may_recognise(*, contract_value: Money, technology_value: Money) -> list[Refusal]:
    """What speaks against this decision: the technology value lies above nothing and not above the contract value.

    Source: amounts of the rule book 1.4 (medium).
    """
    if ZERO < technology_value <= contract_value:
        return []
    return [Refusal("contracts.technology_value_out_of_range", field="technology_value")]


def may_return(*, times_returned: int) -> list[Refusal]:
    """An application is returned for correction once. Source: domain rule 1 of recognition (medium)."""
    return [Refusal("contracts.returned_before")] if times_returned else []


def digest(fields: Sequence[tuple[str, str]]) -> str:
    """What both sides agree to: a fingerprint of all terms in order.

    Source: 民法典 art. 490 in analogy: a contract is made when both have signed the same text (high).
    """
    text = "\n".join(f"{name}={value!r}" for name, value in fields)
    return hashlib.sha256(text.encode()).hexdigest()
