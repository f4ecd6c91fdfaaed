"""What auctions do by themselves: they open and close at their time, and leave their evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from listings.auctions.actions.auctions import close_auction, open_auction
from listings.auctions.actions.evidence import keep_evidence
from listings.auctions.models import Auction
from listings.auctions.queries.auctions import auctions_to_close, auctions_to_open
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each


def open_due_auctions(now: datetime) -> None:
    """Every auction whose opening has come is open."""
    do_each("auctions.open_due", auctions_to_open(now), open_auction, now=now)


def close_due_auctions(now: datetime) -> None:
    """Every auction whose end has passed is closed; one that fails stands among what needs attention and keeps no other."""
    do_each("auctions.close_due", auctions_to_close(now), close_auction, now=now)


def _keep_evidence(event: Event) -> None:
    keep_evidence(Auction.objects.get(key=event.subject.partition(":")[2]), now=timezone.now())


follow(Reader("auctions.evidence", {"auction.closed": _keep_evidence, "auction.annulled": _keep_evidence}))
sweep(Sweep("auctions.open_due", open_due_auctions, every=timedelta(seconds=1)))
sweep(Sweep("auctions.close_due", close_due_auctions, every=timedelta(seconds=1)))
