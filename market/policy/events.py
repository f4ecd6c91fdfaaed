"""What the log says of policy."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare
from market.policy.kinds import KINDS, MEASURE_LABELS, holiday_name
from market.values.money import Money


def _in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The codes of kind and unit as people call them; a kind that was given up keeps its code."""
    kind = KINDS.get(facts.get("kind", ""))
    value, measure = facts.get("value", ""), facts.get("measure", "")
    if measure == "rate":
        value = f"{Decimal(value) * 100:f}".rstrip("0").rstrip(".")
    elif measure == "fen":
        value = str(Money(int(Decimal(value))))
    return {
        **facts,
        "kind": kind.label if kind else facts.get("kind", ""),
        "value": value,
        "measure": MEASURE_LABELS.get(measure, measure),
    }


def _holiday_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "name": holiday_name(facts.get("name", ""))}


POLICY_ENTERED = EventKind("policy.entered", _("“{kind}”: entered when the market was set up."), words=_in_words)
POLICY_PROPOSED = EventKind("policy.proposed", _("“{kind}”: {value} {measure} proposed, from {valid_from}."), words=_in_words)
POLICY_APPROVED = EventKind("policy.approved", _("“{kind}”: approved by a second official."), words=_in_words)
POLICY_REJECTED = EventKind("policy.rejected", _("“{kind}”: rejected. {reason}"), words=_in_words)
HOLIDAYS_ANNOUNCED = EventKind("holidays.announced", _("Holidays of {year} entered; provisional dates are computed again."))
HOLIDAYS_EXTENDED = EventKind(
    "holidays.extended", _("The day {day} ({name}) was added; running dates are computed again."), words=_holiday_in_words
)

declare(POLICY_ENTERED, POLICY_PROPOSED, POLICY_APPROVED, POLICY_REJECTED, HOLIDAYS_ANNOUNCED, HOLIDAYS_EXTENDED)
