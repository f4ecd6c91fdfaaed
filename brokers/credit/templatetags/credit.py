"""How rules, points and grades of credit are worded on pages."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language, gettext, pgettext_lazy

from brokers.credit.rulebook import book
from brokers.credit.rules.book import MILLI, CreditRule
from brokers.credit.rules.rating import NEW
from market.values.writing import is_chinese

register = template.Library()

_WHY = {
    "": "",
    "decayed": pgettext_lazy("why a record counts less", "Older than its full time: less every day"),
    "repeated": pgettext_lazy("why a record counts less", "Repeated with the same party: counts half of the one before"),
    "party_cap": pgettext_lazy("why a record counts less", "The party's limit is reached"),
    "rule_cap": pgettext_lazy("why a record counts less", "The limit for this kind is reached"),
    "not_yet": pgettext_lazy("why a record counts less", "Begins later"),
    "over": pgettext_lazy("why a record counts less", "Its time is over"),
    "out": pgettext_lazy("why a record counts less", "Under appeal, taken out or repaired"),
    "self_made": pgettext_lazy("why a record counts less", "Deal with oneself or a related organisation: without effect"),
}
_SEVERITIES = {
    "minor": pgettext_lazy("class of a bad record", "Minor"),
    "general": pgettext_lazy("class of a bad record", "General"),
    "serious": pgettext_lazy("class of a bad record", "Serious"),
}


@register.filter
def rule_name(rule: CreditRule | str | None) -> str:
    """A rule in the language of the moment, by itself or by its code; one that no version knows goes by its code."""
    if isinstance(rule, str):
        found = next((scheme.rules[rule] for scheme in book().schemes if rule in scheme.rules), None)
        return rule_name(found) if found else rule
    if rule is None:
        return gettext("Minor record, not made public")
    return rule.zh if is_chinese(get_language()) else rule.en


@register.filter
def grade_name(grade: str) -> str:
    """A grade in words: letters as they are, and what "new" means."""
    return gettext("New (too little evidence)") if grade == NEW else grade


@register.filter
def grade_tone(grade: str) -> str:
    """The colour of a grade's badge."""
    return {"A": "good", "B": "good", "C": "warn", "D": "bad"}.get(grade[0], "")


@register.filter
def points(thousandths: int) -> str:
    """Points with a sign where they are below zero: 1.25, -6.00."""
    return f"{Decimal(thousandths) / MILLI:.2f}".replace("-", "\u2212")


@register.filter
def why_less(why: str) -> str:
    """Why a record counts less than its points, in words."""
    return str(_WHY[why])


@register.filter
def severity_name(name: str) -> str:
    """A class of bad records in words; nothing for good ones."""
    return str(_SEVERITIES.get(name, ""))
