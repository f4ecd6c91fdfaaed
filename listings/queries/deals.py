"""Which deals are there?"""

from __future__ import annotations

from django.db.models import QuerySet

from listings.models.deals import Deal
from listings.states.deals import DealState


def provisional_deals() -> QuerySet[Deal]:
    """Deals without a contract yet whose due day was counted over a year not yet announced."""
    return Deal.objects.filter(state=DealState.CONCLUDED, is_due_provisional=True)


def subjects_of(deal: Deal) -> list[str]:
    """The subjects whose events make the deal's timeline."""
    return [deal.listing.achievement.subject, deal.listing.subject, deal.intent.subject, deal.subject]
