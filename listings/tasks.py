"""What listings do by themselves: notices and the time of deals end; running dates are counted again with the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.actions.deals import (
    close_due_notice,
    compute_deal_again,
    compute_notice_again,
    declare_default,
    note_overdue_deal,
)
from listings.actions.next_offers import conclude_next_offer, lapse_next_offer
from listings.queries.deals import accepted_offer, deals_in_default, next_offers_to_lapse, overdue_deals, running_deals
from listings.queries.notices import due_notices, running_notices
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each, retry_each
from market.values.dates import day_of


def close_due_notices(now: datetime) -> None:
    """Every notice whose end has passed is closed or extended."""
    do_each("listings.close_due_notices", due_notices(now), lambda notice: close_due_notice(notice, now=now), now=now)


def watch_deals(now: datetime) -> None:
    """Deals without their contract are overdue, then in default; offers to the next bidder lapse."""
    today = day_of(now)
    do_each("listings.overdue_deals", overdue_deals(today), lambda it: note_overdue_deal(it, now=now), now=now)
    do_each("listings.defaults", deals_in_default(today), lambda it: declare_default(it, now=now), now=now)
    do_each("listings.lapse_offers", next_offers_to_lapse(today), lambda it: lapse_next_offer(it, now=now), now=now)


def _take_offer(event: Event) -> None:
    """The deposit of a next bidder who has accepted is there."""
    if (offer := accepted_offer(event.payload["matter"])) is not None:
        conclude_next_offer(offer, now=event.at)


def compute_again(event: Event) -> None:
    """Holidays were announced: provisional dates become final or move, final ones move where a day was added before them."""
    now = event.at
    do_each("listings.count_notices", running_notices(), lambda it: compute_notice_again(it, now=now), now=now, at_most=None)
    do_each("listings.count_deals", running_deals(), lambda it: compute_deal_again(it, now=now), now=now, at_most=None)


def count_failed_again(now: datetime) -> None:
    retry_each("listings.count_notices", running_notices(), lambda it: compute_notice_again(it, now=now), now=now)
    retry_each("listings.count_deals", running_deals(), lambda it: compute_deal_again(it, now=now), now=now)


sweep(Sweep("listings.close_due_notices", close_due_notices))
sweep(Sweep("listings.watch_deals", watch_deals, every=timedelta(minutes=1)))
follow(Reader("listings.next_offers", {"deposit.held": _take_offer}))
sweep(Sweep("listings.count_failed_again", count_failed_again, every=timedelta(minutes=1)))
follow(Reader("listings.holidays", {"holidays.announced": compute_again, "holidays.extended": compute_again}))
