"""What the log says of saved searches and of letters about what fits."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("saved_search.kept", _("Search saved.")),
    EventKind("saved_search.changed", _("The alert of a saved search comes at another rhythm.")),
    EventKind("saved_search.dropped", _("Saved search given up.")),
    EventKind("saved_search.told", _("{count} new results of a saved search were told.")),
    EventKind("digest.wished", _("A weekly letter of matches is wished.")),
    EventKind("digest.dropped", _("The weekly letter of matches is no longer wished.")),
    EventKind("digest.told", _("{count} new matches were told.")),
)
