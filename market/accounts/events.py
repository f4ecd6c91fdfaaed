"""What the log says of organisations and their members."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("organisation.registered", _("Organisation registered.")),
    EventKind("organisation.changed", _("Organisation's particulars changed.")),
    EventKind("organisation.submitted", _("Verification applied for.")),
    EventKind("organisation.verified", _("Organisation verified.")),
    EventKind("organisation.returned", _("Returned for correction: {reason}")),
    EventKind("organisation.suspended", _("Organisation suspended: {reason}")),
    EventKind("organisation.reinstated", _("Organisation reinstated.")),
    EventKind("member.added", _("Member added in the role of {role}."), personal=frozenset({"email"})),
    EventKind("member.removed", _("Member removed from the role of {role}."), personal=frozenset({"email"})),
)
