"""The room's socket: it only tells. A watcher may ask for what was missed; a bid goes by HTTP."""

from __future__ import annotations

import json
from collections import deque
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404
from django.utils import timezone

from listings.auctions.actions.lines import note_left, note_seen
from listings.auctions.actions.signals import note_trace
from listings.auctions.permissions import auction_for, pass_of
from listings.auctions.room import encoded, frame_after, room_name
from market.accounts.middleware import actor_of_session
from market.crowd import browser_of, enter, leave, session_of, speaks_too_fast, visitors_of
from market.values.actor import ANONYMOUS

_LARGEST_MESSAGE = 200
# Closed by us: no such auction for this watcher; too large or malformed a message; too many sockets or messages; no bidder any
# more, who may come back as whoever they are now.
NO_ROOM, BAD_MESSAGE, TOO_MANY, NO_BIDDER = 4404, 4400, 4429, 4403
# So a browser ends a socket whose page is closed or left; whose line is cut ends it in no way.
_LEFT = {1000, 1001}
# Seconds: how often a bidder's being there is written down, and how long one is taken for a bidder without looking again.
_SEEN_EVERY, _TRUSTED_FOR = 8, 55


class RoomConsumer(AsyncWebsocketConsumer):
    """One watcher of one auction. The room is public and tells everybody the same; who is a bidder is known by the session, so
    that the room knows who is there."""

    async def connect(self) -> None:
        self.key = self.scope["url_route"]["kwargs"]["key"]
        self.spoken: deque[float] = deque()
        self.visitors = visitors_of(self.scope)
        self.bidder: int | None = None
        await self.accept()
        if not enter(self.visitors):
            self.visitors = {}
            await self.close(TOO_MANY)
            return
        try:
            self.bidder = await database_sync_to_async(_come)(self.key, session_of(self.scope), *browser_of(self.scope))
        except Http404:
            await self.close(NO_ROOM)
            return
        self.seen_at = self.known_at = monotonic()
        await self.channel_layer.group_add(room_name(self.key), self.channel_name)

    async def disconnect(self, code: int) -> None:
        leave(self.visitors)
        await self.channel_layer.group_discard(room_name(self.key), self.channel_name)
        if self.bidder is not None and code in _LEFT:
            await database_sync_to_async(note_left)(self.bidder)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """{"after": n} asks for everything after the nth bid; {"here": true} says that a bidder is still there."""
        if speaks_too_fast(self.spoken, monotonic()):
            await self.close(TOO_MANY)
            return
        told = _told_in(text_data)
        if told is None:
            await self.close(BAD_MESSAGE)
            return
        if self.bidder is not None and not await self._is_here():
            await self.close(NO_BIDDER)
            return
        if told:
            content = await database_sync_to_async(frame_after)(self.key, told["after"])
            await self.send(encoded(content))

    async def _is_here(self) -> bool:
        """The bidder's being there is written down now and then; False for who is no bidder any more."""
        now = monotonic()
        if now - self.known_at >= _TRUSTED_FOR:
            self.seen_at = self.known_at = now
            bidder = await database_sync_to_async(_come)(self.key, session_of(self.scope), *browser_of(self.scope))
            is_same, self.bidder = bidder == self.bidder, bidder
            return is_same
        if now - self.seen_at >= _SEEN_EVERY:
            self.seen_at = now
            await database_sync_to_async(note_seen)(self.bidder)
        return True

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As usual, but a frame goes straight to the watcher: before anything else the usual way tidies up the connections to the
        database in another thread, which takes most of the time when five hundred are told at once."""
        if message["type"] == "room.frame":
            await self.room_frame(message)
        else:
            await super().dispatch(message)

    async def room_frame(self, event: dict[str, Any]) -> None:
        """A frame for everybody in the room, encoded by whoever sent it."""
        await self.send(event["text"])


def _come(key: str, session: str, address: str, browser: str) -> int | None:
    """The pass by which this session bids in the room, seen there now from this address; none for who only watches.

    Raises `Http404` for no room.
    """
    auction = auction_for(ANONYMOUS, key)
    own = pass_of(actor_of_session(session, timezone.now()), auction) if session else None
    if own is None:
        return None
    note_seen(own.pk)
    own.auction = auction
    note_trace(own, address=address, browser=browser)
    return own.pk


def _told_in(text: str | None) -> dict[str, int] | None:
    """What was said: {"after": n}, or nothing to be answered; none for what is no message."""
    if text is None or len(text) > _LARGEST_MESSAGE:
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    match told:
        case {"here": True}:
            return {}
        case {"after": int(after)} if type(after) is int and 0 <= after < 2**31:
            return {"after": after}
        case _:
            return None
