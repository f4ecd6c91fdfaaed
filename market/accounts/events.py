"""What the log says of organisations and their members."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from market.accounts.kinds import RoleChoices
from market.events.registry import EventKind, declare


def _in_words(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    role = payload.get("role", "")
    return {**payload, "role": RoleChoices(role).label} if role in RoleChoices.values else payload


declare(
    EventKind("organisation.registered", _("Organisation registered.")),
    EventKind("organisation.changed", _("Organisation's particulars changed.")),
    EventKind("organisation.submitted", _("Verification applied for.")),
    EventKind("organisation.verified", _("Organisation verified.")),
    EventKind("organisation.returned", _("Returned for correction: {reason}")),
    EventKind("organisation.suspended", _("Organisation suspended: {reason}")),
    EventKind("organisation.reinstated", _("Organisation reinstated.")),
    EventKind("member.added", _("Member added in the role of {role}."), personal=frozenset({"email"}), words=_in_words),
    EventKind("member.removed", _("Member removed from the role of {role}."), personal=frozenset({"email"}), words=_in_words),
)
