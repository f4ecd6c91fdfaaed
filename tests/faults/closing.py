"""Bids at the last moment, workers that are stopped in mid-step, and an auction that cannot be closed: does each end once, in time?

python -m tests.faults.closing [--auctions 50] [--bids 0] [--second 50] [--trials 5] [--pause 5] [--seed 1]

First auctions end one after another while bids come from fifty milliseconds before each end to fifty after it, or until there are
so many; two workers close, and one of them is stopped for seconds again and again. Then many end in one second, two of them
poisoned. No bid is accepted after the end or refused before it, every auction but the poisoned ones closes once, and those are
seen. How late each was closed is what somebody else sees of it. Last come the trials: a worker is stopped at one statement of a
closing or of what follows from it, for so many seconds while another goes on, and then goes on too. Whichever statement it was,
there is one closing, winner, set of freed deposits, and package of evidence.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import secrets
import select
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.bench.processes import launch
from tests.services import PostgreSQL, Redis

BIDDERS, PROCESSES, PATIENCE = 8, 4, 60.0
# Between two ends; and how near to an end the bids come.
_APART, _NEAR = 0.4, 0.05
# Not more than this comes of all bidders together.
_BIDS_A_SECOND = 100
# A closing and its evidence have so many statements, about.
_STATEMENTS = 60
MOST_LAG, MOST_LAG_P99 = 3.0, 1.0


def main(options: argparse.Namespace) -> int:
    with place.market((PostgreSQL, Redis)) as here:
        from listings.auctions.actions.bids import place_bid
        from tests.auctions.hall import START, open_hall, some_bidders
        from tests.people import Cast

        cast, bidders = Cast(), some_bidders(BIDDERS)
        long = timedelta(hours=9)
        last_moment = [open_hall(cast, bidders, lasting=long) for _ in range(options.auctions)]
        one_second = [open_hall(cast, bidders[:2], lasting=long) for _ in range(options.second)]
        for hall in one_second:
            place_bid(hall.auction.key, START, key=secrets.token_hex(16), actor=bidders[0].actor)
        with _one_is_stopped([_worker(here.folder, number) for number in range(2)]):
            if last_moment:
                _bid_at_the_ends(last_moment, bidders, here.folder, options.bids)
            seen_closed([hall.auction for hall in last_moment])
        poisoned = _poison(one_second)
        _end_in_one_second(one_second)
        closed_at = seen_closed([hall.auction for hall in one_second if hall.auction.pk not in poisoned])
        flaws = _flaws(last_moment, one_second, poisoned, here.folder)
        lags = [(seen - hall.auction.ends_at.timestamp()) for hall in one_second if (seen := closed_at.get(hall.auction.pk))]
        verdict = _verdict(flaws, lags)
        stopped, wrong = _trials(options, cast, bidders[:2])
        print("\n".join(wrong[:20]) or "Every auction of the trials ended once.")
        facts = {"trials": options.trials, "stopped in mid-step": stopped, "flaws": len(wrong), "holds": not wrong}
        print(json.dumps({"fault": "stopped workers", **facts, "seed": options.seed}))
        return max(verdict, int(bool(wrong)))


def _worker(folder: Path, number: int) -> subprocess.Popen[bytes]:
    with (folder / f"worker-{number}.log").open("ab") as log:
        return launch([sys.executable, "manage.py", "worker", "--pause", "0.2"], stdout=log, stderr=log)


@contextlib.contextmanager
def _one_is_stopped(workers: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Meanwhile the first of these workers is stopped for seconds, again and again."""
    is_quiet = threading.Event()
    stopping = threading.Thread(target=_stop_and_go, args=(workers[0], is_quiet))
    stopping.start()
    try:
        yield
    finally:
        is_quiet.set()
        stopping.join()


def _stop_and_go(worker: subprocess.Popen[bytes], is_quiet: threading.Event) -> None:
    """Until it is quiet: frozen wherever it is, for two seconds of every five, as if its machine had."""
    while not is_quiet.wait(3):
        worker.send_signal(signal.SIGSTOP)
        time.sleep(2)
        worker.send_signal(signal.SIGCONT)


