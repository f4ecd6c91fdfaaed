"""The hour in which many auctions close: does everything hold at once?

python -m tests.bench.closing_hour [--seconds 60] [--auctions 20] [--bids 600] [--watchers 300] [--uploads 5] [--pages 30] [--seed 1]

All auctions end at one moment, so many seconds after the beginning, and three of five bids come in the last twelfth of that time,
half of them in the auction that is watched. Beside that so many files of five megabytes are sent and so many pages opened in a
second. Nothing may fail; no bid is lost, the ledger holds, every auction is closed in time and every watcher heard everything. The
times that are compared are those of the machine at rest, doubled.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import place
from tests.bench.processes import launch
from tests.bench.report import Figure, say
from tests.bench.server import Site
from tests.services import PostgreSQL, Redis

BIDDERS = 8
_LAST, _OF_THE_BIDS, _ON_THE_HOT_ONE = 1 / 12, 0.6, 0.5
_FILE = 5 * 1024 * 1024
_PAGES = ("/", "/search/?q=锅炉", "/auctions/")
# In milliseconds: twice what is asked of a machine at rest.
_MOST_FOR_A_BID, _MOST_FOR_A_PAGE, _MOST_LAG, _MOST_LAG_P99 = 300.0, 240.0, 3000.0, 1000.0


class Load:
    """What is done at given times by a thread of its own: how long each act took, in milliseconds, and what went wrong."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.failures: list[str] = []

    def thread(self, acts: Sequence[tuple[float, Callable[[], object]]]) -> threading.Thread:
        return threading.Thread(target=self._run, args=(sorted(acts, key=lambda act: act[0]),))

    def _run(self, acts: Sequence[tuple[float, Callable[[], object]]]) -> None:
        for at, act in acts:
            time.sleep(max(0.0, at - time.time()))
            begun = time.perf_counter()
            try:
                act()
            except Exception as error:
                self.failures.append(f"{type(error).__name__}: {error}"[:200])
            self.took.append((time.perf_counter() - begun) * 1000)


