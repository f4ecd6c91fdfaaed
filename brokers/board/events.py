"""What the log says of a broker's leads."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("lead.added", _("Put on the broker's board.")),
    EventKind("lead.moved", _("Moved on the broker's board.")),
    EventKind("lead.noted", _("A note was written."), personal=frozenset({"note"})),
)
