"""What demands do by themselves: they end at their deadline, and follow what becomes of their deal."""

from __future__ import annotations

from datetime import datetime

from listings.demands.actions.awards import follow_deal
from listings.demands.actions.demands import end_taking_proposals
from listings.demands.queries.demands import due_demands
from listings.models.deals import Deal
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each


def end_due_demands(now: datetime) -> None:
    """Every open demand past its last day takes no more proposals."""
    do_each("demands.end_due_demands", due_demands(now), lambda demand: end_taking_proposals(demand, now=now), now=now)


def _follow_deal(event: Event) -> None:
    follow_deal(Deal.objects.get(key=event.subject.removeprefix("deal:")), now=event.at)


sweep(Sweep("demands.end_due_demands", end_due_demands))
follow(Reader("demands.deals", {"deal.contracted": _follow_deal, "deal.failed": _follow_deal}))
