"""Sockets that say nothing, and readers that do not read: is every idle socket still there, and does a slow one hold up no other?

python -m tests.faults.sockets [--idle 200] [--seconds 120] [--watchers 100] [--slow 5] [--bids 20]

First so many idle sockets stay for so many seconds: none may break, and the site's log may hold no error. Then bids are told to
watchers, without and with readers beside them that do not read at all, in turn: the watchers' 99th percentile may grow by a fifth
(or by what a clock cannot tell apart). Last, the slow readers read again and ask for what they missed: each has every bid, in order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench import place
from tests.bench.report import PAIRS
from tests.bench.room import Watchers, open_socket, outbid
from tests.bench.server import Site

# The most that slow readers may add to the others' 99th percentile: a fifth, or these milliseconds.
MOST_MORE, NOISE = 1.2, 5.0
# A reader that does not read: hardly anything is taken in for it on its way.
_SMALLEST_BUFFER = 16384
# Unread answers that lie on its line; no more at once than a visitor may ask.
_QUESTIONS = 8
_PATIENCE = 30.0


def main(options: argparse.Namespace) -> int:
    with place.market() as here:
        from tests.auctions.hall import open_hall, some_bidders
        from tests.people import Cast

        hall = open_hall(Cast(), some_bidders(2), lasting=timedelta(hours=1))
        site = Site(here.folder)
        site.start()
        try:
            broken = asyncio.run(_idle(site, hall.auction.key, options.idle, options.seconds))
            errors = _errors(site.log)
            alone, beside, missed = asyncio.run(_slow(site, hall, options))
        finally:
            site.stop()
    is_idle = _say("idle sockets", broken == 0 and not errors, broken=broken, errors=errors[:5], sockets=options.idle)
    before, after = _median(alone), _median(beside)
    holds = after <= max(before * MOST_MORE, before + NOISE) and missed == 0
    facts = {"p99 ms": round(before, 1), "p99 ms beside slow readers": round(after, 1), "missed": missed, "slow": options.slow}
    return 0 if _say("slow readers", holds, **facts, watchers=options.watchers) and is_idle else 1


def _say(fault: str, holds: bool, **facts: Any) -> bool:
    print(json.dumps({"fault": fault, **facts, "holds": holds}))
    return holds


async def _idle(site: Site, key: str, count: int, seconds: float) -> int:
    """How many of so many sockets broke while nobody said anything."""
    sockets = [await open_socket(site, key, number) for number in range(count)]
    await asyncio.sleep(seconds)
    broken = 0
    for one in sockets:
        try:
            # Alive means that it still answers.
            await one.send(json.dumps({"after": 0}))
            await asyncio.wait_for(one.recv(), _PATIENCE)
        except (ConnectionClosed, TimeoutError):
            broken += 1
        await one.close()
    return broken


def _errors(log: Path) -> list[str]:
    """Lines of the site's log that tell of something wrong."""
    words = ("error", "exception", "traceback", "timeout")
    return [line for line in log.read_text(errors="replace").splitlines() if any(word in line.lower() for word in words)]


async def _slow(site: Site, hall: Any, options: argparse.Namespace) -> tuple[list[list[float]], list[list[float]], int]:
    """The watchers' times alone and beside slow readers; and how many bids these had not when they had read again."""
    key, room = hall.auction.key, Watchers()
    room.listen([room.socket(await open_socket(site, key, number)) for number in range(options.watchers)])

    async def bid(number: int) -> float:
        return await asyncio.to_thread(outbid, hall, number)

    alone, beside, missed, number = [], [], 0, 1
    for _pair in range(PAIRS):
        alone.append(await room.times(bid, number, options.bids))
        number += options.bids
        readers = [await _reader(site, key) for _ in range(options.slow)]
        beside.append(await room.times(bid, number, options.bids))
        number += options.bids
        missed += sum([await _missed(site, key, reader, since=number - options.bids - 1, last=number - 1) for reader in readers])
    room.close()
    return alone, beside, missed


async def _reader(site: Site, key: str) -> ClientConnection:
    """It has opened its socket, asks for everything again and again, and reads nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALLEST_BUFFER)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", site.port))
    address = f"ws://{site.address}/ws/auctions/{key}/"
    reader = await connect(address, sock=line, origin=f"http://{site.address}", compression=None, max_queue=1)  # type: ignore[arg-type]
    for _ in range(_QUESTIONS):
        await reader.send(json.dumps({"after": 0}))
    return reader


async def _missed(site: Site, key: str, reader: ClientConnection, *, since: int, last: int) -> int:
    """It reads again, as a browser does that was asleep: how many of the bids after `since` it still has not at the end."""
    heard: list[int] = []
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and (not heard or heard[-1] < last):
        known = heard[-1] if heard else since
        try:
            await reader.send(json.dumps({"after": known}))
            frame = json.loads(await asyncio.wait_for(reader.recv(), 2))
        except TimeoutError:
            continue
        except ConnectionClosed:
            reader = await open_socket(site, key, 0)
            continue
        if frame["after"] <= known:
            heard += [bid["sequence"] for bid in frame["bids"] if bid["sequence"] > known]
        await asyncio.sleep(0.15)
    await reader.close()
    return len(set(range(since + 1, last + 1)) - set(heard)) + len(heard) - len(set(heard))


def _median(times: Sequence[Sequence[float]]) -> float:
    return statistics.median(1000 * statistics.quantiles(one, n=100)[98] for one in times)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("idle", 200), ("seconds", 120), ("watchers", 100), ("slow", 5), ("bids", 20)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_options()))
