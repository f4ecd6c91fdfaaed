"""How is the value of a policy row, and what is sure of it, written for people?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.translation import ngettext

from market.policy.kinds import PERIODS, Measure
from market.policy.models import Confidence, PolicyRow
from market.templatetags.market import day, money, percent
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
    return ngettext("%(n)s time", "%(n)s times", n) % {"n": n}


@register.filter
def confidence_tone(confidence: str) -> str:
    """Nothing to say of what is certain; a warning for what officials have yet to confirm."""
    return {Confidence.HIGH: "good", Confidence.MEDIUM: "info"}.get(Confidence(confidence), "warn")


@register.filter
def stretches(days: Sequence[date]) -> list[str]:
    """Days in a row as "from – to", others alone; without the year, which stands above."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and (on - runs[-1][-1]).days == 1:
            runs[-1].append(on)
        else:
            runs.append([on])
    return [_in_year(run[0]) if len(run) == 1 else f"{_in_year(run[0])} – {_in_year(run[-1])}" for run in runs]


def _in_year(on: date) -> str:
    return day(on).removeprefix(f"{on.year}年").removesuffix(f" {on.year}")
