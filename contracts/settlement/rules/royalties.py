"""What is a report on a royalty worth, and may it be objected to?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.settlement.rules.income import Line
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

_SOURCE = "民法典 art. 846"


@dataclass(frozen=True, slots=True)
class RoyaltySum:
    """The royalty of a period with its steps."""

    amount: Money
    steps: tuple[Line, ...]


def royalty(base: Money, rate: Decimal) -> RoyaltySum:
    """The agreed share of what was reported. Source: 民法典 art. 846: computed as the parties agreed (high)."""
    amount = base.share(rate)
    return RoyaltySum(amount, (Line("royalty_base", _SOURCE, base), Line("royalty", _SOURCE, amount)))


def may_report(*, base: Money, is_over: bool) -> list[Refusal]:
    """What speaks against a report: the period still runs, or less than nothing was made. Nothing made is a report too.

    Source: 民法典 art. 846: the parties agree how the accounts are inspected (high); reporting after the period is the market's own.
    """
    if not is_over:
        return [Refusal("settlement.period_not_over")]
    return [Refusal("settlement.base_negative", field="base")] if base < ZERO else []
