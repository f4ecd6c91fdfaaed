"""The further deduction of research costs, and stamp duty."""

from __future__ import annotations

from fractions import Fraction

from contracts.relief.rules.facts import Facts
from contracts.relief.rules.figures import Figure, Outcome, Parameters, Step, half_up

_NOTHING = Fraction(0)


def research_deduction(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Research costs are deducted once more; commissioned ones by four fifths, overseas up to two thirds of the domestic ones.

    The tax saved is that on the further deduction, as far as there is income to deduct it from.
    Source: 财政部 税务总局公告2023年第7号; 财税〔2015〕119号 (high); 财税〔2018〕64号 for overseas (high).
    """
    cost, mode = facts.yuan("research_cost"), facts.word("research_mode")
    steps = [Step("research_cost", cost)]
    base = cost
    if mode in ("commissioned", "commissioned_overseas"):
        base = cost * parameters.number("commissioned_share")
        steps.append(Step("commissioned_part", base))
    if mode == "commissioned_overseas":
        most = facts.yuan("domestic_eligible") * parameters.number("overseas_cap")
        steps.append(Step("overseas_most", most, source="财税〔2018〕64号 一"))
        base = min(base, most)
    base_fen = parameters.rounded(base, "base")
    extra_rate = parameters.number("listed_extra" if facts.flag("is_listed_industry") else "extra")
    extra = Fraction(base_fen.fen, 100) * extra_rate
    rate = facts.rate("cit_rate", "0.25")
    before = parameters.rounded(extra * rate)
    after = parameters.rounded(_NOTHING) if applies else before
    saving = before - after
    steps += [Step("deduction_base", Fraction(base_fen.fen, 100)), Step("extra_rate", extra_rate, "rate")]
    if applies:
        steps += [Step("extra_deduction", extra), Step("tax_rate", rate, "rate"), Step("tax_saving", Fraction(saving.fen, 100))]
    figures: dict[str, Figure] = {
        "base": base_fen if applies else parameters.rounded(_NOTHING),
        "extra_deduction": half_up(extra) if applies else parameters.rounded(_NOTHING),
        "tax_saving": saving,
    }
    return Outcome(before, after, tuple(steps), figures)


def stamp_duty(facts: Facts, parameters: Parameters, applies: bool) -> Outcome:
    """Each party's duty on the price without listed tax; on what was settled where the contract names no price.

    Of a development contract, research funds named apart do not count. Small taxpayers pay half.
    Source: 印花税法 arts 5, 6, 8, 9 (high); 国税地字〔1989〕34号 for research funds (medium).
    """
    is_open = not facts.has("price")
    base = facts.yuan("actual_settled") if is_open else facts.yuan("price") - facts.yuan("listed_vat")
    steps = [Step("settled" if is_open else "price", facts.yuan("actual_settled" if is_open else "price"))]
    if not is_open and facts.has("listed_vat"):
        steps.append(Step("less_listed_vat", -facts.yuan("listed_vat")))
    if facts.word("contract_kind") == "development" and facts.has("research_funds"):
        base -= facts.yuan("research_funds")
        steps.append(Step("less_research_funds", -facts.yuan("research_funds"), source="国税地字〔1989〕34号"))
    base = max(base, _NOTHING)
    rate = parameters.number("rate")
    before = parameters.rounded(base * rate)
    after = parameters.rounded(base * rate * parameters.number("small_share")) if applies else before
    steps += [
        Step("stamp_base", base),
        Step("stamp_rate", rate, "rate"),
        Step("tax_before", Fraction(before.fen, 100)),
        Step("stamp_each_party", Fraction(after.fen, 100)),
    ]
    return Outcome(before, after, tuple(steps), {"base": half_up(base), "stamp_each_party": after})
