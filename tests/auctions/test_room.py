"""The room's socket tells everybody the same, and gives back what was missed; it takes nothing but that question."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.utils import timezone

from listings.auctions.actions.bids import place_bid
from listings.auctions.models import Auction
from market.asgi import application
from market.values.money import Money
from tests.auctions.builders import START, STEP, an_auction
from tests.people import Cast, Member

pytestmark = [pytest.mark.usefixtures("committed_db"), pytest.mark.asyncio]


@pytest_asyncio.fixture(autouse=True)
async def _connections_end_with_the_test(committed_db: None) -> AsyncIterator[None]:
    """The thread that asks the database for the sockets keeps a connection, which must not outlive the test's database."""
    yield
    await sync_to_async(connections.close_all)()


ORIGIN = [(b"origin", b"http://testserver"), (b"host", b"testserver")]


async def an_open_auction() -> tuple[Cast, Auction]:
    def build() -> tuple[Cast, Auction]:
        cast = Cast()
        return cast, an_auction(cast, timezone.now() - timedelta(days=60, minutes=1))

    return await sync_to_async(build)()


async def bid(auction: Auction, member: Member, amount: Money, key: str) -> None:
    await sync_to_async(lambda: place_bid(auction.key, amount, key=key, actor=member.actor))()


async def a_watcher(key: str, headers: list[tuple[bytes, bytes]] = ORIGIN) -> WebsocketCommunicator:
    return WebsocketCommunicator(application, f"/ws/auctions/{key}/", headers=headers)


async def heard(watcher: WebsocketCommunicator) -> dict[str, Any]:
    return dict(json.loads(await watcher.receive_from(timeout=10)))


async def test_every_watcher_hears_of_an_accepted_bid_and_nobody_of_a_refused_one() -> None:
    cast, auction = await an_open_auction()
    watchers = [await a_watcher(auction.key) for _ in range(3)]
    for watcher in watchers:
        assert (await watcher.connect(timeout=10))[0]
    await bid(auction, cast.rival_agent, START - STEP, "key-00000000")
    await bid(auction, cast.enterprise_agent, START, "key-00000001")
    frames = [await heard(watcher) for watcher in watchers]
    assert frames[0] == frames[1] == frames[2]
    assert (frames[0]["sequence"], frames[0]["best"], frames[0]["leader"]) == (2, START.fen, 1)
    for watcher in watchers:
        await watcher.disconnect()


async def test_who_comes_back_asks_for_what_was_missed() -> None:
    cast, auction = await an_open_auction()
    await bid(auction, cast.enterprise_agent, START, "key-00000001")
    await bid(auction, cast.rival_agent, START + STEP, "key-00000002")
    watcher = await a_watcher(auction.key)
    await watcher.connect(timeout=10)
    await watcher.send_to(json.dumps({"after": 1}))
    frame = await heard(watcher)
    assert [entry["sequence"] for entry in frame["bids"]] == [2]
    await watcher.disconnect()


@pytest.mark.parametrize("message", ["x", "[]", "{}", '{"after": -1}', '{"after": "1"}', '{"after": 1.5}', "9" * 1_000_000])
async def test_any_other_message_closes_the_socket(message: str) -> None:
    _cast, auction = await an_open_auction()
    watcher = await a_watcher(auction.key)
    await watcher.connect(timeout=10)
    await watcher.send_to(message)
    assert (await watcher.receive_output(timeout=10))["code"] == 4400


async def test_a_room_that_is_not_there_is_closed_at_once() -> None:
    watcher = await a_watcher("nosuchauction23")
    await watcher.connect(timeout=10)
    assert (await watcher.receive_output(timeout=10))["code"] == 4404


@pytest.mark.parametrize("headers", [[], [(b"origin", b"https://elsewhere.example"), (b"host", b"testserver")]])
async def test_pages_of_other_sites_are_not_let_in(headers: list[tuple[bytes, bytes]]) -> None:
    _cast, auction = await an_open_auction()
    watcher = await a_watcher(auction.key, headers)
    assert not (await watcher.connect(timeout=10))[0]
