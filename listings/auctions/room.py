"""Telling those who watch: one frame, encoded once, to everybody in an auction's room. What is lost on the way loses nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from listings.auctions.clock import database_now
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.frames import RoomState, auction_frame, frame
from listings.auctions.queries.room import BidShown, bids_after
from market.live import tell

log = logging.getLogger(__name__)


def room_name(key: str) -> str:
    """The channel group of this auction's watchers."""
    return f"auction.{key}"


def announce(key: str, state: RoomState, bids: Iterable[BidShown] = (), *, after: int, now: datetime) -> None:
    """When this transaction is committed, the watchers hear of these bids and of the standing they led to."""
    content = frame(state, bids, after=after, now=now)
    transaction.on_commit(lambda: _send(key, content))


def tell_standing(auction: Auction, *, now: datetime) -> None:
    """When this transaction is committed, the watchers hear how the auction stands; of its bids they have heard."""
    content = auction_frame(auction, (), after=auction.told_sequence or auction.sequence, now=now)
    transaction.on_commit(lambda: _send(auction.key, content))


def tell_room(auction: Auction, *, after: int, now: datetime) -> None:
    """When this transaction is committed, the watchers hear how the auction stands, and of the bids after this place."""
    content = auction_frame(auction, bids_after(auction, after), after=after, now=now)
    transaction.on_commit(lambda: _send(auction.key, content))


def _send(key: str, content: dict[str, Any]) -> None:
    try:
        tell(room_name(key), {"type": "room.frame", "text": encoded(content)})
    except Exception:
        # The watchers' pages ask by themselves when they hear nothing.
        log.exception("auction %s: the room could not be told", key)


def frame_after(key: str, after: int) -> dict[str, Any]:
    """What happened in the auction after this place in its chain, and how it stands."""
    auction = Auction.objects.select_related("leader", "preemptor").get(key=key)
    return auction_frame(auction, bids_after(auction, after), after=after, now=database_now())


def encoded(content: dict[str, Any]) -> str:
    """A frame as text, without a space too many."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
