"""When is which part of the price due, and how far does the carried deposit cover it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from market.policy.rules import months_after
from market.values.dates import Span
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

MOST_DUES = 24
MOST_REPORTS = 60
REPORT_EVERY = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class PlannedDue:
    """A part of the price and the day by which it is to be paid."""

    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class RoyaltyTerms:
    """A share of what the buyer makes with the technology, reported for every so many months."""

    basis: str
    rate: Decimal
    every_months: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Covered:
    """How a sum that is due is paid: so much from the carried deposit, so much still to be paid."""

    from_deposit: Money
    to_pay: Money


def covered(amounts: Iterable[Money], credit: Money) -> tuple[list[Covered], Money]:
    """The carried deposit counts towards the earliest sums; gives each sum's two parts, and what is left of the deposit.

    Source: domain rule 7 of listing: the winner's deposit is carried into the price (medium).
    """
    parts = []
    for amount in amounts:
        taken = min(amount, credit)
        credit -= taken
        parts.append(Covered(taken, amount - taken))
    return parts, credit


def may_plan(dues: Sequence[PlannedDue], *, price: Money, is_entry_fee: bool = False, today: date) -> list[Refusal]:
    """What speaks against paying the price in these parts: they add up to it, lie ahead, and follow one another.

    An entry fee is not more than the price; the rest of it is the royalty, whatever that comes to.

    Source: 民法典 art. 845: price and mode of payment stand in the contract (high); the limits are the market's own (low).
    """
    refusals = []
    if not 0 < len(dues) <= MOST_DUES:
        return [Refusal("settlement.number_of_dues", data={"most": MOST_DUES})]
    if any(due.amount <= ZERO for due in dues):
        refusals.append(Refusal("settlement.due_zero"))
    planned = sum((due.amount for due in dues), ZERO)
    if planned > price if is_entry_fee else planned != price:
        code = "settlement.entry_fee_above_price" if is_entry_fee else "settlement.plan_not_the_price"
        refusals.append(Refusal(code, data={"planned": str(planned), "price": str(price)}))
    days = [due.due_on for due in dues]
    if min(days) < today:
        refusals.append(Refusal("settlement.due_in_the_past"))
    if days != sorted(set(days)):
        refusals.append(Refusal("settlement.dues_not_in_order"))
    return refusals


def may_agree_royalty(terms: RoyaltyTerms | None) -> list[Refusal]:
    """What speaks against these terms of a royalty.

    Source: 民法典 art. 846: share of price, output, profit or sales, and how it is computed (high).
    """
    if terms is None:
        return [Refusal("settlement.royalty_missing", field="rate")]
    refusals = [] if 0 < terms.rate < 1 else [Refusal("settlement.royalty_rate", field="rate")]
    if terms.every_months not in REPORT_EVERY:
        refusals.append(Refusal("settlement.royalty_period", field="every_months"))
    elif terms.last_day <= terms.first_day:
        refusals.append(Refusal("settlement.royalty_ends_before_it_begins", field="last_day"))
    elif len(report_periods(terms)) > MOST_REPORTS:
        refusals.append(Refusal("settlement.too_many_reports", field="last_day", data={"most": MOST_REPORTS}))
    return refusals


def report_periods(terms: RoyaltyTerms) -> list[Span]:
    """The periods to report on, one after the other without a gap; the last may be shorter. At most one more than allowed.

    Source: the market's own.
    """
    periods: list[Span] = []
    first = terms.first_day
    while first <= terms.last_day and len(periods) <= MOST_REPORTS:
        following = months_after(terms.first_day, terms.every_months * (len(periods) + 1))
        last = min(date.fromordinal(following.toordinal() - 1), terms.last_day)
        periods.append(Span(first, last))
        first = date.fromordinal(last.toordinal() + 1)
    return periods
