"""Which deals are there?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from listings.models.deals import Deal, NextOffer
from listings.models.listings import Intent
from listings.states.deals import OPEN_OFFER, DealState, NextOfferState
from market.policy.queries import policy_by_id, working_calendar
from market.policy.rules import Policy, deadline
from market.values.dates import Calendar, Deadline, day_of


def running_deals() -> QuerySet[Deal]:
    """Deals without a contract yet, whose due day may still move."""
    return Deal.objects.filter(state=DealState.CONCLUDED).order_by("pk")


def overdue_deals(today: date) -> QuerySet[Deal]:
    """Those whose contract should have been signed, of which nobody was told yet."""
    late = running_deals().filter(contract_due_on__lt=today, is_due_provisional=False)
    return late.filter(default_after=None)


def deals_in_default(today: date) -> QuerySet[Deal]:
    """Those whose time to state an obstacle is over without one."""
    return running_deals().filter(default_after__lt=today, obstacle="")


def deals_to_look_at() -> QuerySet[Deal]:
    """Overdue deals in which a party has stated an obstacle: a supervisor decides."""
    return running_deals().exclude(obstacle="")


def next_offers_to_lapse(today: date) -> QuerySet[NextOffer]:
    """Offers whose day has passed."""
    return NextOffer.objects.filter(state__in=OPEN_OFFER, due_on__lt=today).order_by("pk")


def accepted_offer(matter: str) -> NextOffer | None:
    """The accepted offer that waits for the deposit of this matter, if there is one."""
    key = matter.removeprefix("intent:")
    return NextOffer.objects.filter(intent__key=key, state=NextOfferState.ACCEPTED).select_related("deal__listing").first()


def intents_asked(deal: Deal) -> set[int]:
    """The intents that had a deal of this listing, or were asked to take one."""
    had = Intent.objects.filter(deal__listing=deal.listing_id).values_list("pk", flat=True)
    asked = NextOffer.objects.filter(deal__listing=deal.listing_id).values_list("intent", flat=True)
    return {*had, *asked}


def due_of(deal: Deal) -> Deadline:
    """By when the contract is to be signed, counted under the policy row the deal began under."""
    return due_under(deal, policy_by_id(deal.policy_row_id), working_calendar())


def due_under(deal: Deal, policy: Policy, calendar: Calendar) -> Deadline:
    """The same, with the deal's policy and the calendar at hand."""
    return deadline(day_of(deal.concluded_at), policy.period, calendar, policy_row=policy.id)


def subjects_of(deal: Deal) -> list[str]:
    """The subjects whose events make the deal's timeline."""
    if deal.listing is None or deal.intent is None:
        return [deal.subject]
    return [deal.listing.achievement.subject, deal.listing.subject, deal.intent.subject, deal.subject]
