"""The sentences of refusals about a broker's board."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "board.brokers_only": _("Only brokers have a board of their own."),
    "board.nothing_named": _("Name a demand or a listing."),
    "board.lead_exists": _("This stands on your board already."),
    "board.not_by_hand": _("The market moves this by itself."),
}
