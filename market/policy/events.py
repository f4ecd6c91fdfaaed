"""What the log says of policy."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

POLICY_ENTERED = EventKind("policy.entered", _("Policy row {kind} entered when the market was set up."))
POLICY_PROPOSED = EventKind("policy.proposed", _("Policy row {kind} proposed: {value} {measure} from {valid_from}."))
POLICY_APPROVED = EventKind("policy.approved", _("Policy row {kind} approved by a second official."))
POLICY_REJECTED = EventKind("policy.rejected", _("Policy row {kind} rejected: {reason}"))
HOLIDAYS_ANNOUNCED = EventKind("holidays.announced", _("Holidays of {year} entered; provisional dates are computed again."))

declare(POLICY_ENTERED, POLICY_PROPOSED, POLICY_APPROVED, POLICY_REJECTED, HOLIDAYS_ANNOUNCED)
