"""May it be applied for, who decides, until when, and under what number?"""

from __future__ import annotations

from datetime import date

from contracts.rules.contracts import ContractFacts
from market.policy.rules import Policy
from market.values.money import ZERO, Money
from market.values.refusal import Refusal


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


def may_apply(facts: ContractFacts, *, today: date, is_agreed: bool) -> list[Refusal]:
    """What speaks against applying for recognition: after the contract is in force, and while it is.

    Source: REG-05 of both rule sets (high).
    """
    if not is_agreed or facts.signed_on is None:
        return [Refusal("contracts.not_in_force")]
    return [Refusal("contracts.no_longer_in_force")] if today > facts.valid_until else []


def may_recognise(*, contract_value: Money, technology_value: Money, has_royalties: bool = False) -> list[Refusal]:
    """What speaks against this decision: the technology value lies above nothing and not above the contract value.

    Where all is royalties to come, it begins at nothing.
    Source: amounts of the rule book 1.4 (medium).
    """
    lowest = ZERO if has_royalties else Money(1)
    if lowest <= technology_value <= contract_value:
        return []
    return [Refusal("contracts.technology_value_out_of_range", field="technology_value")]


def may_return(*, times_returned: int) -> list[Refusal]:
    """An application is returned for correction once. Source: domain rule 1 of recognition (medium)."""
    return [Refusal("contracts.returned_before")] if times_returned else []


def may_appeal(*, today: date, last: date) -> list[Refusal]:
    """A refusal is appealed against within its time. Source: REG-12 of both rule sets, policy row (medium)."""
    return [Refusal("contracts.appeal_late", data={"last": last.isoformat()})] if today > last else []
