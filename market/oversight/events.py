"""What the log says of the plan's figures."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

PLAN_LOADED = EventKind("plan.loaded", _("Plan {key} entered with {indicators} indicators."))
VALUE_ENTERED = EventKind("plan.value_entered", _("Value of {code} for {year} entered: {value}."))

declare(PLAN_LOADED, VALUE_ENTERED)
