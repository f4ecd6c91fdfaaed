"""What the deposits and payments of this app are for, in words."""

from __future__ import annotations

from collections.abc import Collection

from listings.models.listings import Intent
from market.payments.matters import Matter


def intents_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By the intent's key: the listing's number and title, and the intent's page."""
    intents = Intent.objects.filter(key__in=keys).select_related("listing__achievement")
    return {
        intent.key: Matter(f"{intent.listing.number} {intent.listing.achievement.title}", intent.get_absolute_url())
        for intent in intents
    }
