"""Bids at the last moment, workers that are stopped in mid-step, and an auction that cannot be closed: does each end once, in time?

python -m tests.faults.closing [AUCTIONS]

Two workers close what is due. First auctions end one after another while bids come from fifty milliseconds before to fifty
after each end, and one worker is stopped for seconds again and again; then as many end in one second, one of them poisoned.
No bid is accepted after the end or refused before it, every auction but the poisoned one closes once, and that one is seen.
"""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.services import PostgreSQL, Redis

BIDDERS, PROCESSES, PATIENCE = 8, 4, 60.0
# Between two ends; and how near to an end the bids come.
_APART, _NEAR = 0.4, 0.05
MOST_LAG, MOST_LAG_P99 = 3.0, 1.0


def main(count: int) -> int:
    with place.market((PostgreSQL, Redis)) as here:
        from tests.auctions.hall import open_hall, some_bidders
        from tests.people import Cast

        cast, bidders = Cast(), some_bidders(BIDDERS)
        halls = [open_hall(cast, bidders, lasting=timedelta(hours=1)) for _ in range(count)]
        last_moment, one_second = halls[: count // 2], halls[count // 2 :]
        workers = [_worker(here.folder, number) for number in range(2)]
        is_quiet = threading.Event()
        stopping = threading.Thread(target=_stop_and_go, args=(workers[0], is_quiet))
        stopping.start()
        try:
            _bid_at_the_ends(last_moment, bidders, here.folder)
            _wait([hall.auction for hall in last_moment])
            is_quiet.set()
            stopping.join()
            poisoned = _poison(one_second[0])
            _end_in_one_second(one_second)
            _wait([hall.auction for hall in halls if hall.auction.pk != poisoned])
        finally:
            is_quiet.set()
            for worker in workers:
                worker.terminate()
        return _verdict(last_moment, one_second, poisoned, here.folder)


def _worker(folder: Path, number: int) -> subprocess.Popen[bytes]:
    with (folder / f"worker-{number}.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "manage.py", "worker", "--pause", "0.2"], stdout=log, stderr=log)


def _stop_and_go(worker: subprocess.Popen[bytes], is_quiet: threading.Event) -> None:
    """Until it is quiet: frozen wherever it is, for two seconds of every five, as if its machine had."""
    while not is_quiet.wait(3):
        worker.send_signal(signal.SIGSTOP)
        time.sleep(2)
        worker.send_signal(signal.SIGCONT)


def _bid_at_the_ends(halls: Sequence[Any], bidders: Sequence[Any], folder: Path) -> None:
    people = [(bidder.organisation.pk, bidder.person.pk) for bidder in bidders]
    auctions = [hall.auction.key for hall in halls]
    tasks = [{"people": people[number::PROCESSES], "auctions": auctions, "folder": str(folder)} for number in range(PROCESSES)]

    def ready(begin: float) -> None:
        for number, hall in enumerate(halls):
            ends_at = datetime.fromtimestamp(begin + 1 + number * _APART, UTC)
            _end_at(hall.auction, ends_at)

    place.side_by_side("tests.faults.closing", tasks, ready=ready)


def _end_at(auction: Any, ends_at: datetime) -> None:
    """What was announced is moved, and no bid prolongs it: the end is where the bids are."""
    type(auction).objects.filter(pk=auction.pk).update(
        free_until=ends_at - auction.terms.cycle, ends_at=ends_at, hard_stop=ends_at, most_extensions=0
    )


def work(task: dict[str, Any]) -> int:
    """A process with its share of the bidders: each bids at each auction's end as fast as it can."""
    place.set_up()
    begin = place.begin_together() + 1
    threads = [threading.Thread(target=_bid_at_each_end, args=(task, *one, begin)) for one in task["people"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(threads)


def _bid_at_each_end(task: dict[str, Any], organisation: int, person: int, begin: float) -> None:
    from django.db import connection

    from market.accounts.models import Organisation, Person
    from market.accounts.permissions import actor_of
    from tests.auctions.hall import START, STEP
    from tests.faults.bidders import Bidder, Notebook, through_the_action

    actor = actor_of(Person.objects.get(pk=person), Organisation.objects.get(pk=organisation))
    for number, auction in enumerate(task["auctions"]):
        end = begin + number * _APART
        notebook = Notebook(Path(task["folder"]) / f"answers-{auction}-{organisation}.jsonl")
        bidder = Bidder(
            organisation, START.fen, STEP.fen, through_the_action(auction, actor), notebook, seed=number * 100 + organisation
        )
        time.sleep(max(0.0, end - _NEAR - time.time()))
        while time.time() < end + _NEAR:
            bidder.bid()
    connection.close()


def _poison(hall: Any) -> int:
    """An auction whose best bidder has no pass any more in the rules' eyes: closing it fails, whoever tries."""
    from listings.models.listings import Listing

    Listing.objects.filter(pk=hall.auction.listing_id).update(state="draft")
    return int(hall.auction.pk)


def _end_in_one_second(halls: Sequence[Any]) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=2)
    for hall in halls:
        _end_at(hall.auction, ends_at)


def _wait(auctions: Sequence[Any]) -> None:
    """All are closed, or patience is over."""
    from listings.auctions.models.auctions import Auction

    keys = [auction.pk for auction in auctions]
    deadline = time.monotonic() + PATIENCE
    while Auction.objects.filter(pk__in=keys, state="open").exists() and time.monotonic() < deadline:
        time.sleep(0.2)


def _verdict(last_moment: Sequence[Any], one_second: Sequence[Any], poisoned: int, folder: Path) -> int:
    from market.events.models import Event, Trouble
    from tests.faults.verdict import checked, prove

    prove()
    flaws, bids = [], 0
    for hall in last_moment:
        count, found = checked(hall.auction, folder, notes=f"answers-{hall.auction.key}-*")
        bids += count
        flaws += found
    lags = []
    for hall in (*last_moment, *one_second):
        hall.auction.refresh_from_db()
        closings = Event.objects.filter(subject=hall.auction.subject, name="auction.closed").count()
        if hall.auction.pk == poisoned:
            flaws += (
                [] if closings == 0 and Trouble.objects.filter(key=poisoned).exists() else ["the poisoned auction is not seen"]
            )
        elif closings != 1:
            flaws.append(f"closing: {hall.auction.key} was closed {closings} times")
        elif hall in one_second:
            lags.append((hall.auction.closed_at - hall.auction.ends_at).total_seconds())
    p99 = statistics.quantiles(lags, n=100)[98]
    print("\n".join(flaws[:20]) or "Nothing is wrong.")
    content = {"fault": "closing", "auctions": len(last_moment) + len(one_second), "bids": bids, "flaws": len(flaws)}
    holds = not flaws and max(lags) <= MOST_LAG and p99 <= MOST_LAG_P99
    print(json.dumps(content | {"lag p99 s": round(p99, 2), "lag max s": round(max(lags), 2), "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        print(json.dumps(work(json.loads(sys.argv[2]))))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100))
