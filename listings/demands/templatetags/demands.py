"""How indicators, promises and the fields of a demand are worded on pages."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext

from listings.demands.forms.demands import DemandForm
from listings.demands.kinds import Comparison
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
