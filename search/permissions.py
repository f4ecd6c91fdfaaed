"""Who sees a saved search? Whoever saved it, and nobody else. And who sees who may buy?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from market.accounts.permissions import person_of
from market.values.actor import Actor
from search.models import Digest, SavedSearch


def visible_searches(actor: Actor) -> QuerySet[SavedSearch]:
    """One's own."""
    return SavedSearch.objects.filter(person_id=person_of(actor))


def saved_search_for(actor: Actor, key: str) -> SavedSearch:
    """The door: this saved search, or 404."""
    saved = visible_searches(actor).filter(key=key).first()
    if saved is None:
        raise Http404
    return saved


def digest_of(actor: Actor) -> Digest | None:
    """The weekly letter that this person wishes for the organisation they act for."""
    return Digest.objects.filter(person_id=person_of(actor), organisation_id=actor.organisation or 0).first()
