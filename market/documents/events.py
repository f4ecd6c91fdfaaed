"""What the log says of uploaded files."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("document.stored", _("File stored."), personal=frozenset({"name"})),
    EventKind("document.released", _("File checked and released.")),
    EventKind("document.quarantined", _("File quarantined: the scan found a threat.")),
    EventKind("document.read", _("File read by an official.")),
)
