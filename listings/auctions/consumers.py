"""The room's socket: it only tells. A watcher may ask for what was missed; a bid goes by HTTP."""

from __future__ import annotations

import json
from collections import deque
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404

from listings.auctions.crowd import enter, leave, speaks_too_fast, visitors_of
from listings.auctions.permissions import auction_for
from listings.auctions.room import encoded, frame_after, room_name
from market.values.actor import ANONYMOUS

_LARGEST_MESSAGE = 200
# Closed by us: no such auction for this watcher; too large or malformed a message; too many sockets or messages.
NO_ROOM, BAD_MESSAGE, TOO_MANY = 4404, 4400, 4429


class RoomConsumer(AsyncWebsocketConsumer):
    """One watcher of one auction. The room is public and tells everybody the same, so no session is asked for or kept to."""

    async def connect(self) -> None:
        self.key = self.scope["url_route"]["kwargs"]["key"]
        self.spoken: deque[float] = deque()
        self.visitors = visitors_of(self.scope)
        await self.accept()
        if not enter(self.visitors):
            self.visitors = {}
            await self.close(TOO_MANY)
            return
        try:
            await database_sync_to_async(auction_for)(ANONYMOUS, self.key)
        except Http404:
            await self.close(NO_ROOM)
            return
        await self.channel_layer.group_add(room_name(self.key), self.channel_name)

    async def disconnect(self, code: int) -> None:
        leave(self.visitors)
        await self.channel_layer.group_discard(room_name(self.key), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """{"after": n} asks for everything after the nth bid."""
        if speaks_too_fast(self.spoken, monotonic()):
            await self.close(TOO_MANY)
            return
        after = _after_in(text_data)
        if after is None:
            await self.close(BAD_MESSAGE)
            return
        content = await database_sync_to_async(frame_after)(self.key, after)
        await self.send(encoded(content))

    async def room_frame(self, event: dict[str, Any]) -> None:
        """A frame for everybody in the room, encoded by whoever sent it."""
        await self.send(event["text"])


def _after_in(text: str | None) -> int | None:
    if text is None or len(text) > _LARGEST_MESSAGE:
        return None
    try:
        after = json.loads(text)["after"]
    except (ValueError, TypeError, KeyError):
        return None
    return after if type(after) is int and 0 <= after < 2**31 else None