def _bid_at_the_ends(halls: Sequence[Any], bidders: Sequence[Any], folder: Path, bids: int) -> None:
    people = [(bidder.organisation.pk, bidder.person.pk) for bidder in bidders]
    task = {
        "auctions": [hall.auction.key for hall in halls],
        "folder": str(folder),
        "apart": _APART + bids / _BIDS_A_SECOND,
        # So many of each bidder in each auction, at least.
        "share": bids // BIDDERS,
    }
    tasks = [task | {"people": people[number::PROCESSES]} for number in range(PROCESSES)]

    def ready(begin: float) -> None:
        for number, hall in enumerate(halls):
            end_at(hall.auction, datetime.fromtimestamp(begin + 1 + number * task["apart"], UTC))

    place.side_by_side("tests.faults.closing", tasks, ready=ready)


def end_at(auction: Any, ends_at: datetime) -> None:
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
        end, tried = begin + number * task["apart"], 0
        notebook = Notebook(Path(task["folder"]) / f"answers-{auction}-{organisation}.jsonl")
        bidder = Bidder(
            organisation, START.fen, STEP.fen, through_the_action(auction, actor), notebook, seed=number * 100 + organisation
        )
        time.sleep(max(0.0, end - _NEAR - time.time()))
        while time.time() < end + _NEAR or tried < task["share"]:
            bidder.bid()
            tried += 1
    connection.close()


def _poison(halls: Sequence[Any]) -> set[int]:
    """Closing these fails, whoever tries: the listing of one can have no deal, and the log takes no event of the other."""
    from django.db.models import F

    from listings.models.listings import Listing
    from market.events.models import Head

    if len(halls) < 2:
        return set()
    without_listing, without_head = (hall.auction for hall in halls[:2])
    Listing.objects.filter(pk=without_listing.listing_id).update(state="draft")
    Head.objects.filter(subject=without_head.subject).update(sequence=F("sequence") - 1)
    return {without_listing.pk, without_head.pk}


def _mend(auction: int) -> None:
    """The log holds again: what was wrong with it was ours."""
    from django.db.models import F

    from listings.auctions.models.auctions import Auction
    from market.events.models import Event, Head

    subject = Auction.objects.get(pk=auction).subject
    Head.objects.filter(subject=subject, sequence__lt=Event.objects.filter(subject=subject).count()).update(
        sequence=F("sequence") + 1
    )


def _end_in_one_second(halls: Sequence[Any]) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=2)
    for hall in halls:
        end_at(hall.auction, ends_at)


def seen_closed(auctions: Sequence[Any]) -> dict[int, float]:
    """All are closed, and what follows from it is done, or patience is over; gives when each was seen closed, since the epoch."""
    from listings.auctions.models.auctions import Auction

    closed: dict[int, float] = {}
    ours = Auction.objects.filter(pk__in=[auction.pk for auction in auctions])
    deadline = time.monotonic() + PATIENCE
    is_done = False
    while not is_done and time.monotonic() < deadline:
        is_done = not ours.filter(concluded_at=None).exists()
        for key in ours.filter(state="closed").exclude(pk__in=closed).values_list("pk", flat=True):
            closed[key] = time.time()
        time.sleep(0.02)
    return closed


