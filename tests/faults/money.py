"""Money moved at random by many processes that are killed under it; snapshots are taken all the while, and everything is checked.

python -m tests.faults.money [--sqlite] [--operations 4000] [--processes 8] [--kills 8] [--minutes 30] [--seed 1]

Deposits are asked for, held, voided, refunded, captured and forfeited, parts of escrow go to seller, broker and market, payouts
are made and come back: by the market's own actions, on the same accounts. Every snapshot sums to zero, has no negative balance
and no hold without its deposit; what a process was told is in the ledger afterwards, once. Exits 0 when nothing is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.bench.processes import launch
from tests.faults.money_verifier import booked_flaws, snapshot_flaws
from tests.services import PostgreSQL

ORGANISATIONS = 6
BETWEEN_SNAPSHOTS = 0.5


def main(options: argparse.Namespace) -> int:
    with place.market(() if options.sqlite else (PostgreSQL,)) as here:
        till = prepared()
        with snapshots() as seen:
            begun = time.monotonic()
            kills = _run(options, here.folder, till)
            seconds = time.monotonic() - begun
        return _verdict(options, here.folder, seen, kills, seconds)


def prepared() -> dict[str, Any]:
    """Enterprises that pay, and those who keep and watch the money; by their keys, for processes of their own."""
    from tests.auctions.hall import some_bidders
    from tests.payments.builders import market_finance
    from tests.people import Cast

    cast = Cast()
    people = {"till": market_finance(cast), "supervisor": cast.supervisor}
    return {
        "payers": [[it.person.pk, it.organisation.pk] for it in some_bidders(ORGANISATIONS)],
        "seller": cast.university.pk,
        "broker": cast.institution.pk,
    } | {name: [it.person.pk, it.organisation.pk] for name, it in people.items()}


# --- The run


def _run(options: argparse.Namespace, folder: Path, people: dict[str, Any]) -> int:
    """All operations are tried; a process that is killed is followed by one that does the rest of its share."""
    dice = random.Random(options.seed)
    share = options.operations // options.processes
    running = [_start(folder, people, number, share, options.seed) for number in range(options.processes)]
    kills, deadline = 0, time.monotonic() + options.minutes * 60
    while any(process.poll() is None for process in running):
        time.sleep(0.05)
        if time.monotonic() > deadline:
            raise TimeoutError("the operations did not come to their end")
        due = options.operations * (kills + 1) // (options.kills + 1)
        number = dice.randrange(options.processes)
        if kills < options.kills and sum(_tried(folder)) >= due and running[number].poll() is None:
            running[number].kill()
            running[number].wait()
            kills += 1
            left = max(share - _tried(folder)[number], 0)
            running[number] = _start(folder, people, number, left, options.seed + kills)
    if any(process.returncode for process in running):
        raise RuntimeError("a process failed")
    return kills


def _tried(folder: Path) -> list[int]:
    """How many operations each process has begun, by its notes."""
    paths = sorted(folder.glob("money-*.jsonl"))
    return [path.read_bytes().count(b'{"try"') for path in paths]


def _start(folder: Path, people: dict[str, Any], number: int, operations: int, seed: int) -> subprocess.Popen[bytes]:
    notes = folder / f"money-{number:02d}.jsonl"
    notes.touch()
    task = {"people": people, "notes": str(notes), "operations": operations, "seed": seed * 1000 + number}
    log = (folder / "money.log").open("ab")
    return launch([sys.executable, "-m", "tests.faults.money", "worker", json.dumps(task)], stderr=log)


def work(task: dict[str, Any]) -> None:
    """One process: its share of the operations, each noted before it is tried and after it was done."""
    place.set_up()
    operate(task["people"], Path(task["notes"]), task["operations"], seed=task["seed"])


def operate(people: dict[str, Any], notes: Path, operations: int, *, seed: int) -> int:
    """So many random operations; gives how many were done. What is refused leaves nothing."""
    from market.values.refusal import Refused
    from tests.faults.bidders import Notebook
    from tests.faults.money_operations import Mover

    notebook, mover, done = Notebook(notes), Mover(people, seed), 0
    for _ in range(operations):
        name, act = mover.choose()
        notebook.note(**{"try": name})
        try:
            booked = act()
        except Refused:
            continue
        done += 1
        for reference, fen in booked:
            notebook.note(did=reference, fen=fen)
    return done


# --- What is seen meanwhile and afterwards


@contextmanager
def snapshots(pause: float = BETWEEN_SNAPSHOTS) -> Iterator[list[list[str]]]:
    """While this is open a thread looks at the money again and again; gives what was wrong at each look."""
    seen: list[list[str]] = []
    over = threading.Event()

    def look() -> None:
        from django.db import connection

        from tests.faults.dump import money

        while not over.is_set():
            seen.append(snapshot_flaws(money(connection)))
            over.wait(pause)
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _verdict(options: argparse.Namespace, folder: Path, seen: Sequence[list[str]], kills: int, seconds: float) -> int:
    from django.db import connection

    from tests.faults.dump import money, postings
    from tests.faults.verdict import prove

    prove()
    notes = [json.loads(line) for path in sorted(folder.glob("money-*.jsonl")) for line in _whole_lines(path)]
    found = [flaw for flaws in seen for flaw in flaws] + snapshot_flaws(money(connection))
    found += booked_flaws(postings(connection), notes)
    print("\n".join(found[:20]) or "Nothing is wrong.")
    tried = sum("try" in note for note in notes)
    content = {
        "fault": "money",
        "operations": tried,
        "booked": sum("did" in note for note in notes),
        "snapshots": len(seen),
        "kills": kills,
        "a second": round(tried / seconds, 1),
        "flaws": len(found),
        "seed": options.seed,
    }
    holds = not found and len(seen) > 1
    print(json.dumps(content | {"holds": holds}))
    return 0 if holds else 1


def _whole_lines(path: Path) -> list[str]:
    """The last one may have been cut off with its process."""
    return [line for line in path.read_text().split("\n")[:-1] if line.endswith("}")]


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", action="store_true")
    for name, value in (("operations", 4000), ("processes", 8), ("kills", 8), ("minutes", 30), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        work(json.loads(sys.argv[2]))
    else:
        sys.exit(main(_parsed(sys.argv[1:])))
