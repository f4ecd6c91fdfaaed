"""The room's socket tells everybody the same, and gives back what was missed; it takes nothing but that question."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from listings.auctions.actions.auctions import pause_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.room import bids_after
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


async def test_a_refused_bid_leaves_no_gap_that_watchers_would_ask_about() -> None:
    cast, auction = await an_open_auction()
    watcher = await a_watcher(auction.key)
    assert (await watcher.connect(timeout=10))[0]
    await bid(auction, cast.enterprise_agent, START, "key-00000001")
    first = await heard(watcher)
    await bid(auction, cast.rival_agent, START, "key-00000002")
    await bid(auction, cast.rival_agent, START + STEP, "key-00000003")
    second = await heard(watcher)
    assert (first["sequence"], second["after"], second["sequence"]) == (1, 1, 3)
    await sync_to_async(lambda: pause_auction(auction, reason="线路故障", actor=cast.supervisor.actor))()
    assert (await heard(watcher))["after"] == 3
    await watcher.disconnect()


async def test_a_frame_holds_no_bid_beyond_its_own_place() -> None:
    """A bid that comes between the reading of the auction and that of its bids is told with the next frame, not twice."""
    cast, auction = await an_open_auction()
    await bid(auction, cast.enterprise_agent, START, "key-00000001")
    as_read = await sync_to_async(Auction.objects.select_related("leader").get)(pk=auction.pk)
    await bid(auction, cast.rival_agent, START + STEP, "key-00000002")
    assert [shown.sequence for shown in await sync_to_async(bids_after)(as_read, 0)] == [1]


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


async def test_a_watcher_who_speaks_too_fast_is_shown_out() -> None:
    _cast, auction = await an_open_auction()
    watcher = await a_watcher(auction.key)
    await watcher.connect(timeout=10)
    for _ in range(11):
        await watcher.send_to(json.dumps({"after": 0}))
    closed = [output for output in [await watcher.receive_output(timeout=10) for _ in range(11)] if "code" in output]
    assert [output["code"] for output in closed] == [4429]


async def closed_with(watcher: WebsocketCommunicator) -> int | None:
    """The code with which the socket was closed at once; none when it stays open."""
    await watcher.connect(timeout=10)
    if await watcher.receive_nothing(timeout=0.2):
        return None
    return int((await watcher.receive_output(timeout=10))["code"])


async def test_one_browser_has_five_sockets_and_a_closed_one_makes_room() -> None:
    _cast, auction = await an_open_auction()
    cookie = [*ORIGIN, (b"cookie", b"a=b; sessionid=abcdefgh")]
    watchers = [await a_watcher(auction.key, cookie) for _ in range(5)]
    for watcher in watchers:
        assert await closed_with(watcher) is None
    assert await closed_with(await a_watcher(auction.key, cookie)) == 4429
    assert await closed_with(await a_watcher(auction.key, [*ORIGIN, (b"cookie", b"sessionid=another")])) is None
    await watchers[0].disconnect()
    assert await closed_with(await a_watcher(auction.key, cookie)) is None


@pytest.mark.parametrize(("proxies", "lies"), [(0, True), (1, False)])
async def test_one_address_has_so_many_sockets_and_cannot_lie_about_itself(settings: Settings, proxies: int, lies: bool) -> None:
    settings.SOCKETS_PER_ADDRESS = 2
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    _cast, auction = await an_open_auction()

    async def outcome(forwarded: str) -> int | None:
        headers = [*ORIGIN, (b"x-forwarded-for", forwarded.encode())]
        return await closed_with(await a_watcher(auction.key, headers))

    assert [await outcome(f"10.0.0.{n}, 192.0.2.{n if lies else 7}") for n in range(3)] == [None, None, 4429]
    if proxies:
        assert await outcome("10.0.0.1, 192.0.2.8") is None


async def test_frames_of_nonsense_never_break_the_consumer() -> None:
    """Each is answered with a closed socket or a frame, never with an exception."""
    _cast, auction = await an_open_auction()
    by = random.Random(7)
    signs = ['{"after": ', "}", "[", "]", '"', "\\ud800", "1e9", "null", "true", ",", ":", "\x00", "投标", "-", "9" * 400]
    for _ in range(150):
        watcher = await a_watcher(auction.key)
        await watcher.connect(timeout=10)
        await watcher.send_to("".join(by.choices(signs, k=by.randrange(1, 8))))
        output = await watcher.receive_output(timeout=10)
        assert output.get("code") == 4400 or "text" in output
        await watcher.disconnect()


async def test_bytes_are_no_message() -> None:
    _cast, auction = await an_open_auction()
    watcher = await a_watcher(auction.key)
    await watcher.connect(timeout=10)
    await watcher.send_to(bytes_data=b"\xff" * 9000)
    assert (await watcher.receive_output(timeout=10))["code"] == 4400
