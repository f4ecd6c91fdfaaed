"""What speaks against entering, filing, granting or recovering a relief, and when is one reminded?"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from contracts.relief.rules.calculator import Finding
from contracts.relief.rules.figures import half_up
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# So many days before the last one, a reminder each.
REMINDERS = (30, 7)


def may_enter(finding: Finding) -> list[Refusal]:
    """Only a relief that applies and saves something stands in the ledger. Source: the market's own."""
    if not finding.applies:
        return [Refusal("relief.does_not_apply", data={"rule": finding.rule.id})]
    if finding.rule.kind != "relief" or finding.relief == ZERO:
        return [Refusal("relief.nothing_to_claim")]
    return []


def price_of_year(*, part: Money | None, contract_value: Money, claimed: Money) -> Money:
    """The price a claim rests on: its part of what other years have left of the contract value; all that is left without one.

    Source: 增值税法 art. 28, 国税函〔2009〕212号: each payment counts once, in the year it belongs to (medium).
    """
    left = Money(max(0, contract_value.fen - claimed.fen))
    return left if part is None else min(part, left)


def non_technical(*, price: Money, contract_value: Money, technology_value: Money) -> Money:
    """Of this part of the price, what is no technology, in the proportion of the register.

    Source: 国科发政字〔2001〕253号: one technology value for the contract (high); by proportion: the market's own (low).
    """
    share = Fraction(contract_value.fen - technology_value.fen, contract_value.fen) if contract_value else Fraction(0)
    return half_up(Fraction(price.fen, 100) * share)


def may_file(*, filed_on: date, arose_on: date, today: date, receipt: str, amount: Money) -> list[Refusal]:
    """What speaks against this filing; a late one is entered too, for the tax office decides on that.

    Source: 税收征收管理法 art. 25: filed within the period, and later still owed (medium).
    """
    refusals = []
    if not arose_on <= filed_on <= today:
        refusals.append(Refusal("relief.filed_on_out_of_range", field="filed_on"))
    if not receipt.strip():
        refusals.append(Refusal("relief.receipt_missing", field="receipt"))
    if amount == ZERO:
        refusals.append(Refusal("relief.nothing_to_claim"))
    return refusals


def may_grant(*, amount: Money, filed: Money, granted_on: date, filed_on: date, today: date, document: str) -> list[Refusal]:
    """What speaks against entering this grant of the tax office. Source: the market's own."""
    refusals = []
    if not ZERO < amount <= filed:
        refusals.append(Refusal("relief.granted_out_of_range", field="amount"))
    if not filed_on <= granted_on <= today:
        refusals.append(Refusal("relief.granted_on_out_of_range", field="granted_on"))
    if not document.strip():
        refusals.append(Refusal("relief.document_missing", field="document"))
    return refusals


def may_settle(*, amount: Money, due: Money, settled_on: date, today: date, granted_on: date, document: str) -> list[Refusal]:
    """What speaks against entering this recovery; the tax office may ask for less than was flagged. Source: the market's own."""
    refusals = []
    if not ZERO <= amount <= due:
        refusals.append(Refusal("relief.settled_out_of_range", field="amount"))
    if not granted_on <= settled_on <= today:
        refusals.append(Refusal("relief.granted_on_out_of_range", field="settled_on"))
    if not document.strip():
        refusals.append(Refusal("relief.document_missing", field="document"))
    return refusals


def difference(*, granted: Money, recovered: Money, still_due: Money) -> Money:
    """What of a granted relief is to be paid back when only `still_due` is left of it.

    Source: 税收征收管理法 art. 52: unpaid tax is recovered (high).
    """
    return Money(max(0, granted.fen - recovered.fen - still_due.fen))


def reminders_due(*, due_on: date, today: date) -> int:
    """How many of the reminders before this day should have gone out. Source: the market's own."""
    return sum(today >= due_on - timedelta(days=days) for days in REMINDERS)
