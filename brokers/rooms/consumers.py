"""The socket of a circle's page: what is said in it is there at once. A message goes by HTTP."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404
from django.utils import timezone

from brokers.rooms.actions.talk import note_read
from brokers.rooms.models import Circle
from brokers.rooms.permissions import circle_for
from brokers.rooms.queries import messages_after
from brokers.rooms.telling import group_of_room
from market.accounts.middleware import actor_of_session
from market.accounts.models import Person
from market.accounts.permissions import has_second_factor, person_of
from market.accounts.queries import needs_mfa, standing_of
from market.crowd import enter, leave, session_of, speaks_too_fast, visitors_of
from market.values.actor import Actor

_LARGEST_MESSAGE = 100
# Closed by us: no such circle for this reader, or no more; malformed a message; too many sockets or messages.
NO_CIRCLE, BAD_MESSAGE, TOO_MANY = 4404, 4400, 4429
# Seconds between two looks whether the reader may still hear what is said.
LOOK_EVERY = 4


class CircleConsumer(AsyncWebsocketConsumer):
    """One reader's page of one circle. Whether they may hear it is asked anew before anything is told, and every few seconds."""

    async def connect(self) -> None:
        self.key = self.scope["url_route"]["kwargs"]["key"]
        self.session = session_of(self.scope)
        self.spoken: deque[float] = deque()
        # Up to which message the page knows; none until it has said.
        self.after: int | None = None
        self.group = ""
        self.watch: asyncio.Task[None] | None = None
        self.visitors = visitors_of(self.scope, "talk")
        await self.accept()
        if not enter(self.visitors):
            self.visitors = {}
            await self.close(TOO_MANY)
            return
        found = await database_sync_to_async(_heard)(self.session, self.key)
        if found is None:
            await self.close(NO_CIRCLE)
            return
        self.group = group_of_room(found[1].room_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        leave(self.visitors)
        if self.watch is not None:
            self.watch.cancel()
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """{"after": n} asks what was said after the nth message; {"read": n} says that it was read up to there."""
        if speaks_too_fast(self.spoken, monotonic()):
            await self.close(TOO_MANY)
            return
        match _said(text_data):
            case {"after": int(after)}:
                self.after = after
                await self._tell()
            case {"read": int(up_to)}:
                if not await database_sync_to_async(_read)(self.session, self.key, up_to):
                    await self.close(NO_CIRCLE)
            case _:
                await self.close(BAD_MESSAGE)

    async def circle_look(self, event: dict[str, Any]) -> None:
        """Something was said in the room, or somebody left it."""
        await self._tell()

    async def _tell(self) -> None:
        news = await database_sync_to_async(_news)(self.session, self.key, self.after)
        if news is None:
            await self.close(NO_CIRCLE)
        elif news and self.after is not None:
            self.after = news[-1]["id"]
            await self.send(json.dumps({"messages": news}, ensure_ascii=False))

    async def _watch(self) -> None:
        """A right may end by what tells no room: a role taken away, a session ended."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if await database_sync_to_async(_heard)(self.session, self.key) is None:
                await self.close(NO_CIRCLE)
                return


def _heard(session: str, key: str) -> tuple[Actor, Circle] | None:
    """Who sits behind the session, and the circle; None for whom a page would not show it either."""
    actor = actor_of_session(session, timezone.now()) if session else None
    if actor is None or actor.person is None or _lacks_second_factor(actor.person):
        return None
    try:
        return actor, circle_for(actor, key)
    except Http404:
        return None


def _lacks_second_factor(person_id: int) -> bool:
    person = Person.objects.get(pk=person_id)
    return needs_mfa(person, standing_of(person)) and not has_second_factor(person_id)


def _news(session: str, key: str, after: int | None) -> list[dict[str, Any]] | None:
    """What was said after this message, while the reader may hear it; else None."""
    found = _heard(session, key)
    if found is None:
        return None
    actor, circle = found
    return [
        {
            "id": message.pk,
            "person": str(message.person),
            "organisation": message.party.organisation.name,
            "own": message.person_id == actor.person,
            "at": message.said_at.isoformat(),
            "text": message.text,
        }
        for message in ([] if after is None else messages_after(circle, after))
    ]


def _read(session: str, key: str, up_to: int) -> bool:
    found = _heard(session, key)
    if found is None:
        return False
    actor, circle = found
    last = circle.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    note_read(circle, min(up_to, last), person=person_of(actor))
    return True


def _said(text: str | None) -> object:
    if text is None or len(text) > _LARGEST_MESSAGE:
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(said, dict) and len(said) == 1
    number = next(iter(said.values())) if whole else None
    return said if whole and type(number) is int and 0 <= number < 2**63 else None