def _trials(options: argparse.Namespace, cast: Any, bidders: Sequence[Any]) -> tuple[int, list[str]]:
    """In how many trials the worker was stopped in mid-step, and all that is wrong."""
    dice, stopped, wrong = random.Random(options.seed), 0, []
    worker = launch(
        [sys.executable, "-m", "tests.faults.closing", "stall"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What it lost while it was stopped, it tells at length.
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for number in range(options.trials):
            at = dice.randrange(_STATEMENTS)
            was_stopped, found = _trial(worker, cast, bidders, at, options.pause)
            stopped += was_stopped
            wrong += [f"trial {number}, statement {at}: {flaw}" for flaw in found]
    finally:
        worker.kill()
    return stopped, wrong


def _trial(worker: subprocess.Popen[str], cast: Any, bidders: Sequence[Any], at: int, pause: float) -> tuple[bool, list[str]]:
    """The worker closes an auction and is stopped at this statement; whether it was, and what is wrong afterwards."""
    from django.db import connection

    from listings.auctions.actions.bids import place_bid
    from listings.auctions.models.auctions import Evidence
    from market.values.money import Money
    from tests.auctions.hall import START, open_hall
    from tests.faults.closings import ending, flaws

    hall = open_hall(cast, list(bidders), lasting=timedelta(hours=9), deposit=Money.yuan("1000"))
    place_bid(hall.auction.key, START, key=secrets.token_hex(16), actor=bidders[at % len(bidders)].actor)
    assert worker.stdin is not None
    assert worker.stdout is not None
    end_at(hall.auction, datetime.now(UTC) + timedelta(seconds=0.5))
    worker.stdin.write(f"{hall.auction.pk} {at}\n")
    worker.stdin.flush()
    was_stopped = _falls_asleep(worker)
    if was_stopped:
        time.sleep(pause)
        worker.send_signal(signal.SIGCONT)
    worker.stdout.readline()
    deadline, kept = time.monotonic() + PATIENCE, Evidence.objects.filter(auction=hall.auction)
    while not kept.exclude(auction__concluded_at=None).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    connection.ensure_connection()
    return was_stopped, list(flaws(ending(connection.connection, hall.auction.key, hall.auction.listing_id, mark="%s")))


def _falls_asleep(worker: subprocess.Popen[str]) -> bool:
    """True once it was stopped; False where it has done its work before it came to that statement."""
    while True:
        if Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            return True
        if select.select([worker.stdout], [], [], 0.02)[0]:
            return False


def stall() -> None:
    """A worker that closes what it is told of, and stops itself at the given statement after it went for the auction's row."""
    place.set_up()
    from django.db import connection
    from django.db.models.functions import Now
    from django.utils import timezone

    from listings.auctions.models.auctions import Auction
    from listings.auctions.tasks import close_due_auctions, conclude_closed_auctions
    from market.events.actions import advance
    from market.events.registry import READERS

    for line in sys.stdin:
        auction, at = (int(part) for part in line.split())
        # Where another worker was quicker, there is nothing to wait for.
        while Auction.objects.filter(pk=auction, state="open", ends_at__gt=Now()).exists():
            time.sleep(0.002)
        with connection.execute_wrapper(_Stop(at)):
            close_due_auctions(timezone.now())
            conclude_closed_auctions(timezone.now())
            advance(READERS["auctions.evidence"], now=timezone.now())
        print("done", flush=True)


class _Stop:
    """Counts statements from the first that locks an auction, and stops this process after so many."""

    def __init__(self, at: int) -> None:
        self.left, self.is_counting = at, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.is_counting |= "auctions_auction" in sql and "FOR UPDATE" in sql
        if self.is_counting:
            self.left -= 1
            if self.left == -1:
                os.kill(os.getpid(), signal.SIGSTOP)
        return execute(sql, params, many, context)


def _flaws(last_moment: Sequence[Any], one_second: Sequence[Any], poisoned: set[int], folder: Path) -> list[str]:
    from market.events.models import Event, Trouble
    from tests.faults.verdict import checked, prove

    flaws, bids = [], 0
    for hall in last_moment:
        count, found = checked(hall.auction, folder, notes=f"answers-{hall.auction.key}-*")
        bids += count
        flaws += found
    print(f"{bids} bids in the last moments of {len(last_moment)} auctions")
    seen = set(Trouble.objects.filter(work="auctions.close_due").values_list("key", flat=True))
    flaws += [f"a poisoned auction is not seen, or one is seen that is not: {key}" for key in poisoned ^ seen]
    for hall in (*last_moment, *one_second):
        closings = Event.objects.filter(subject=hall.auction.subject, name="auction.closed").count()
        if closings != (hall.auction.pk not in poisoned):
            flaws.append(f"closing: {hall.auction.key} was closed {closings} times")
        hall.auction.refresh_from_db()
    for auction in poisoned:
        _mend(auction)
    prove()
    return flaws


def _verdict(flaws: Sequence[str], lags: Sequence[float]) -> int:
    """`lags` are how late each of those that ended in one second was seen closed, in seconds."""
    p99 = statistics.quantiles(lags, n=100)[98] if len(lags) > 1 else 0.0
    print("\n".join(flaws[:20]) or "Nothing is wrong.")
    content = {"fault": "closing", "in one second": len(lags), "flaws": len(flaws)}
    longest = max(lags, default=0.0)
    holds = not flaws and longest <= MOST_LAG and p99 <= MOST_LAG_P99
    print(json.dumps(content | {"lag p99 s": round(p99, 2), "lag max s": round(longest, 2), "holds": holds}), flush=True)
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("auctions", 50), ("bids", 0), ("second", 50), ("trials", 5), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--pause", type=float, default=5.0)
    return parser.parse_args()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["worker", argument]:
            print(json.dumps(work(json.loads(argument))))
        case ["stall"]:
            stall()
        case _:
            sys.exit(main(_options()))
