"""Do the terms of a contract say what a technology contract must say?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.rules.amounts import Price, price_refusals
from listings.codes import is_industry_code
from market.values.refusal import Refusal

_SHORTEST_CONTENT = 50


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
    refusals += price_refusals(facts.price)
    if facts.valid_until < facts.valid_from:
        refusals.append(Refusal("contracts.ends_before_it_begins", field="valid_until"))
    return refusals


def digest(fields: Sequence[tuple[str, str]]) -> str:
    """What both sides agree to: a fingerprint of all terms in order.

    Source: 民法典 art. 490 in analogy: a contract is made when both have signed the same text (high).
    """
    text = "\n".join(f"{name}={value!r}" for name, value in fields)
    return hashlib.sha256(text.encode()).hexdigest()
