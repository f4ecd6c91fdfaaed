"""Income tax on a transfer of technology: the income, the year it belongs to, and what of it is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from contracts.relief.rules.facts import Facts, Transfer
from contracts.relief.rules.figures import Outcome, Parameters, Step, half_up
from market.values.money import ZERO, Money

_NOTHING = Fraction(0)
_LICENCE_SOURCE = "国家税务总局公告2015年第82号 第三、四条"


@dataclass(frozen=True, slots=True)
class YearSum:
    """A taxpayer's year under the relief: its exact figures in yuan, and each contract's part of the tax before and after."""

    income: Fraction
    exempt: Fraction
    half_base: Fraction
    reduction: Fraction
    before: Money
    after: Money
    parts: Mapping[str, tuple[Money, Money]]


def year_sum(transfers: Iterable[Transfer], parameters: Parameters, *, ordinary_rate: Fraction, applies: bool) -> YearSum:
    """The relief is counted once for the year; each contract has its part by its income, whichever was entered first.

    Losses of one transfer lessen the income of the others: the return asks for one sum of the year's transfers.
    Where the ordinary tax is lower, as for small enterprises, that is what is owed.
    Source: 企业所得税法实施条例 art. 90: one tax year, one cap (high); parts by income: the market's own (low).
    """
    ordered = sorted(transfers, key=lambda transfer: transfer.key)
    income = sum((transfer.income for transfer in ordered), _NOTHING)
    taxed = max(income, _NOTHING)
    exempt = min(taxed, parameters.number("cap")) if applies else _NOTHING
    half_base = taxed - exempt if applies else _NOTHING
    free = parameters.number("excess_share")
    before = parameters.rounded(taxed * ordinary_rate)
    after = min(before, parameters.rounded(half_base * (1 - free) * parameters.number("statutory_rate"))) if applies else before
    weights = [max(transfer.income, _NOTHING) for transfer in ordered]
    reduction = exempt + half_base * free
    return YearSum(income, exempt, half_base, reduction, before, after, _parts(ordered, weights, before, after))


def _parts(ordered: list[Transfer], weights: list[Fraction], before: Money, after: Money) -> Mapping[str, tuple[Money, Money]]:
    if not any(weights):
        return {transfer.key: (ZERO, ZERO) for transfer in ordered}
    common = lcm(*(weight.denominator for weight in weights))
    shares = [int(weight * common) for weight in weights]
    # What is still owed and what is saved are split, so that neither part of a contract falls below zero.
    owed, saved = after.split(shares), (before - after).split(shares)
    return {transfer.key: (mine + spared, mine) for transfer, mine, spared in zip(ordered, owed, saved, strict=True)}


def transfer_income(facts: Facts) -> tuple[Fraction, tuple[Step, ...]]:
    """Revenue less net value, taxes and period expense; for a licence, what fell due in the year less its part of the costs.

    Source: 国税函〔2009〕212号 二 (high); 国家税务总局公告2015年第82号 arts 3-4 for licences (high).
    """
    if facts.word("grant") in ("sole", "non_exclusive") and facts.has("due_this_year"):
        return _licence_income(facts)
    parts = [Step("revenue", facts.yuan("price"))]
    for name in ("equipment", "materials", "other", "net_value", "taxes_fees", "period_expense"):
        if amount := facts.yuan(name):
            parts.append(Step(f"less_{name}", -amount))
    income = sum((step.value for step in parts), _NOTHING)
    return income, (*parts, Step("income", income))


def _licence_income(facts: Facts) -> tuple[Fraction, tuple[Step, ...]]:
    due, sales = facts.yuan("due_this_year"), facts.yuan("sales_total")
    amortisation = facts.yuan("amortisation") * facts.rate("amortisation_share")
    expense = facts.yuan("period_expenses_total") * due / sales if sales else _NOTHING
    income = due - amortisation - facts.yuan("taxes_fees") - expense
    steps = (
        Step("due_this_year", due, source=_LICENCE_SOURCE),
        Step("less_amortisation", -amortisation, source=_LICENCE_SOURCE),
        Step("less_taxes_fees", -facts.yuan("taxes_fees")),
        Step("less_period_share", -expense, source=_LICENCE_SOURCE),
        Step("income", income),
    )
    return income, steps


def technology_transfer(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """The first part of the year's income is free, the rest is taxed by half at the statutory rate, and this contract's part of it.

    Source: 企业所得税法 art. 27(4), 实施条例 art. 90 (high); 国税函〔2010〕157号: half of 25 %, whatever the own rate (high).
    """
    income, steps = transfer_income(facts)
    # What the others are does not matter to a contract that is taxed by the ordinary rate anyway.
    others = facts.others if applies else ()
    if applies and facts.has("others_income"):
        others = (*others, Transfer("~others", facts.yuan("others_income")))
    ordinary_rate = facts.rate("cit_rate", "0.25")
    year = year_sum([Transfer(facts.key, income), *others], parameters, ordinary_rate=ordinary_rate, applies=applies)
    before, after = year.parts[facts.key]
    told = _told(steps, year, parameters, ordinary_rate=ordinary_rate, is_shared=bool(others), applies=applies)
    if others:
        told += [Step("tax_before", _yuan(before)), Step("tax", _yuan(after))]
    figures = {
        "income": half_up(income),
        "exempt": half_up(year.exempt),
        "half_base": half_up(year.half_base),
        "reduction_of_income": half_up(year.reduction),
        "tax": after,
        "cap": half_up(parameters.number("cap")),
    }
    costs = [step for step in steps if step.code in ("less_amortisation", "less_period_share")]
    figures |= {step.code: half_up(-step.value) for step in costs}
    return Outcome(before, after, tuple(told), figures)


def _told(
    steps: tuple[Step, ...],
    year: YearSum,
    parameters: Parameters,
    *,
    ordinary_rate: Fraction,
    is_shared: bool,
    applies: bool,
) -> list[Step]:
    """The sum of the year step by step; of a year with several contracts it says that it is the year's."""
    told = list(steps)
    if is_shared:
        told += [Step("others_income", year.income - steps[-1].value), Step("year_income", year.income)]
    told.append(Step("ordinary_rate", ordinary_rate, "rate"))
    told.append(Step("tax_before_year" if is_shared else "tax_before", _yuan(year.before)))
    if applies:
        told += [
            Step("exempt", year.exempt),
            Step("half_base", year.half_base),
            Step("reduction_of_income", year.reduction),
            Step("statutory_rate", parameters.number("statutory_rate"), "rate", "国税函〔2010〕157号 一（三）"),
            Step("tax_year" if is_shared else "tax", _yuan(year.after)),
        ]
    return told


def _yuan(amount: Money) -> Fraction:
    return Fraction(amount.fen, 100)


def open_parts(parts: Mapping[str, Money], settled: Mapping[str, Money]) -> Mapping[str, Money]:
    """What the contracts of a year that are not yet filed may still claim: the year's relief less what was filed or granted.

    `parts` is each contract's part of the year's relief, `settled` the amounts already filed or granted, by contract.
    In any order of entry the year's claims together are the year's relief, unless more than that was already settled.
    Source: the market's own.
    """
    waiting = {key: part for key, part in parts.items() if key not in settled}
    total = sum((part.fen for part in parts.values()), 0)
    left = max(0, total - sum(amount.fen for amount in settled.values()))
    weights = [part.fen for part in waiting.values()]
    if not any(weights):
        return dict.fromkeys(waiting, ZERO)
    return dict(zip(waiting, Money(left).split(weights), strict=True))
