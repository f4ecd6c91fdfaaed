"""How commissions' steps are worded on pages."""

from django import template
from django.utils.translation import pgettext_lazy

register = template.Library()

_STEPS = {
    "basis": pgettext_lazy("step of a commission", "Contract value"),
    "by_rate": pgettext_lazy("step of a commission", "by the agreed rate"),
    "capped": pgettext_lazy("step of a commission", "limited by the cap to"),
    "fixed": pgettext_lazy("step of a commission", "Fixed commission"),
}


@register.filter
def commission_step(name: str) -> str:
    """A step of a commission's sum, in words."""
    return str(_STEPS[name])
