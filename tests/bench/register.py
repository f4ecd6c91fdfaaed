"""Does the register of contracts hold when it is full? python -m tests.bench.register [CONTRACTS…]

2,000, 20,000 and 200,000 unless told, on SQLite and PostgreSQL, each in a process of its own: the register's pages as a registrar of
the city and of a small county opens them, the filters, the statistics, and both exports, each with its time, its statements, and by
how much the process grew. The reference of every figure is the smallest register of the same run, or the first page for a late one.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from tests.bench import place
from tests.bench.report import PAIRS, Figure, say
from tests.services import PostgreSQL

DATABASES = {"SQLite": (), "PostgreSQL": (PostgreSQL,)}
REGISTER = "/contracts/register/"
_LATE_PAGE = 500
WORLD = "bench"
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
_MOST_PAGE, _MOST_LATE, _MOST_MEMORY, _MOST_ROW = 2.0, 1.5, 1.1, 1.5
# What is counted over all of a year grows with the year: it has so many milliseconds at most.
_COUNTED = {"SQLite": 2000.0, "PostgreSQL": 1000.0}
_PAGE_BYTES = 4096


def main(sizes: list[int]) -> None:
    figures: list[Figure] = []
    for database in DATABASES:
        # Each database in a process of its own: settings are read once.
        command = [sys.executable, "-m", "tests.bench.register", "on", database, *map(str, sizes)]
        figures += _figures(database, sizes, _heard(command))
    say(*figures)


def _figures(database: str, sizes: list[int], told: list[dict[str, Any]]) -> Iterator[Figure]:
    small, large = told[0], told[-1]
    growth = f"{sizes[-1]:,} by {sizes[0]:,}"
    for page in large["pages"]:
        if page == "statistics":
            yield _at_most(
                f"{page} of {sizes[-1]:,}, {database}, ms by limit", large["pages"][page]["ms"], _COUNTED[database], 1.0
            )
            continue
        ours, reference = large["pages"][page]["ms"], small["pages"][page]["ms"]
        yield _at_most(f"{page}, {database}, ms, {growth}", ours, reference, _MOST_PAGE)
    late, first = large["pages"]["late"]["ms"], large["pages"]["first"]["ms"]
    yield _at_most(f"page {_LATE_PAGE} by page 1, {database}, ms", late, first, _MOST_LATE)
    for name in ("csv", "xlsx"):
        ours, reference = large[name]["most_mb"], small[name]["most_mb"]
        yield _at_most(f"memory while exporting {name}, {database}, MB, {growth}", ours, reference, _MOST_MEMORY)
        ours, reference = (it[name]["seconds"] * 1e6 / size for it, size in ((large, sizes[-1]), (small, sizes[0])))
        yield _at_most(f"time of a contract exported as {name}, {database}, µs, {growth}", ours, reference, _MOST_ROW)
    counts = [{name: it["statements"] for name, it in each["pages"].items()} for each in told]
    alike = all(count == counts[0] for count in counts)
    yield Figure(f"statements a page are the same at all sizes, {database}", *_most(counts), 1.0, alike)


def _most(counts: list[dict[str, int]]) -> tuple[float, float, float]:
    ours, reference = max(counts[-1].values()), max(counts[0].values())
    return ours, reference, round(ours / reference, 3)


def _at_most(bench: str, ours: float, reference: float, goal: float) -> Figure:
    ratio = round(ours / reference, 3)
    return Figure(bench, round(ours, 2), round(reference, 2), ratio, goal, ratio <= goal)


def _heard(command: list[str]) -> list[dict[str, Any]]:
    """What a process said in JSON, line by line; the rest of its lines is for whoever looks on."""
    heard = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                heard.append(json.loads(line))
            else:
                print(line, end="", flush=True)
    if process.returncode:
        raise RuntimeError(f"{command} failed")
    return heard


def on(database: str, sizes: list[int]) -> None:
    """Fills one market up from size to size, and has each measured by a process of its own, whose memory nothing else has used."""
    with place.market(DATABASES[database]):
        from django.core.management import call_command

        from tests.bench.contracts import fill
        from tests.contracts.builders import a_registration
        from tests.people import Cast

        call_command("createcachetable", verbosity=0)
        first, there = a_registration(Cast(WORLD), NOW).pk, 1
        for size in sizes:
            started = time.perf_counter()
            for _ in fill(first, there, size):
                pass
            print(f"{database}, {size:,} contracts, made in {time.perf_counter() - started:.1f} s", flush=True)
            there = size
            for told in _heard([sys.executable, "-m", "tests.bench.register", "measure", str(size)]):
                print(json.dumps(told), flush=True)


def measure(size: int) -> None:
    """Prints what was found in the market that the environment names, last as JSON."""
    place.set_up()
    pages = {name: _page(name, who, address) for name, who, address in _questions(size)}
    print(json.dumps({"pages": pages, **{name: _file(name) for name in ("csv", "xlsx")}}), flush=True)


def _questions(size: int) -> Iterator[tuple[str, str, str]]:
    """Name, who asks, and the address."""
    from contracts.models import Registration

    # As far down as the five hundredth page, or half-way where there are fewer.
    down = min(50 * (_LATE_PAGE - 1), size // 2)
    before = Registration.objects.order_by("-number").values_list("number", flat=True)[down]
    yield "first", "registrar", ""
    yield "late", "registrar", f"?before={before}"
    yield "kind", "registrar", "?kind=licence"
    yield "no such", "registrar", "?number=1999"
    yield "oldest year", "registrar", "?year=2023"
    yield "one number", "registrar", "?number=2023140600000777"
    yield "county", "county", ""
    yield "county, late", "county", f"?before={before}"
    yield "supervisor", "supervisor", ""
    yield "statistics", "registrar", "statistics/?year=2025"


def _client(who: str) -> Any:
    """Somebody signed in: a registrar of the city or of a small county, or a supervisor."""
    from market.accounts.models import Organisation, Person
    from tests.bench.contracts import RARE_COUNTY
    from tests.people import Member
    from tests.second_factor import signed_in

    Organisation.objects.filter(kind="government").update(region=RARE_COUNTY if who == "county" else "140600")
    person = Person.objects.get(email=f"{'registrar' if who == 'county' else who}@{WORLD}.example")
    return signed_in(Member(person, person.memberships.select_related("organisation").earliest("pk").organisation))


def _page(name: str, who: str, address: str) -> dict[str, float]:
    client = _client(who)
    _asked(client, address)
    with _counting() as caught:
        _asked(client, address)
    before, times = _memory(), []
    for _ in range(PAIRS):
        started = time.perf_counter()
        _asked(client, address)
        times.append((time.perf_counter() - started) * 1000)
    ms, grown = statistics.median(times), _memory() - before
    print(f"  {name}: {ms:.1f} ms, {len(caught)} statements, grew by {grown:.1f} MB", flush=True)
    return {"ms": ms, "statements": len(caught)}


@contextlib.contextmanager
def _counting() -> Iterator[list[str]]:
    """The statements sent meanwhile, by whichever connection."""
    from django.db.backends.utils import CursorWrapper

    sent: list[str] = []
    really = CursorWrapper.execute

    def execute(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        sent.append(sql)
        return really(self, sql, params)

    with mock.patch.object(CursorWrapper, "execute", execute):
        yield sent


def _asked(client: Any, address: str) -> None:
    response = client.get(f"{REGISTER}{address}")
    assert response.status_code == 200, response.status_code


def _file(name: str) -> dict[str, float]:
    """The whole register as a file, read as it comes."""
    client = _client("registrar")
    before, started = _memory(), time.perf_counter()
    response = client.get(f"{REGISTER}export.{name}")
    most, length, first = _memory(), 0, 0.0
    for part in response.streaming_content:
        first = first or time.perf_counter() - started
        length += len(part)
        most = max(most, _memory())
    took = time.perf_counter() - started
    said = f"{took:.1f} s, first part after {first:.2f} s, {length / 1e6:.1f} MB, grew by {most - before:.1f} MB"
    print(f"  export as {name}: {said}", flush=True)
    return {"seconds": took, "most_mb": most}


def _memory() -> float:
    """Of this process now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES / 1e6


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["on", database, *sizes]:
            on(database, [int(size) for size in sizes])
        case ["measure", size]:
            measure(int(size))
        case sizes:
            main([int(size) for size in sizes] or [2_000, 20_000, 200_000])
