"""How long from the commit of a bid until everybody in the room has it? python -m tests.bench.room [WATCHERS] [BIDS]

Ours is a room with so many sockets at one uvicorn, over channels-redis; the reference is a message of the same size to as
many subscribers of the same Redis. In turn, on the same machine, with the watchers on it too.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from redis import asyncio as redis
from websockets.asyncio.client import ClientConnection, connect

from tests.bench import place
from tests.bench.report import PAIRS, Figure, say
from tests.bench.server import Site

GOAL, AIM, MOST_MILLISECONDS = 6.0, 3.0, 150.0
# An address may open only so many sockets; the whole of 127.0.0.0/8 is ours.
_SOCKETS_PER_ADDRESS = 40
_PAUSE = 0.25


def main(watchers: int, bids: int) -> None:
    with place.market() as here:
        from tests.auctions.hall import open_hall, some_bidders
        from tests.people import Cast

        hall = open_hall(Cast(), some_bidders(2), lasting=timedelta(hours=1))
        site = Site(here.folder)
        site.start()
        try:
            ours, reference, delivered = asyncio.run(_measure(site, hall, watchers, bids))
        finally:
            site.stop()
    _report(ours, reference, delivered, watchers)


def _report(ours: list[list[float]], reference: list[list[float]], delivered: float, watchers: int) -> None:
    for number, (own, other) in enumerate(zip(ours, reference, strict=True), start=1):
        print(
            f"pair {number}: ours median {_ms(own, 50):.1f} ms, p99 {_ms(own, 99):.1f} ms; "
            f"reference median {_ms(other, 50):.1f} ms, p99 {_ms(other, 99):.1f} ms"
        )
    figures = []
    for percent in (50, 99):
        own, other = (statistics.median(_ms(one, percent) for one in several) for several in (ours, reference))
        holds = own / other <= GOAL and own <= MOST_MILLISECONDS
        name = f"room: ms to {watchers} watchers, {'median' if percent == 50 else 'p99'}"
        figures.append(Figure(name, round(own, 1), round(other, 1), round(own / other, 2), GOAL, holds))
    print(f"delivered: {delivered:.2%} of all frames; the aim is a ratio of {AIM:.0f}")
    say(*figures)


def _ms(times: list[float], percent: int) -> float:
    return 1000 * statistics.quantiles(times, n=100)[percent - 1]


async def _measure(site: Site, hall: Any, watchers: int, bids: int) -> tuple[list[list[float]], list[list[float]], float]:
    room, channel = Watchers(), Watchers()
    room.listen([room.socket(await open_socket(site, hall.auction.key, number)) for number in range(watchers)])
    channel.listen([channel.subscription(await _subscribed()) for _ in range(watchers)])
    publisher = redis.Redis.from_url(_redis_url())

    async def publish(number: int) -> float:
        begun = time.time()
        await publisher.publish("raw", _raw(number))
        return begun

    async def bid(number: int) -> float:
        return await asyncio.to_thread(outbid, hall, number)

    ours, reference = [], []
    for pair in range(PAIRS):
        reference.append(await channel.times(publish, pair * bids + 1, bids))
        ours.append(await room.times(bid, pair * bids + 1, bids))
    room.close()
    channel.close()
    await publisher.aclose()
    return ours, reference, sum(len(one) for one in ours) / (PAIRS * bids * watchers)


# Sends the message of this number; gives when it left, in seconds since the epoch.
type Send = Callable[[int], Awaitable[float]]


class Watchers:
    """Those who wait for numbered messages, and when each message reached each of them."""

    def __init__(self) -> None:
        self.heard: dict[int, list[float]] = {}
        self.tasks: list[asyncio.Task[None]] = []

    def listen(self, listeners: list[Any]) -> None:
        self.tasks = [asyncio.create_task(listener) for listener in listeners]

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def socket(self, socket: ClientConnection) -> None:
        async for text in socket:
            self._note(json.loads(text)["sequence"])

    async def subscription(self, subscription: Any) -> None:
        async for message in subscription.listen():
            if message["type"] == "message":
                self._note(json.loads(message["data"])["sequence"])

    def _note(self, sequence: int) -> None:
        self.heard.setdefault(sequence, []).append(time.time())

    async def times(self, send: Send, first: int, count: int) -> list[float]:
        """Sends so many messages, one after another; gives how long each took to each watcher, in seconds."""
        sent = {}
        for number in range(first, first + count):
            sent[number] = await send(number)
            await asyncio.sleep(_PAUSE)
        await asyncio.sleep(1)
        return [at - sent[number] for number in sent for at in self.heard.get(number, [])]


def outbid(hall: Any, number: int) -> float:
    """One of two bidders outbids the other through the action; gives the time of the commit."""
    from django.db import transaction

    from listings.auctions.actions.bids import place_bid
    from market.values.money import Money
    from tests.auctions.hall import START, STEP

    committed: list[float] = []
    amount = Money(START.fen + STEP.fen * number)
    with transaction.atomic():
        # Runs at the commit, before the room is told.
        transaction.on_commit(lambda: committed.append(time.time()))
        actor = hall.bidders[number % 2].actor
        assert place_bid(hall.auction.key, amount, key=secrets.token_hex(16), actor=actor).is_accepted
    return committed[0]


async def open_socket(site: Site, key: str, number: int) -> ClientConnection:
    return await connect(
        f"ws://{site.address}/ws/auctions/{key}/",
        origin=f"http://{site.address}",  # type: ignore[arg-type]
        local_addr=(f"127.0.0.{2 + number // _SOCKETS_PER_ADDRESS}", 0),
        compression=None,
        open_timeout=30,
    )


async def _subscribed() -> Any:
    subscription = redis.Redis.from_url(_redis_url()).pubsub()
    await subscription.subscribe("raw")
    return subscription


def _redis_url() -> str:
    from django.conf import settings

    return str(settings.REDIS_URL)


def _raw(number: int) -> str:
    """As long as a frame of the room with one bid."""
    return json.dumps({"sequence": number, "rest": "x" * 700})


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]) if len(sys.argv) == 3 else (500, 20))
