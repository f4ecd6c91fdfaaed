"""How indicators, their values and the grades of an evaluation are worded on pages."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language, gettext

from brokers.evaluation import export
from brokers.evaluation.models import Figure
from brokers.evaluation.rules.scoring import Group, Indicator
from market.templatetags.market import money
from market.values.writing import is_chinese

register = template.Library()


@register.filter
def said(thing: Group | Indicator) -> str:
    """A group or an indicator in the language of the moment."""
    return thing.zh if is_chinese(get_language()) else thing.en


@register.filter
def value_in_words(figure: Figure | None, unit: str) -> str:
    """A figure with its unit; a dash where there is none."""
    if figure is None:
        return "—"
    return in_unit(figure.value, unit)


@register.filter
def in_unit(value: Decimal, unit: str) -> str:
    """A number with the unit of its indicator."""
    if unit == "yuan":
        return money(int(value * 100))
    plain = f"{value.normalize():,f}"
    return f"{plain}%" if unit == "percent" else plain


@register.filter
def grade_in_words(code: str) -> str:
    """A grade of the evaluation in words."""
    return export.grade_name(code) if code else gettext("Not yet")
