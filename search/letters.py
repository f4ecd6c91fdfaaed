"""What those who keep a search, or wish to know what fits them, are told of."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from search.models import Digest, SavedSearch


def _keeper(event: Event) -> Concerned | None:
    saved = SavedSearch.objects.filter(key=key_of(event)).first()
    if saved is None:
        return None
    facts = {"label": saved.label, "titles": "；".join(event.payload["titles"])}
    return Concerned(saved.get_absolute_url, facts, people=[saved.person_id])


def _owner(event: Event) -> Concerned | None:
    digest = Digest.objects.select_related("organisation").filter(key=key_of(event)).first()
    if digest is None:
        return None
    facts = {"organisation": digest.organisation.name, "titles": "；".join(event.payload["titles"])}
    return Concerned(lambda: reverse("search:matches"), facts, people=[digest.person_id])


declare_letters(
    LetterKind(
        "saved_search.told",
        _("New results of your search “{label}”"),
        _("Your saved search “{label}” found {count} more: {titles}"),
        _keeper,
        _("Look at the results, or change how often you are told under “Saved searches”."),
    ),
    LetterKind(
        "digest.told",
        _("What fits {organisation} this week"),
        _("{count} new matches of your demands and offers: {titles}"),
        _owner,
        _("Look at the reasons under “Matches”; there you can also end these letters."),
    ),
)
