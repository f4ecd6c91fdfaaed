"""May a registration be changed in this way?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from market.values.money import ZERO, Money
from market.values.refusal import Refusal
from market.values.social_code import is_social_code


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What is to be entered, beside what stands there: contract value and technology value."""

    kind: str
    contract_value: Money
    technology_value: Money
    before: tuple[Money, Money]
    received: Money | None = None
    valid_until: date | None = None
    # Of a change of party: the party as it is to be and as it was, and the codes of all other parties.
    party: Mapping[str, str] = field(default_factory=dict)
    party_before: Mapping[str, str] = field(default_factory=dict)
    other_codes: Collection[str] = ()
    is_abroad: bool = False


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
    return _of_party(facts) if facts.kind == "party" else []


def _of_party(facts: ChangeFacts) -> list[Refusal]:
    party = facts.party
    if not facts.party_before:
        return [Refusal("contracts.party_unknown", field="party")]
    if not party.get("name") or not party.get("nature"):
        return [Refusal("contracts.new_party_missing", field="new_name")]
    code = party.get("code", "")
    if code and not facts.is_abroad and not is_social_code(code):
        return [Refusal("contracts.code_unknown", field="new_code", data={"code": code})]
    if code and code in facts.other_codes:
        return [Refusal("contracts.party_twice", field="new_code")]
    if all(party.get(name, "") == facts.party_before.get(name, "") for name in ("name", "code", "nature", "country", "region")):
        return [Refusal("contracts.nothing_changed", field="new_name")]
    return []
