"""What the deposits and payments of this app are for, in words."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Subquery

from listings.models.listings import Intent, Notice
from listings.states.listings import INTENT, IntentEvent
from market.payments.matters import Matter


def intents_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By the intent's key: the listing's number and title, the intent's page, and until when the buyer can step back."""
    running = Notice.objects.filter(listing=OuterRef("listing"), closed_at__isnull=True)
    intents = Intent.objects.filter(key__in=keys).select_related("listing__achievement")
    told = intents.annotate(is_on_notice=Exists(running), notice_ends_at=Subquery(running.values("ends_at")[:1]))
    return {
        intent.key: Matter(
            f"{intent.listing.number} {intent.listing.achievement.title}",
            intent.get_absolute_url(),
            is_open=intent.is_on_notice and INTENT.may(intent.state, IntentEvent.WITHDRAW),
            # Empty while an objection suspends the notice.
            open_until=intent.notice_ends_at,
        )
        for intent in told
    }
