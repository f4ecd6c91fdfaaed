"""Which deals are there?"""

from __future__ import annotations

from django.db.models import QuerySet

from listings.models.deals import Deal
from listings.states.deals import DealState
from market.policy.queries import policy_by_id, working_calendar
from market.policy.rules import Policy, deadline
from market.values.dates import Calendar, Deadline, day_of


def running_deals() -> QuerySet[Deal]:
    """Deals without a contract yet, whose due day may still move."""
    return Deal.objects.filter(state=DealState.CONCLUDED).order_by("pk")


def due_of(deal: Deal) -> Deadline:
    """By when the contract is to be signed, counted under the policy row the deal began under."""
    return due_under(deal, policy_by_id(deal.policy_row_id), working_calendar())


def due_under(deal: Deal, policy: Policy, calendar: Calendar) -> Deadline:
    """The same, with the deal's policy and the calendar at hand."""
    return deadline(day_of(deal.concluded_at), policy.period, calendar, policy_row=policy.id)


def subjects_of(deal: Deal) -> list[str]:
    """The subjects whose events make the deal's timeline."""
    return [deal.listing.achievement.subject, deal.listing.subject, deal.intent.subject, deal.subject]
