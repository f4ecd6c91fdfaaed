"""What is said in a circle is heard at once by those who hear it, by nobody else, and by nobody whose right has ended."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client

from brokers.rooms import consumers
from brokers.rooms.actions.parties import end_invitation
from brokers.rooms.actions.talk import say
from brokers.rooms.consumers import BAD_MESSAGE, NO_CIRCLE
from brokers.rooms.models import Circle, ReadMark
from market.accounts.models import Membership
from market.asgi import application
from tests.people import Cast, Member
from tests.rooms.builders import Full, a_full_room, a_lawyer, circle_of


@pytest_asyncio.fixture
async def cast(committed_db: None) -> AsyncIterator[Cast]:
    yield await sync_to_async(Cast)()
    await sync_to_async(connections.close_all)()


def _session(member: Member) -> str:
    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def _page(circle: Circle, member: Member) -> WebsocketCommunicator:
    session = await sync_to_async(_session)(member)
    headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()), (b"origin", b"http://testserver")]
    address = f"/ws/rooms/{circle.key}/"
    page = WebsocketCommunicator(application, address, headers=[*headers, (b"host", b"testserver")])
    assert (await page.connect())[0]
    return page


@sync_to_async
def _say(circle: Circle, member: Member, now: datetime) -> int:
    return say(circle, "草案已上传", actor=member.actor, now=now).pk


@sync_to_async
def _put_out(full: Full, cast: Cast, now: datetime) -> None:
    end_invitation(full.partner, actor=cast.broker.actor, now=now)


async def _heard(page: WebsocketCommunicator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(await page.receive_from(timeout=5))["messages"]
    return found


async def _closed(page: WebsocketCommunicator) -> int:
    return int((await page.receive_output(timeout=5))["code"])


@pytest.mark.asyncio
async def test_a_message_is_there_at_once_for_those_who_hear_the_circle(cast: Cast, now: datetime) -> None:
    full: Full = await sync_to_async(a_full_room)(cast, now)
    lawyer = await sync_to_async(a_lawyer)(cast)
    circle = full.inner.circle
    page, buyers = await _page(circle, lawyer), await _page(circle, cast.enterprise_agent)
    for each in (page, buyers):
        await each.send_to('{"after": 0}')
    for member in (cast.university_agent, cast.outsider, cast.supervisor):
        assert await _closed(await _page(circle, member)) == NO_CIRCLE
    said = await _say(circle, lawyer, now)
    (own,), (others,) = await _heard(page), await _heard(buyers)
    assert (own["text"], own["own"], own["organisation"]) == ("草案已上传", True, lawyer.organisation.name)
    assert (others["id"], others["own"]) == (said, False)
    await buyers.send_to(json.dumps({"read": said + 1000}))
    await buyers.send_to('{"after": 0}')
    assert [message["id"] for message in await _heard(buyers)] == [said]
    mark = await ReadMark.objects.aget(person=cast.enterprise_agent.person)
    assert mark.up_to == said, "nobody has read what is not said yet"
    await page.send_to("[]")
    assert await _closed(page) == BAD_MESSAGE
    await buyers.disconnect()


@pytest.mark.asyncio
async def test_the_line_ends_with_the_right(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once where somebody is put out of the room, within seconds where a role is taken away elsewhere."""
    monkeypatch.setattr(consumers, "LOOK_EVERY", 0.2)
    full: Full = await sync_to_async(a_full_room)(cast, now)
    lawyer = await sync_to_async(a_lawyer)(cast)
    page = await _page(full.inner.circle, lawyer)
    sides = await sync_to_async(circle_of)(full.room, "sides")
    other = await _page(sides, cast.university_agent)
    await page.send_to('{"after": 0}')
    await _put_out(full, cast, now)
    assert await _closed(page) == NO_CIRCLE
    await Membership.objects.filter(person=cast.university_agent.person).adelete()
    assert await _closed(other) == NO_CIRCLE
