"""The socket of a signed-in person's pages: what they are told by letter they see at once, wherever on the site they are."""

from __future__ import annotations

import json
from collections import deque
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import timezone

from market.accounts.middleware import actor_of_session
from market.crowd import enter, leave, session_of, speaks_too_fast, visitors_of
from market.letters.actions import note_seen
from market.letters.notices import group_of
from market.letters.queries import news_of

_LARGEST_MESSAGE = 100
# Closed by us: nobody is signed in, or no more; malformed a message; too many sockets or messages.
NOBODY, BAD_MESSAGE, TOO_MANY = 4401, 4400, 4429


class NoticeConsumer(AsyncWebsocketConsumer):
    """One page of one person. Whoever sits behind the session is asked anew each time: a nudge is no permission to read."""

    async def connect(self) -> None:
        self.session = session_of(self.scope)
        self.spoken: deque[float] = deque()
        # Up to which letter the page knows; none until it has said.
        self.after: int | None = None
        self.person: int | None = None
        self.visitors = visitors_of(self.scope, "notices")
        await self.accept()
        if not enter(self.visitors):
            self.visitors = {}
            await self.close(TOO_MANY)
            return
        self.person = await database_sync_to_async(_person_of)(self.session)
        if self.person is None:
            await self.close(NOBODY)
            return
        await self.channel_layer.group_add(group_of(self.person), self.channel_name)

    async def disconnect(self, code: int) -> None:
        leave(self.visitors)
        if self.person is not None:
            await self.channel_layer.group_discard(group_of(self.person), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """{"after": n} or {"after": null} asks what is new after the nth letter; {"seen": n} says that it was looked at."""
        if speaks_too_fast(self.spoken, monotonic()):
            await self.close(TOO_MANY)
            return
        match _said(text_data):
            case {"after": None}:
                await self._tell()
            case {"after": int(after)}:
                self.after = after
                await self._tell()
            case {"seen": int(up_to)} if self.person is not None:
                await database_sync_to_async(note_seen)(self.person, up_to=up_to, now=timezone.now())
                await self._tell()
            case _:
                await self.close(BAD_MESSAGE)

    async def notice_look(self, event: dict[str, Any]) -> None:
        """Something was written to this person."""
        await self._tell()

    async def _tell(self) -> None:
        found = await database_sync_to_async(_news)(self.session, self.person, self.after)
        if found is None:
            await self.close(NOBODY)
            return
        self.after = found["last"]
        await self.send(json.dumps(found, ensure_ascii=False))


def _person_of(session: str) -> int | None:
    return actor_of_session(session, timezone.now()).person if session else None


def _news(session: str, person: int | None, after: int | None) -> dict[str, Any] | None:
    """What is new, while it is still the same person's session; else nothing."""
    if person is None or _person_of(session) != person:
        return None
    news = news_of(person, after)
    letters = [{"id": letter.pk, "subject": letter.subject, "text": letter.text, "url": letter.address} for letter in news.new]
    return {"letters": letters, "last": news.last, "unseen": news.unseen}


def _said(text: str | None) -> object:
    if text is None or len(text) > _LARGEST_MESSAGE:
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(said, dict) and len(said) == 1
    number = next(iter(said.values())) if whole else None
    return said if whole and (number is None or (type(number) is int and 0 <= number < 2**63)) else None
