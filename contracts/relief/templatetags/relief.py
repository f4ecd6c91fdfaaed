"""How rules, sums and facts of relief are written on pages and in the package for the tax office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from contracts.relief.rules.facts import Fact
from contracts.relief.rules.figures import Step
from contracts.relief.wording import ANSWERS, FACTS, STEPS, TAXES, VALUES
from market.templatetags.market import day, money, percent
from market.values.money import Money
from market.values.writing import is_chinese

register = template.Library()


@register.filter
def said(words: Any, part: str = "") -> str:
    """What a rule, condition, paper or note says, in the language of the moment; `part` as in `note`, for `note_zh`."""
    name = f"{part}_" if part else ""
    name += "zh" if is_chinese(get_language()) else "en"
    return str(words[name] if isinstance(words, Mapping) else getattr(words, name))


@register.filter
def step_name(step: Step) -> str:
    return str(STEPS[step.code])


@register.filter
def step_value(step: Step) -> str:
    """Yuan to the fen, and beyond where the exact value goes beyond; a rate as a percentage."""
    if step.unit == "rate":
        return percent(_decimal(step.value * 100, 4) / 100)
    fen = step.value * 100
    if fen.denominator == 1:
        return money(Money(int(fen)))
    exact = _decimal(step.value, 6).normalize()
    sign = "" if Fraction(exact) == step.value else "≈ "
    return f"{sign}{exact:,f} 元" if is_chinese(get_language()) else f"{sign}¥{exact:,f}"


def _decimal(value: Fraction, places: int) -> Decimal:
    return round(Decimal(value.numerator) / Decimal(value.denominator), places)


@register.filter
def stored_steps(rows: list[list[str]]) -> list[Step]:
    """The steps as a claim keeps them."""
    return [Step(code, Fraction(value), unit, source) for code, value, unit, source in rows]


@register.filter
def fact_name(name: str) -> str:
    return str(FACTS.get(name, name))


@register.simple_tag
def fact_value(name: str, value: Fact) -> str:
    """A fact's value in words."""
    match value:
        case bool():
            return gettext("Yes") if value else gettext("No")
        case Money():
            return money(value)
        case Decimal():
            return percent(value)
        case date():
            return day(value)
        case str():
            return str(VALUES.get(name, {}).get(value, value))
        case _:
            return ""


@register.filter
def tax_name(tax: str) -> str:
    return str(TAXES[tax])


@register.filter
def right_name(right: str) -> str:
    return str(VALUES["right"][right])


@register.filter
def answer_name(answer: str) -> str:
    return str(ANSWERS[answer])
