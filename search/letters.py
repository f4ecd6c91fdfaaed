"""What those who keep a search are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from search.models import SavedSearch


def _keeper(event: Event) -> Concerned | None:
    saved = SavedSearch.objects.filter(key=key_of(event)).first()
    if saved is None:
        return None
    facts = {"label": saved.label, "titles": "；".join(event.payload["titles"])}
    return Concerned(saved.get_absolute_url, facts, people=[saved.person_id])


declare_letters(
    LetterKind(
        "saved_search.told",
        _("New results of your search “{label}”"),
        _("Your saved search “{label}” found {count} more: {titles}"),
        _keeper,
        _("Look at the results, or change how often you are told under “Saved searches”."),
    ),
)
