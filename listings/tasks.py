"""What listings do by themselves: notices and demands end, provisional dates are counted again."""

from __future__ import annotations

from datetime import datetime

from listings.actions.deals import close_due_notice, compute_deal_again, compute_notice_again
from listings.actions.demands import expire_demand
from listings.queries.deals import provisional_deals
from listings.queries.demands import due_demands
from listings.queries.notices import due_notices, provisional_notices
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep


def close_due_notices(now: datetime) -> None:
    """Every notice whose end has passed is closed, each in a transaction of its own."""
    for notice in due_notices(now)[:200]:
        close_due_notice(notice, now=now)


def expire_due_demands(now: datetime) -> None:
    for demand in due_demands(now)[:200]:
        expire_demand(demand, now=now)


def compute_again(event: Event) -> None:
    """A year's holidays were announced: provisional dates become final, or another day."""
    for notice in provisional_notices():
        compute_notice_again(notice, now=event.at)
    for deal in provisional_deals():
        compute_deal_again(deal, now=event.at)


sweep(Sweep("listings.close_due_notices", close_due_notices))
sweep(Sweep("listings.expire_due_demands", expire_due_demands))
follow(Reader("listings.holidays", {"holidays.announced": compute_again}))
