"""What is a contract worth, and how much of it is technology?"""

from __future__ import annotations

from dataclasses import dataclass

from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# What of a price counts as technology, and the rule of both sets that says so (`data/*.toml`).
_TOTAL_RULE, _ITEM_RULE, _ROYALTY_RULE = "AMT-01", "AMT-02", "AMT-03"
_SOURCE = "国科发政字〔2001〕253号; 技术合同认定规则"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a figure: what it is, its source, the amount, and the rule of the rule set it follows.

    An item that stays in the technology transaction value is shown with its amount, but takes nothing off.
    """

    text: str
    source: str
    amount: Money
    rule: str = ""
    stays_in: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a contract and its items: what is not technology, what carries technology, and what is only expected.

    What no item names is technology.
    """

    total: Money
    equipment: Money = ZERO
    materials: Money = ZERO
    other: Money = ZERO
    carriers: Money = ZERO
    royalties: Money = ZERO

    @property
    def non_technical(self) -> Money:
        return self.equipment + self.materials + self.other

    @property
    def technology(self) -> Money:
        """What is left when every other item is taken off."""
        return self.total - self.non_technical - self.carriers - self.royalties


@dataclass(frozen=True, slots=True)
class Values:
    """The two figures of a recognition, with the steps from one to the other."""

    contract_value: Money
    technology_value: Money
    steps: tuple[Line, ...]


def technology_value(price: Price) -> Values:
    """The technology transaction value: the price without equipment, materials and other non-technical items.

    A reasonable number of carriers (samples, copies, test pieces) stays in; royalties that are only expected are added to the
    registration as they come in.
    Source: 国科发政字〔2001〕253号 arts 50-52 (high).
    """
    steps = [Line("contract_value", _SOURCE, price.total, _TOTAL_RULE)]
    deductions = (("equipment", price.equipment), ("materials", price.materials), ("other", price.other))
    steps += [Line(name, _SOURCE, -amount, _ITEM_RULE) for name, amount in deductions if amount]
    if price.royalties:
        steps.append(Line("royalties", _SOURCE, -price.royalties, _ROYALTY_RULE))
    if price.carriers:
        steps.append(Line("carriers", _SOURCE, price.carriers, _ITEM_RULE, stays_in=True))
    value = price.total - price.non_technical - price.royalties
    steps.append(Line("technology_value", _SOURCE, value, _ITEM_RULE))
    return Values(price.total, value, tuple(steps))


def price_refusals(price: Price, *, stated_technology: Money | None = None) -> list[Refusal]:
    """What is contradictory in an itemised price: items above the price, or a stated technology item that leaves a difference.

    Source: amounts of the rule book 1.4 (medium).
    """
    if price.total.fen <= 0:
        return [Refusal("contracts.price_zero", field="price")]
    if price.technology < ZERO:
        return [Refusal("contracts.parts_exceed_price", field="equipment")]
    if stated_technology is not None and stated_technology != price.technology:
        data = {"stated": str(stated_technology), "left": str(price.technology)}
        return [Refusal("contracts.items_do_not_add_up", field="technology", data=data)]
    return []


def may_correct(computed: Money, corrected: Money, *, reason: str) -> list[Refusal]:
    """What speaks against another technology value than the items give: a registrar corrects with a reason.

    Source: 核定技术性收入 in the registries' procedure (medium).
    """
    if corrected == computed or reason.strip():
        return []
    return [Refusal("contracts.correction_without_reason", field="reason")]
