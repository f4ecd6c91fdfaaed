"""How contracts' figures are worded on pages."""

from django import template
from django.utils.translation import pgettext_lazy

register = template.Library()

_STEPS = {
    "contract_value": pgettext_lazy("step of a value", "Contract value"),
    "equipment": pgettext_lazy("step of a value", "less equipment"),
    "materials": pgettext_lazy("step of a value", "less materials"),
    "other": pgettext_lazy("step of a value", "less other non-technical items"),
    "technology_value": pgettext_lazy("step of a value", "Technology transaction value"),
}


@register.filter
def value_step(name: str) -> str:
    """A step from contract value to technology transaction value, in words."""
    return str(_STEPS[name])
