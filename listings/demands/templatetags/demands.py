"""How indicators, promises and the fields of a demand are worded on pages."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from listings.demands.forms.demands import DemandForm
from listings.demands.kinds import Comparison
from listings.demands.rules.clinic import Hint
from listings.demands.rules.demands import Indicator, plain
from listings.demands.rules.proposals import Promise

register = template.Library()


@register.filter
def asked(indicator: Indicator) -> str:
    """What the indicator asks for: ≤ 4 %."""
    return f"{Comparison(indicator.comparison).label} {plain(indicator.value)} {indicator.unit}".rstrip()


@register.filter
def promised(promise: Promise) -> str:
    """What is promised: 3.5 %."""
    return f"{plain(promise.value)} {promise.unit}".rstrip()


@register.filter
def field_names(names: Sequence[str]) -> str:
    """The fields of a demand by what its form calls them."""
    labels = [
        str(DemandForm.base_fields[name].label) if name in DemandForm.base_fields else gettext("Indicators") for name in names
    ]
    return gettext(", ").join(labels)


_PARTS = {
    "problem": _("Problem, in enough words"),
    "today": _("Where things stand today, with figures"),
    "indicators": _("At least two indicators"),
    "baseline": _("Each indicator's value today"),
    "method": _("Each indicator's unit and way of measuring"),
    "targets": _("Targets in words, none of them vague"),
    "expected": _("Expected result"),
    "conditions": _("Conditions"),
    "budget": _("Budget"),
    "keywords": _("Three keywords or more"),
}
_HINTS = {
    "vague": _("“{words}”: by how much, from which value today, measured how? Say it with a figure."),
    "vague_quantity": _(
        "“{words}”: {quantity} is measured in {unit}. Enter an indicator: today's value, the value to reach, the test."
    ),
    "problem_open": _("Describe the problem more fully: equipment, load, medium, and since when it exists."),
    "today_open": _("Say with figures where things stand today, and what was tried already."),
    "indicators_open": _("Enter at least two indicators, each with a value to be met."),
    "baseline_open": _("Enter today's value beside each indicator: teams see how far the way is."),
    "method_open": _("Say in which unit and by which standard or test each indicator is measured."),
    "expected_open": _("Say what is to be handed over: a prototype, a refitted line, a process, a report."),
    "conditions_open": _("Name what a solution must fit: site, standards, shutdown times."),
    "budget_open": _("A budget, be it a range, brings answers that fit it."),
    "keywords_open": _("Three keywords or more help those who search."),
}


@register.filter
def part_name(name: str) -> str:
    """A part of the clinic's score, in words."""
    return str(_PARTS[name])


@register.filter
def hint_text(hint: Hint) -> str:
    """A hint of the clinic, in words."""
    return str(_HINTS[hint.code]).format(words=hint.words, quantity=hint.quantity, unit=hint.unit)
