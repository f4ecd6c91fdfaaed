"""What a thread tells a group is heard by its sockets, also after Redis was away."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from market.live import RedisLayer, tell

# The services run leaves out what asks for no database, and this is about Redis.
pytestmark = [pytest.mark.asyncio, pytest.mark.django_db]


async def _listener() -> tuple[Any, str]:
    layer = get_channel_layer()
    assert layer is not None
    name = await layer.new_channel()
    await layer.group_add("listeners", name)
    return layer, name


async def test_a_group_hears_what_a_thread_tells_it_and_nothing_else() -> None:
    layer, name = await _listener()
    await sync_to_async(tell)("others", {"type": "told", "text": "not for us"})
    for text in ("一", "二"):
        await sync_to_async(tell)("listeners", {"type": "told", "text": text})
    assert [(await layer.receive(name))["text"] for _ in range(2)] == ["一", "二"]


async def test_who_was_cut_off_from_redis_speaks_on_a_new_line() -> None:
    layer, name = await _listener()
    if not isinstance(layer, RedisLayer):
        pytest.skip("the embedded market has no Redis")

    def cut_and_tell() -> None:
        tell("listeners", {"type": "told", "text": "before"})
        layer.of_thread.line._sock.shutdown(socket.SHUT_RDWR)
        tell("listeners", {"type": "told", "text": "after"})

    await sync_to_async(cut_and_tell)()
    assert [(await layer.receive(name))["text"] for _ in range(2)] == ["before", "after"]
