"""A person's open pages hear of a letter at once, and of nobody else's; what was seen is counted no more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client

from market.asgi import application
from market.letters.consumers import BAD_MESSAGE, NOBODY
from market.letters.models import Letter
from market.letters.notices import nudge
from tests.people import Cast, Member

NOW = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def cast(committed_db: None) -> AsyncIterator[Cast]:
    yield await sync_to_async(Cast)()
    await sync_to_async(connections.close_all)()


def _session(member: Member) -> tuple[Client, str]:
    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    return client, client.cookies[settings.SESSION_COOKIE_NAME].value


def _write(member: Member, subject: str) -> int:
    event = Letter.objects.count() + 1
    facts = {"language": "zh-hans", "subject": subject, "text": "…", "address": "/search/", "written_at": NOW}
    letter = Letter.objects.create(event=event, person=member.person, **facts)
    nudge(member.person.pk)
    return letter.pk


async def _page(session: str) -> WebsocketCommunicator:
    headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()), (b"origin", b"http://testserver")]
    page = WebsocketCommunicator(application, "/ws/notices/", headers=[*headers, (b"host", b"testserver")])
    assert (await page.connect())[0]
    return page


async def _heard(page: WebsocketCommunicator) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await page.receive_from(timeout=5))
    return found


async def _closed(page: WebsocketCommunicator) -> int:
    return int((await page.receive_output(timeout=5))["code"])


@pytest.mark.asyncio
async def test_a_letter_appears_on_the_readers_pages_and_on_no_other(cast: Cast) -> None:
    old = await sync_to_async(_write)(cast.enterprise_agent, "旧")
    _client, session = await sync_to_async(_session)(cast.enterprise_agent)
    _client, others = await sync_to_async(_session)(cast.rival_agent)
    page, other = await _page(session), await _page(others)
    await page.send_to(json.dumps({"after": None}))
    assert await _heard(page) == {"letters": [], "last": old, "unseen": 1}
    new = await sync_to_async(_write)(cast.enterprise_agent, "新")
    told = await _heard(page)
    assert [(letter["id"], letter["subject"], letter["url"]) for letter in told["letters"]] == [(new, "新", "/search/")]
    assert (told["last"], told["unseen"]) == (new, 2)
    await page.send_to(json.dumps({"after": old}))
    assert [letter["id"] for letter in (await _heard(page))["letters"]] == [new]
    assert await other.receive_nothing()
    await other.send_to(json.dumps({"seen": new}))
    assert (await _heard(other))["unseen"] == 0
    await page.send_to(json.dumps({"seen": old}))
    assert (await _heard(page))["unseen"] == 1
    await page.disconnect()
    await other.disconnect()


@pytest.mark.asyncio
async def test_whoever_signed_out_hears_nothing_more(cast: Cast) -> None:
    client, session = await sync_to_async(_session)(cast.enterprise_agent)
    page = await _page(session)
    await sync_to_async(client.logout)()
    await sync_to_async(_write)(cast.enterprise_agent, "新")
    assert await _closed(page) == NOBODY
    nobody = await _page("")
    assert await _closed(nobody) == NOBODY


@pytest.mark.asyncio
async def test_what_is_no_message_ends_the_line(cast: Cast) -> None:
    _client, session = await sync_to_async(_session)(cast.enterprise_agent)
    for said in (" ", "[]", "{}", '{"after": -1}', '{"after": true}', '{"seen": "1"}', '{"x": 1}', "x" * 200):
        page = await _page(session)
        await page.send_to(said)
        assert await _closed(page) == BAD_MESSAGE, said
