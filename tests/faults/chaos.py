"""Bidding over HTTP while the site's processes, PostgreSQL and Redis are killed under it; then everything is checked.

python -m tests.faults.chaos [--attempts 2000] [--web 6] [--pg 2] [--redis 2] [--watchers 20] [--seed 1]

Sixteen bidders bid at two processes of the site; what got no answer is sent again under its key, to the other process.
Watchers hold sockets and come back as a browser does. Afterwards no answered bid is lost or changed, nothing is there that
nobody tried, every watcher has heard exactly the accepted bids within five seconds, and the auction closed once, by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.bench.processes import launch
from tests.bench.room import open_socket
from tests.bench.server import Site
from tests.services import PostgreSQL, Redis

BIDDERS, PATIENCE = 16, 60.0
# The longest that watchers may need to have heard everything, once all is up again.
MOST_SECONDS = 5.0


def main(options: argparse.Namespace) -> int:
    with place.market((PostgreSQL, Redis)) as here:
        from tests.auctions.hall import open_hall, some_bidders
        from tests.people import Cast

        hall = open_hall(Cast(), some_bidders(BIDDERS), lasting=timedelta(days=1))
        sites = [Site(here.folder), Site(here.folder)]
        worker = launch([sys.executable, "manage.py", "worker"], stderr=(here.folder / "worker.log").open("ab"))
        for site in sites:
            site.start()
        watching = Watching(sites, hall.auction.key, options.watchers)
        try:
            kills = _run(options, here, hall, sites)
            heard, seconds = watching.everything(after=_close(hall.auction))
        finally:
            watching.stop()
            worker.terminate()
            for site in sites:
                site.stop()
        return _verdict(options, here.folder, hall.auction, kills, heard, seconds)


def _run(options: argparse.Namespace, here: place.Place, hall: Any, sites: Sequence[Site]) -> int:
    """All attempts are made and answered, all kills done, in an order that the seed gives."""
    count, lock = options.attempts, threading.Lock()

    def goes_on(_tried: int) -> bool:
        nonlocal count
        with lock:
            count -= 1
            return count >= 0

    threads = _bidders(options, here.folder, hall, sites, goes_on)
    for thread in threads:
        thread.start()
    postgresql, redis = here.services
    acts: list[Callable[[], None]] = [
        *[lambda: _fell(random.choice(sites).kill, sites)] * options.web,
        *[lambda: _crash(postgresql)] * options.pg,
        *[lambda: _crash(redis)] * options.redis,
    ]
    random.Random(options.seed).shuffle(acts)
    for number, act in enumerate(acts):
        # Spread over the attempts: the next one when its share of them is made.
        while count > options.attempts * (len(acts) - number) / (len(acts) + 1) and any(thread.is_alive() for thread in threads):
            time.sleep(0.05)
        act()
    for thread in threads:
        thread.join()
    return len(acts)


def _fell(kill: Callable[[], None], sites: Sequence[Site]) -> None:
    kill()
    for site in sites:
        if site.process is None or site.process.poll() is not None:
            site.start()


def _crash(service: Any) -> None:
    service.crash()
    service.come_back()


def _bidders(
    options: argparse.Namespace, folder: Path, hall: Any, sites: Sequence[Site], goes_on: Callable[[int], bool]
) -> list[threading.Thread]:
    from tests.auctions.hall import START, STEP
    from tests.faults.bidders import Bidder, Notebook
    from tests.faults.visitors import over_http

    def run(number: int) -> None:
        member = hall.bidders[number]
        notebook = Notebook(folder / f"answers-{number}.jsonl")
        send = over_http([site.address for site in sites], hall.auction.key, member, number)
        bidder = Bidder(member.organisation.pk, START.fen, STEP.fen, send, notebook, options.seed * 1000 + number)
        while goes_on(0):
            bidder.bid()

    return [threading.Thread(target=run, args=(number,)) for number in range(BIDDERS)]


def _close(auction: Any) -> int:
    """The auction ends a cycle from now, closed by the worker; gives the number of the last accepted bid."""
    from django.db import connection

    # What PostgreSQL's crash left of it.
    connection.close()
    free_until = datetime.now(UTC) + timedelta(seconds=1)
    type(auction).objects.filter(pk=auction.pk).update(free_until=free_until, ends_at=free_until + auction.terms.cycle)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        auction.refresh_from_db()
        if auction.state == "closed":
            break
        time.sleep(0.2)
    accepted = auction.bids.filter(is_accepted=True).order_by("-sequence").first()
    return int(accepted.sequence) if accepted else 0


class Watching:
    """Watchers with a socket each, in a thread of their own; they come back when the socket breaks and ask for what they missed."""

    def __init__(self, sites: Sequence[Site], key: str, count: int) -> None:
        self.sites, self.key = sites, key
        self.heard: list[list[int]] = [[] for _ in range(count)]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        for number in range(len(self.heard)):
            self.loop.create_task(self._watch(number))
        self.loop.run_forever()

    async def _watch(self, number: int) -> None:
        from websockets.exceptions import WebSocketException

        tries = 0
        while True:
            tries += 1
            site = self.sites[(number + tries) % len(self.sites)]
            try:
                async with await open_socket(site, self.key, number) as socket:
                    await self._listen(socket, self.heard[number])
            except (OSError, TimeoutError, WebSocketException):
                await asyncio.sleep(0.2)

    async def _listen(self, socket: Any, heard: list[int]) -> None:
        """As the room's script does: a frame that begins beyond what is known is asked for, and silence too."""
        known = heard[-1] if heard else 0
        await socket.send(json.dumps({"after": known}))
        while True:
            try:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 2))
            except TimeoutError:
                await socket.send(json.dumps({"after": known}))
                continue
            if frame["after"] > known:
                await socket.send(json.dumps({"after": known}))
                continue
            heard += [bid["sequence"] for bid in frame["bids"] if bid["sequence"] > known]
            known = max(known, frame["sequence"])

    def everything(self, *, after: int) -> tuple[list[list[int]], float]:
        """What each has heard, once all have heard the last bid or patience is over; and how long that took, in seconds."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE and not all(one and one[-1] >= after for one in self.heard):
            time.sleep(0.1)
        return self.heard, time.monotonic() - begun

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


def _verdict(
    options: argparse.Namespace, folder: Path, auction: Any, kills: int, heard: Sequence[Sequence[int]], seconds: float
) -> int:
    from market.events.models import Event
    from tests.faults.verdict import checked, prove

    prove()
    bids, found = checked(auction, folder)
    accepted = list(auction.bids.filter(is_accepted=True).order_by("sequence").values_list("sequence", flat=True))
    found += [_misheard(number, one, accepted) for number, one in enumerate(heard) if one != accepted]
    closings = Event.objects.filter(subject=auction.subject, name="auction.closed").count()
    found += [] if closings == 1 else [f"closing: the auction was closed {closings} times"]
    found += [] if seconds <= MOST_SECONDS else [f"room: the watchers needed {seconds:.1f} s to have heard everything"]
    print("\n".join(found[:20]) or "Nothing is wrong.")
    content = {"fault": "chaos", "attempts": options.attempts, "bids": bids, "accepted": len(accepted), "kills": kills}
    content |= {"watchers": len(heard), "converged in s": round(seconds, 1)}
    print(json.dumps(content | {"seed": options.seed, "flaws": len(found), "holds": not found}))
    return 1 if found else 0


def _misheard(number: int, heard: Sequence[int], accepted: Sequence[int]) -> str:
    missed, more = sorted(set(accepted) - set(heard)), len(heard) - len(set(heard))
    return f"room: watcher {number} missed {missed[:10]} and heard {more} twice; the last was {heard[-1] if heard else None}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("attempts", 2000), ("web", 6), ("pg", 2), ("redis", 2), ("watchers", 20), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_options()))
