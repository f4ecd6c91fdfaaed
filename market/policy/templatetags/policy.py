"""How is the value of a policy row, and what is sure of it, written for people?"""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

from market.policy.kinds import PERIODS, Measure, holiday_name
from market.policy.models import Confidence, PolicyRow
from market.templatetags.market import money, percent
from market.templatetags.market import period as period_in_words
from market.values.dates import Period, Unit

register = template.Library()


@register.filter
def policy_value(row: PolicyRow) -> str:
    """The value with its unit: "20 working days", "30%", an amount, or a number of times."""
    measure = Measure(row.measure)
    if measure in PERIODS:
        return period_in_words(Period(int(row.value), Unit(row.measure)))
    if measure is Measure.RATE:
        return percent(row.value)
    if measure is Measure.FEN:
        return money(int(row.value))
    n = int(row.value)
    if measure is Measure.SECONDS:
        return ngettext("%(n)s second", "%(n)s seconds", n) % {"n": n}
    return ngettext("%(n)s time", "%(n)s times", n) % {"n": n}


@register.filter
def confidence_tone(confidence: str) -> str:
    """Nothing to say of what is certain; a warning for what officials have yet to confirm."""
    return {Confidence.HIGH: "good", Confidence.MEDIUM: "info"}.get(Confidence(confidence), "warn")


@register.filter
def holiday(name: str) -> str:
    """The holiday's name in the language of the moment."""
    return holiday_name(name)
