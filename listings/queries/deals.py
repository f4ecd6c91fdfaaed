"""Which deals are there?"""

from __future__ import annotations

from django.db.models import QuerySet

from listings.models.deals import Deal
from listings.states.deals import DealState
from market.policy.queries import policy_by_id, working_calendar
from market.policy.rules import deadline
from market.values.dates import Deadline, day_of


def running_deals() -> QuerySet[Deal]:
    """Deals without a contract yet, whose due day may still move."""
    return Deal.objects.filter(state=DealState.CONCLUDED).order_by("pk")


def due_of(deal: Deal) -> Deadline:
    """By when the contract is to be signed, counted under the policy row the deal began under."""
    policy = policy_by_id(deal.policy_row_id)
    return deadline(day_of(deal.concluded_at), policy.period, working_calendar(), policy_row=policy.id)


def subjects_of(deal: Deal) -> list[str]:
    """The subjects whose events make the deal's timeline."""
    return [deal.listing.achievement.subject, deal.listing.subject, deal.intent.subject, deal.subject]
