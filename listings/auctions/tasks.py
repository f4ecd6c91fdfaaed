"""What auctions do by themselves: they open and close at their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.auctions.actions.auctions import close_auction, open_auction
from listings.auctions.queries.auctions import auctions_to_close, auctions_to_open
from market.events.registry import Sweep, sweep
from market.events.work import do_each


def open_due_auctions(now: datetime) -> None:
    """Every auction whose opening has come is open."""
    do_each("auctions.open_due", auctions_to_open(now), open_auction, now=now)


def close_due_auctions(now: datetime) -> None:
    """Every auction whose end has passed is closed; one that fails stands among what needs attention and keeps no other."""
    do_each("auctions.close_due", auctions_to_close(now), close_auction, now=now)


sweep(Sweep("auctions.open_due", open_due_auctions, every=timedelta(seconds=1)))
sweep(Sweep("auctions.close_due", close_due_auctions, every=timedelta(seconds=1)))
