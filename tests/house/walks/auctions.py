"""Auctions. Each act comes at a moment at which its clock would let it happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.auctions.actions.auctions import annul_auction, close_auction, open_auction, pause_auction, resume_auction
from listings.auctions.models import Auction
from listings.auctions.states import AUCTION
from tests.auctions.builders import an_auction, at
from tests.house.walks import Walk
from tests.people import Cast


def _planned(cast: Cast, now: datetime) -> Auction:
    return an_auction(cast, now, opened=False)


def _pause(cast: Cast, it: Auction, now: datetime) -> Auction:
    clock = at(it.opens_at + timedelta(minutes=1))
    return pause_auction(it, reason="网络故障", actor=cast.supervisor.actor, clock=clock)


def _resume(cast: Cast, it: Auction, now: datetime) -> Auction:
    return resume_auction(it, actor=cast.supervisor.actor, clock=at(it.opens_at + timedelta(minutes=2)))


def _annul(cast: Cast, it: Auction, now: datetime) -> Auction:
    return annul_auction(it, reason="公告有误", actor=cast.supervisor.actor, clock=at(it.opens_at))


def _close(cast: Cast, it: Auction, now: datetime) -> Auction:
    return close_auction(it, clock=at(it.hard_stop))


WALKS = (
    Walk(
        AUCTION,
        states={
            "planned": _planned,
            "open": an_auction,
            "paused": lambda cast, now: _pause(cast, an_auction(cast, now), now),
            "closed": lambda cast, now: _close(cast, an_auction(cast, now), now),
            "annulled": lambda cast, now: _annul(cast, an_auction(cast, now), now),
        },
        events={
            "open": lambda cast, it, now: open_auction(it, clock=at(it.opens_at)),
            "pause": _pause,
            "resume": _resume,
            "close": _close,
            "annul": _annul,
        },
        quiet=frozenset({"open", "close"}),
    ),
)
