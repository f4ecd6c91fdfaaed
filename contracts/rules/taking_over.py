"""May an earlier registration be taken over into this register?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.rules.recognition import may_recognise
from listings.codes import is_industry_code
from market.values.money import Money
from market.values.refusal import Refusal
from market.values.social_code import is_social_code

_NUMBER = re.compile(r"\d{16}|\d{14}", re.ASCII)
# Numbers of earlier years may have 14, with a year of two digits.
WITH_16_DIGITS = 2019
_REGION = re.compile(r"\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TakenFacts:
    """An earlier registration as a list has it. `number_of_twin` is that of the same contract where it stands already."""

    number: str
    registered_on: date
    signed_on: date
    valid_from: date
    valid_until: date
    has_fitting_sub_kind: bool
    contract_value: Money
    technology_value: Money
    codes: Mapping[str, str]
    regions: Mapping[str, str]
    industry_served: str
    has_ended: bool
    ended_on: date | None
    number_of_twin: str = ""


def may_take_over(facts: TakenFacts, *, today: date) -> list[Refusal]:
    """What speaks against taking this registration over: it stands already, or contradicts itself.

    Source: REG-04 of both rule sets on double registration (high); the numbers' shape in rule book 1.5 (medium).
    """
    refusals = [*_of_number(facts), *_of_days(facts, today)]
    if facts.number_of_twin:
        refusals.append(Refusal("contracts.stands_already", field="title", data={"number": facts.number_of_twin}))
    if not facts.has_fitting_sub_kind:
        refusals.append(Refusal("contracts.sub_kind_of_another_kind", field="sub_kind"))
    if facts.contract_value <= Money(0):
        refusals.append(Refusal("contracts.price_zero", field="contract_value"))
    else:
        # Royalties still to come may have left nothing yet.
        refusals += may_recognise(
            contract_value=facts.contract_value, technology_value=facts.technology_value, has_royalties=True
        )
    for field, code in facts.codes.items():
        if code and not is_social_code(code):
            refusals.append(Refusal("contracts.code_unknown", field=field, data={"code": code}))
    for field, region in facts.regions.items():
        if region and not _REGION.fullmatch(region):
            refusals.append(Refusal("contracts.region_unknown", field=field, data={"region": region}))
    if facts.industry_served and not is_industry_code(facts.industry_served):
        refusals.append(Refusal("contracts.industry_code_unknown", field="industry_served", data={"code": facts.industry_served}))
    return refusals


def _of_number(facts: TakenFacts) -> list[Refusal]:
    if not _NUMBER.fullmatch(facts.number):
        return [Refusal("contracts.number_unknown", field="number")]
    is_short = len(facts.number) == 14
    year = f"20{facts.number[:2]}" if is_short else facts.number[:4]
    if is_short and int(year) >= WITH_16_DIGITS:
        return [Refusal("contracts.number_unknown", field="number")]
    if int(year) != facts.registered_on.year:
        return [Refusal("contracts.number_of_another_year", field="registered_on", data={"year": year})]
    return []


def _of_days(facts: TakenFacts, today: date) -> list[Refusal]:
    refusals = []
    if facts.registered_on > today:
        refusals.append(Refusal("contracts.registered_later", field="registered_on"))
    if facts.signed_on > facts.registered_on:
        refusals.append(Refusal("contracts.signed_after_registered", field="signed_on"))
    if facts.valid_until < facts.valid_from:
        refusals.append(Refusal("contracts.ends_before_it_begins", field="valid_until"))
    if facts.has_ended and (facts.ended_on is None or not facts.registered_on <= facts.ended_on <= today):
        refusals.append(Refusal("contracts.end_unknown", field="ended_on"))
    return refusals
