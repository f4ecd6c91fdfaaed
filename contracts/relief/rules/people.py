"""What goes to people: the reward of those who made the technology, the tax on it, and shares for technology."""

from __future__ import annotations

from fractions import Fraction

from contracts.relief.rules.facts import Facts
from contracts.relief.rules.figures import Figure, Outcome, Parameters, Step, half_up
from market.values.money import ZERO

_NOTHING = Fraction(0)


def reward_tax(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Half the cash reward counts as wages of the month it is paid in, by the cumulative withholding of that month.

    Source: 财税〔2018〕58号 一 (high); 国家税务总局公告2018年第61号 for the cumulative method (high).
    """
    award, salary, paid = facts.yuan("award"), facts.yuan("salary"), facts.day("award_paid_on")
    month = paid.month if paid else 1
    included = award * parameters.number("included_share") if applies else award

    def withheld(counted: Fraction) -> Fraction:
        return parameters.progressive(salary * month + counted) - parameters.progressive(salary * (month - 1))

    before, after = parameters.rounded(withheld(award)), parameters.rounded(withheld(included))
    steps = (
        Step("award", award),
        Step("included_in_salary", included),
        Step("salary_to_month", salary * month),
        Step("tax_before", Fraction(before.fen, 100)),
        Step("withholding_this_month", Fraction(after.fen, 100)),
    )
    figures: dict[str, Figure] = {"included_in_salary": half_up(included), "withholding_this_month": after}
    return Outcome(before, after, steps, figures)


def equity_deferral(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """No tax when technology is put into a company for shares; at their disposal, on the price less the original cost.

    What is saved is the tax at the contribution, which comes due at the disposal. An enterprise may instead be taxed at once
    under the relief for transfers.
    Source: 财税〔2016〕101号 三 (high); 财税〔2015〕41号, 财税〔2014〕116号 for the ordinary case (medium).
    """
    is_person = facts.word("taxpayer") == "individual"
    rate = parameters.number("person_rate") if is_person else facts.rate("cit_rate", parameters.values["enterprise_rate"])
    value, cost = facts.yuan("equity_value"), facts.yuan("original_cost")
    gain = max(value - cost, _NOTHING)
    before = parameters.rounded(gain * rate)
    at_once = before
    if not applies and facts.word("equity_choice") == "exemption" and not is_person:
        taxed = max(gain - parameters.number("cap"), _NOTHING) * (1 - parameters.number("excess_share"))
        at_once = min(before, parameters.rounded(taxed * parameters.number("enterprise_rate")))
    at_contribution = ZERO if applies else at_once
    basis = cost if applies else value
    sold = facts.has("disposal_price")
    later = max(facts.yuan("disposal_price") - basis - facts.yuan("disposal_fees"), _NOTHING) if sold else _NOTHING
    at_disposal = parameters.rounded(later * rate)
    steps = [Step("equity_value", value), Step("less_original_cost", -cost), Step("gain", gain), Step("tax_rate", rate, "rate")]
    steps += [Step("tax_before", Fraction(before.fen, 100)), Step("tax_at_contribution", Fraction(at_contribution.fen, 100))]
    if sold:
        steps += [Step("later_gain", later), Step("tax_at_disposal", Fraction(at_disposal.fen, 100))]
    figures: dict[str, Figure] = {
        "tax_at_contribution": at_contribution,
        "tax_at_disposal": at_disposal,
        "total": at_contribution + at_disposal,
    }
    return Outcome(before, at_contribution, tuple(steps), figures)


def reward_floor(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """The least that goes to those who made and transferred a service invention, where nothing else is ruled or agreed.

    Source: 促进科技成果转化法 arts 44-45 (high); 国发〔2016〕16号 一（六） for the main contributors (high).
    """
    if not applies:
        return Outcome()
    match facts.word("reward_way"):
        case "transfer":
            base = max(facts.yuan("price") - facts.yuan("reward_costs"), _NOTHING)
            first = [Step("revenue", facts.yuan("price")), Step("less_reward_costs", -facts.yuan("reward_costs"))]
            share = parameters.number("transfer_share")
        case "main_contributors":
            base, first, share = facts.yuan("total_reward"), [], parameters.number("main_share")
        case _:
            base, first, share = facts.yuan("operating_profit"), [], parameters.number("own_use_share")
    least = parameters.rounded(base * share)
    steps = [*first, Step("reward_base", base), Step("reward_share", share, "rate"), Step("minimum", Fraction(least.fen, 100))]
    return Outcome(steps=tuple(steps), figures={"minimum": least})
