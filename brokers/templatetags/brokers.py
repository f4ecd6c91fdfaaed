"""How commissions' steps and the terms of mandates are worded on pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from brokers.kinds import DueWhen, Service, WorkingLanguage
from listings.kinds import Industry
from market.templatetags.market import day, money, percent

register = template.Library()

_STEPS = {
    "basis": pgettext_lazy("step of a commission", "Contract value"),
    "by_rate": pgettext_lazy("step of a commission", "by the agreed rate"),
    "bracket_1": pgettext_lazy("step of a commission", "of the first bracket"),
    "bracket_2": pgettext_lazy("step of a commission", "of the second bracket"),
    "bracket_3": pgettext_lazy("step of a commission", "of the third bracket"),
    "bracket_4": pgettext_lazy("step of a commission", "of the fourth bracket"),
    "capped": pgettext_lazy("step of a commission", "limited by the cap to"),
    "fixed": pgettext_lazy("step of a commission", "Fixed commission"),
}


@register.filter
def commission_step(name: str) -> str:
    """A step of a commission's sum, in words."""
    return str(_STEPS[name])


def _names(choices: type[TextChoices], values: list[str]) -> str:
    # What an older entry names and the list no longer holds is shown as it stands.
    labels = dict(choices.choices)
    return pgettext("between names in a list", ", ").join(str(labels.get(value, value)) for value in values)


@register.filter
def field_names(values: list[str]) -> str:
    """Fields of work, in words."""
    return _names(Industry, values)


@register.filter
def language_names(values: list[str]) -> str:
    """Working languages, in words."""
    return _names(WorkingLanguage, values)


@register.filter
def service_names(values: list[str]) -> str:
    """Services, in words."""
    return _names(Service, values)


_TERMS = {
    "scope": gettext_lazy("Scope"),
    "commission": gettext_lazy("Commission"),
    "principal_share": gettext_lazy("Part that the principal pays"),
    "due_when": gettext_lazy("Due"),
    "shares": gettext_lazy("Shares"),
    "is_exclusive": gettext_lazy("Exclusive"),
    "both_consent": gettext_lazy("May act for both sides"),
    "valid_until": gettext_lazy("Valid until"),
    "tail_months": gettext_lazy("Protection after the end, months"),
}


@register.filter
def term_name(name: str) -> str:
    """A term of a mandate, in words."""
    return str(_TERMS[name])


@register.filter
def term_value(value: Any, name: str) -> str:
    """What a version of a mandate's terms says of this term, in words."""
    match name:
        case "commission":
            return _commission(value)
        case "shares":
            return "；".join(f"{organisation} {percent(Decimal(share))}" for organisation, share in value)
        case "principal_share":
            return percent(Decimal(value))
        case "due_when":
            return str(DueWhen(value).label)
        case "valid_until":
            return day(date.fromisoformat(value))
        case "is_exclusive" | "both_consent":
            return _("Yes") if value else _("No")
        case _:
            return str(value)


def _commission(agreed: dict[str, Any]) -> str:
    if agreed["fixed_fen"] is not None:
        return money(agreed["fixed_fen"])
    rates = percent(Decimal(agreed["rate"])) if agreed["rate"] else brackets_in_words(agreed["brackets"])
    if agreed["cap_fen"] is None:
        return rates
    return _("%(rates)s, at most %(cap)s") % {"rates": rates, "cap": money(agreed["cap_fen"])}


@register.filter
def brackets_in_words(brackets: list[tuple[int | None, str]]) -> str:
    """The rates of the parts of a contract value, each with the sum up to which it goes."""
    parts = [
        _("%(rate)s of the part up to %(top)s") % {"rate": percent(Decimal(rate)), "top": money(top)}
        if top is not None
        else _("%(rate)s of the rest") % {"rate": percent(Decimal(rate))}
        for top, rate in brackets
    ]
    return "；".join(parts)
