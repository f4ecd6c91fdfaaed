"""Value added tax: what an exemption saves, what it costs in input tax, the threshold, the waiver and the zero rate."""

from __future__ import annotations

from fractions import Fraction

from contracts.relief.rules.facts import Facts
from contracts.relief.rules.figures import Figure, Outcome, Parameters, Step, half_up
from market.policy.rules import months_after

_NOTHING = Fraction(0)


def _contained(amount: Fraction, rate: Fraction) -> Fraction:
    """The tax in a price that contains it."""
    return amount / (1 + rate) * rate


def exemption(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Technology, and the service bound to it on the same invoice, without tax; equipment and all else with it.

    Source: 财政部 税务总局公告2026年第10号 二（二）2 (high); 增值税法 art. 26: no separate accounts, no relief (high).
    """
    goods = facts.yuan("equipment") + facts.yuan("materials") + facts.yuan("other")
    service = facts.yuan("related_service")
    technology = max(facts.yuan("price") - goods - service, _NOTHING)
    small = facts.word("vat_payer") == "small_scale"
    rate = parameters.number("small_rate" if small else "service_rate")
    goods_rate = parameters.number("small_rate" if small else "goods_rate")
    bound = service if facts.flag("same_invoice") else _NOTHING
    exempt = technology + bound if applies else _NOTHING
    taxed = technology + service - exempt
    goods_vat = _contained(goods, goods_rate)
    before = parameters.rounded(_contained(technology + service, rate) + goods_vat)
    after = parameters.rounded(_contained(taxed, rate) + goods_vat)
    taxable_sales = taxed / (1 + rate) + goods / (1 + goods_rate)
    steps = [Step("technology_price", technology)]
    steps += [Step("related_service", service)] if service else []
    steps += [Step("goods", goods)] if goods else []
    steps += [Step("vat_rate", rate, "rate"), Step("tax_before", Fraction(before.fen, 100))]
    steps += [Step("exempt_sales", exempt)] if applies else []
    steps += [Step("taxable_sales", taxable_sales), Step("tax", Fraction(after.fen, 100))]
    figures: dict[str, Figure] = {
        "output_vat": after,
        "exempt_sales": half_up(exempt),
        "taxable_sales": half_up(taxable_sales),
        "sales": half_up(exempt + taxable_sales),
        "special_invoice_allowed": not applies,
        "input_vat_creditable": not applies,
    }
    return Outcome(before, after, tuple(steps), figures)


def threshold(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Sales below the threshold bear no tax; those that reach it bear it on the whole.

    Source: 增值税法 art. 23; 财政部 税务总局公告2026年第10号 (high).
    """
    sales = facts.yuan("period_sales")
    before = parameters.rounded(sales * parameters.number("small_rate"))
    after = parameters.rounded(_NOTHING) if applies else before
    steps = (
        Step("period_sales", sales),
        Step("threshold", parameters.number(f"threshold_{facts.word('vat_period') or 'month'}")),
        Step("vat_rate", parameters.number("small_rate"), "rate"),
        Step("tax_before", Fraction(before.fen, 100)),
        Step("tax", Fraction(after.fen, 100)),
    )
    return Outcome(before, after, steps, {"vat": after})


def input_share(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Common input tax is not deducted in the proportion of exempt to all sales; set right in January for the year.

    Source: 增值税法 art. 22; 实施条例 art. 23 (high).
    """
    common, sales = facts.yuan("common_input_vat"), facts.yuan("all_sales")
    share = min(facts.yuan("exempt_sales") / sales, Fraction(1)) if sales and applies else _NOTHING
    lost = parameters.rounded(common * share)
    rest = half_up(common) - lost
    steps = (
        Step("common_input_vat", common),
        Step("exempt_share", share, "rate"),
        Step("non_creditable", Fraction(lost.fen, 100)),
        Step("creditable", Fraction(rest.fen, 100)),
    )
    return Outcome(steps=steps, figures={"non_creditable": lost, "creditable": rest})


def waiver(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """After a waiver no relief for so many months, unless the taxpayer is a small one.

    Source: 增值税法 art. 27 (high); the count of the months (medium).
    """
    waived, day = facts.day("waived_on"), facts.day("day")
    if not applies or waived is None or day is None:
        return Outcome(figures={"lockout_over": True})
    ends = months_after(waived, int(parameters.number("months")))
    return Outcome(figures={"lockout_over": day >= ends, "lockout_ends": ends})


def zero_rate(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Technology used wholly abroad bears the zero rate, and input tax is refunded.

    Source: 增值税法实施条例 art. 9 (high).
    """
    price = facts.yuan("price")
    rate = parameters.number("service_rate")
    before = parameters.rounded(_contained(price, rate))
    after = parameters.rounded(_NOTHING) if applies else before
    steps = (
        Step("technology_price", price),
        Step("vat_rate", rate, "rate"),
        Step("tax_before", Fraction(before.fen, 100)),
        Step("tax", Fraction(after.fen, 100)),
    )
    figures: dict[str, Figure] = {"output_vat": after, "treatment": "zero_rate_refund" if applies else "taxed"}
    return Outcome(before, after, steps, figures)
