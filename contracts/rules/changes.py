"""May a registration be changed in this way?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from market.values.money import ZERO, Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What is to be entered, beside what stands there: contract value and technology value."""

    kind: str
    contract_value: Money
    technology_value: Money
    before: tuple[Money, Money]
    received: Money | None = None
    valid_until: date | None = None


def may_change(facts: ChangeFacts) -> list[Refusal]:
    """What speaks against this change: figures out of order, or nothing changed where something must.

    Source: REG-11 and AMT-03 of both rule sets (high).
    """
    if facts.kind == "royalty" and (facts.received is None or facts.received <= ZERO):
        return [Refusal("contracts.royalty_missing", field="received")]
    if not ZERO <= facts.technology_value <= facts.contract_value:
        return [Refusal("contracts.technology_value_out_of_range", field="technology_value")]
    if facts.kind == "amount" and (facts.contract_value, facts.technology_value) == facts.before:
        return [Refusal("contracts.nothing_changed", field="technology_value")]
    if facts.kind == "term" and facts.valid_until is None:
        return [Refusal("contracts.new_term_missing", field="valid_until")]
    return []
