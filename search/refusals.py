"""The sentences of refusals about saved searches."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "search.nothing_sought": _("A search without words and without any choice would find everything: enter what you look for."),
    "search.too_many_saved": _("You keep {most} searches already; give one up first."),
}
