"""Fifty bidders in four processes bid for twenty seconds on one auction that ends under them; then everything is checked.

python -m tests.faults.stress            on PostgreSQL, as above
python -m tests.faults.stress --sqlite   eight threads with 500 bids each in one process on SQLite

Exits 0 when nothing is wrong. The last line is JSON; each accepted bid is at least a step above the one before, the
numbers run without a gap, nothing was accepted after the end, the winner is right, the chain and the ledger hold.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.services import PostgreSQL, Redis

PROCESSES, BIDDERS, SECONDS = 4, 50, 20.0
THREADS, BIDS_EACH, LEAST_A_SECOND = 8, 500, 50.0
SEED = 20261125


def on_postgresql() -> int:
    with place.market((PostgreSQL, Redis)) as here:
        hall = _hall(BIDDERS)
        people = [(bidder.organisation.pk, bidder.person.pk) for bidder in hall.bidders]
        tasks = [
            {"auction": hall.auction.key, "people": people[number::PROCESSES], "folder": str(here.folder), "seconds": SECONDS}
            for number in range(PROCESSES)
        ]
        counted = place.side_by_side("tests.faults.stress", tasks, ready=lambda begin: end_within(hall.auction, begin, SECONDS))
        return _verdict(hall, here.folder, sum(counted), SECONDS)


def on_sqlite() -> int:
    with place.market(()) as here:
        hall = _hall(THREADS)
        people = [(bidder.organisation.pk, bidder.person.pk) for bidder in hall.bidders]
        begun = time.monotonic()
        accepted = bid_side_by_side(hall.auction.key, people, here.folder, lambda tried: tried < BIDS_EACH)
        return _verdict(hall, here.folder, accepted, time.monotonic() - begun, least=LEAST_A_SECOND)


def _hall(bidders: int) -> Any:
    from tests.auctions.hall import open_hall, some_bidders
    from tests.people import Cast

    return open_hall(Cast(), some_bidders(bidders), lasting=timedelta(hours=1))


def end_within(auction: Any, begin: float, seconds: float) -> None:
    """The auction ends under the bidders' hands: what was announced is moved, for who knows how long processes take to start."""
    free_until = datetime.fromtimestamp(begin + seconds * 0.7, UTC) - auction.terms.cycle
    ends_at = free_until + auction.terms.cycle
    type(auction).objects.filter(pk=auction.pk).update(
        free_until=free_until, ends_at=ends_at, hard_stop=ends_at + auction.terms.cycle
    )


def work(task: dict[str, Any]) -> int:
    """A process with its share of the bidders, a thread for each; gives how many bids were accepted."""
    place.set_up()
    end = place.begin_together() + task["seconds"]
    return bid_side_by_side(task["auction"], task["people"], Path(task["folder"]), lambda _tried: time.time() < end)


def bid_side_by_side(
    auction: str, people: Sequence[Sequence[int]], folder: Path, goes_on: Callable[[int], bool], *, seed: int = SEED
) -> int:
    """A thread for each (organisation, person) bids as long as `goes_on(attempts so far)`; gives how many were accepted."""
    accepted: list[int] = []
    errors: list[BaseException] = []

    def run(organisation: int, person: int) -> None:
        try:
            accepted.append(_bids_of(auction, organisation, person, folder, goes_on, seed=seed + organisation))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=tuple(one)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(accepted)


def _bids_of(auction: str, organisation: int, person: int, folder: Path, goes_on: Callable[[int], bool], *, seed: int) -> int:
    from django.db import connection

    from market.accounts.models import Organisation, Person
    from market.accounts.permissions import actor_of
    from tests.auctions.hall import START, STEP
    from tests.faults.bidders import Bidder, Notebook, through_the_action

    try:
        actor = actor_of(Person.objects.get(pk=person), Organisation.objects.get(pk=organisation))
        notebook = Notebook(folder / f"answers-{organisation}.jsonl")
        bidder = Bidder(organisation, START.fen, STEP.fen, through_the_action(auction, actor), notebook, seed)
        accepted = tried = 0
        while goes_on(tried):
            accepted += bidder.bid()
            tried += 1
        return accepted
    finally:
        connection.close()


def _verdict(hall: Any, folder: Path, accepted: int, seconds: float, *, least: float = 0.0) -> int:
    from tests.faults.verdict import checked, prove

    prove()
    bids, flaws = checked(hall.auction, folder)
    print("\n".join(flaws[:20]) or "Nothing is wrong.")
    rate = accepted / seconds
    content = {
        "fault": "stress",
        "bids": bids,
        "accepted": accepted,
        "a second": round(rate, 1),
        "flaws": len(flaws),
        "seed": SEED,
    }
    print(json.dumps(content | {"holds": not flaws and rate >= least}))
    return 0 if not flaws and rate >= least else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["worker", argument]:
            print(json.dumps(work(json.loads(argument))))
        case ["--sqlite"]:
            sys.exit(on_sqlite())
        case []:
            sys.exit(on_postgresql())
        case _:
            sys.exit(__doc__)