def main(options: argparse.Namespace) -> int:
    with place.market((PostgreSQL, Redis)) as here:
        from tests.auctions.hall import open_hall, some_bidders
        from tests.faults.chaos import Watching
        from tests.faults.closing import end_at, seen_closed
        from tests.people import Cast

        cast, bidders = Cast(), some_bidders(BIDDERS)
        halls = [open_hall(cast, bidders, lasting=timedelta(hours=9)) for _ in range(options.auctions)]
        sites = [Site(here.folder), Site(here.folder)]
        launch([sys.executable, "manage.py", "worker"], stderr=(here.folder / "worker.log").open("ab"))
        for site in sites:
            site.start()
        addresses = [site.address for site in sites]
        uploaders = _uploaders(options.uploads * options.seconds)
        watching = Watching(sites, halls[0].auction.key, options.watchers)
        begin = time.time() + 3
        end = begin + options.seconds
        for hall in halls:
            end_at(hall.auction, datetime.fromtimestamp(end, UTC))
        bids, uploads, pages = Load(), Load(), Load()
        threads = _bidding(options, bids, halls, addresses, here.folder, begin)
        threads += [uploads.thread(_uploading(uploaders, addresses, begin, options.uploads))] if uploaders else []
        threads += [pages.thread(_opening(addresses, begin, options, halls[0].auction)[number::4]) for number in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(max(0.0, end - time.time()))
        closed_at = seen_closed([hall.auction for hall in halls])
        for thread in threads:
            thread.join()
        lags = [1000 * (closed_at[hall.auction.pk] - end) for hall in halls if hall.auction.pk in closed_at]
        flaws = _flaws(halls, watching, here.folder, closed=len(lags))
        watching.stop()
        return _report(flaws + bids.failures + uploads.failures + pages.failures, bids.took, pages.took, lags)


def _times(count: int, begin: float, seconds: float, dice: random.Random) -> list[float]:
    """When so many bids come: most of them in the last part of this time, and none so late that it could only be refused."""
    last = seconds * _LAST
    return [
        begin
        + (seconds - last + dice.random() * last * 0.98 if dice.random() < _OF_THE_BIDS else dice.random() * (seconds - last))
        for _ in range(count)
    ]


def _bidding(
    options: argparse.Namespace, load: Load, halls: Sequence[Any], addresses: Sequence[str], folder: Path, begin: float
) -> list[threading.Thread]:
    from tests.auctions.hall import START, STEP
    from tests.faults.bidders import Bidder, Notebook
    from tests.faults.visitors import over_http

    dice, threads = random.Random(options.seed), []
    for number, member in enumerate(halls[0].bidders):
        own = [
            Bidder(
                member.organisation.pk,
                START.fen,
                STEP.fen,
                over_http(addresses, hall.auction.key, member, number),
                Notebook(folder / f"answers-{hall.auction.key}-{number}.jsonl"),
                seed=options.seed * 1000 + number,
            )
            for hall in halls
        ]
        times = _times(options.bids // BIDDERS, begin, options.seconds, dice)
        threads.append(load.thread([(at, (own[0] if dice.random() < _ON_THE_HOT_ONE else dice.choice(own)).bid) for at in times]))
    return threads


def _uploaders(count: int) -> list[Any]:
    """Owners of organisations that apply for verification, each with one file."""
    from market.accounts.models import OrganisationKind
    from market.accounts.states import OrganisationState
    from market.values.actor import Role
    from tests.people import a_member, an_organisation

    kind, state = OrganisationKind.ENTERPRISE, OrganisationState.UNVERIFIED
    firms = [an_organisation(f"New enterprise {number}", kind, 70000001 + number, state=state) for number in range(count)]
    return [a_member(f"owner-{number}@hour.example", firm, Role.OWNER) for number, firm in enumerate(firms)]


def _uploading(
    uploaders: Sequence[Any], addresses: Sequence[str], begin: float, a_second: int
) -> list[tuple[float, Callable[[], None]]]:
    from tests.documents_made import PDF
    from tests.faults.visitors import headers_of

    content = PDF.replace(b"trailer", b"%" + b" " * (_FILE - len(PDF)) + b"\ntrailer")
    head = b'--edge\r\nContent-Disposition: form-data; name="evidence"; filename="licence.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    body = head + content + b"\r\n--edge--\r\n"

    def upload(number: int, member: Any, headers: dict[str, str]) -> None:
        path = f"/organisations/{member.organisation.key}/apply/"
        _ask(addresses[number % len(addresses)], "POST", path, body, headers, expected=302)

    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    prepared = [(number, member, kind | headers_of(member)) for number, member in enumerate(uploaders)]
    return [(begin + one[0] / a_second, lambda one=one: upload(*one)) for one in prepared]


def _opening(
    addresses: Sequence[str], begin: float, options: argparse.Namespace, auction: Any
) -> list[tuple[float, Callable[[], None]]]:
    from urllib.parse import quote

    watched = (auction.get_absolute_url(), auction.listing.get_absolute_url())
    paths = [quote(path, safe="/?=") for path in (*_PAGES, *watched)]

    def opened(number: int) -> None:
        _ask(addresses[number % len(addresses)], "GET", paths[number % len(paths)], None, {}, expected=200)

    return [
        (begin + number / options.pages, lambda number=number: opened(number))
        for number in range(options.pages * options.seconds)
    ]


def _ask(address: str, verb: str, path: str, body: bytes | None, headers: dict[str, str], *, expected: int) -> None:
    line = http.client.HTTPConnection(address, timeout=60)
    try:
        line.request(verb, path, body, headers)
        answer = line.getresponse()
        answer.read()
    finally:
        line.close()
    if answer.status != expected:
        raise RuntimeError(f"{verb} {path}: {answer.status}")


def _flaws(halls: Sequence[Any], watching: Any, folder: Path, *, closed: int) -> list[str]:
    from tests.faults.verdict import checked, prove

    prove()
    found = [] if closed == len(halls) else [f"closing: {len(halls) - closed} auctions are not closed"]
    for hall in halls:
        found += checked(hall.auction, folder, notes=f"answers-{hall.auction.key}-*")[1]
    accepted = list(halls[0].auction.bids.filter(is_accepted=True).order_by("sequence").values_list("sequence", flat=True))
    heard, _seconds = watching.everything(after=accepted[-1] if accepted else 0)
    return found + [f"room: watcher {number} misheard" for number, one in enumerate(heard) if one != accepted]


def _report(flaws: Sequence[str], bids: Sequence[float], pages: Sequence[float], lags: Sequence[float]) -> int:
    print("\n".join(flaws[:20]) or "Nothing went wrong.")
    figures = [Figure("closing hour: what went wrong", len(flaws), 0, 1, 0, not flaws)]
    for name, times, percent, most in (
        ("ms until a bid is answered, p99", bids, 99, _MOST_FOR_A_BID),
        ("ms until a page is there, p95", pages, 95, _MOST_FOR_A_PAGE),
        ("ms until an auction is seen closed, p99", lags, 99, _MOST_LAG_P99),
        ("ms until an auction is seen closed, the last", lags, 100, _MOST_LAG),
    ):
        value = max(times) if percent == 100 else statistics.quantiles(times, n=100)[percent - 1]
        figures.append(Figure(f"closing hour: {name}", round(value, 1), most, round(value / most, 3), 1.0, value <= most))
    say(*figures)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = {"seconds": 60, "auctions": 20, "bids": 600, "watchers": 300, "uploads": 5, "pages": 30, "seed": 1}
    for name, value in usual.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_options()))
