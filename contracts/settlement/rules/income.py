"""What is the net income of a transfer, and what of it belongs to the inventors?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from market.values.money import ZERO, Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a figure: what it is, its source, the amount."""

    text: str
    source: str
    amount: Money


_SOURCE = "促进科技成果转化法 arts 44-45"


@dataclass(frozen=True, slots=True)
class InventorsShare:
    """Net income with its steps, and what of it is the inventors' together and each by the share agreed among them."""

    net_income: Money
    amount: Money
    parts: tuple[Money, ...]
    steps: tuple[Line, ...]


def inventors_share(
    *, received: Money, fee: Money, commission: Money, costs: Sequence[Money], rate: Decimal, weights: Sequence[Decimal]
) -> InventorsShare:
    """Net income is what was received without the documented costs, not below nothing; of it at least this rate is the inventors'.

    Source: 促进科技成果转化法 art. 45: at least half of the net income (high); what is deducted: direct costs of the deal (medium).
    """
    documented = sum(costs, ZERO)
    net = max(received - fee - commission - documented, ZERO)
    amount = net.share(rate)
    deductions = (("fee", fee), ("commission", commission), ("costs", documented))
    steps = [Line("received", _SOURCE, received)]
    steps += [Line(name, _SOURCE, -cost) for name, cost in deductions if cost]
    steps += [Line("net_income", _SOURCE, net), Line("inventors_share", _SOURCE, amount)]
    return InventorsShare(net, amount, tuple(amount.split(weights)) if weights else (), tuple(steps))


def may_set_share(rate: Decimal, *, least: Decimal) -> list[Refusal]:
    """An agreed share of the inventors is not below the law's and not above all of it.

    Source: 促进科技成果转化法 art. 45: a public institution's rules do not fall below it (high).
    """
    if least <= rate <= 1:
        return []
    return [Refusal("settlement.inventors_share_too_low", field="rate", data={"percent": f"{(least * 100).normalize():f}"})]
