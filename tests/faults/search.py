"""The search server hangs, dies and is filled anew under searches and edits: does anybody notice, and is anything lost?

python -m tests.faults.search [--listings 2000] [--edits 60] [--races 30] [--kills 3] [--seed 1] [lag races hung dead rebuild]

A site, a worker, PostgreSQL and a real Elasticsearch. First entries are published at a steady rate and looked for, and others
withdrawn and looked for at once; then the server is stopped without closing its connections, then killed, while entries are
published and withdrawn, bids are made and visitors search; then the index is made anew under the same, and the rebuild killed
at random moments. What everybody was told is written down and put before a checker of its own (tests/faults/search_verifier.py).
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench import place
from tests.bench.processes import launch
from tests.bench.server import Site
from tests.services import Elasticsearch, PostgreSQL, Redis

PATIENCE, RATE, VISITORS = 60.0, 10, 2
# What the bars allow: added latency of an action and lag in seconds, failures before the server is left alone.
MOST_ADDED, MOST_LAG_P50, MOST_LAG_P99, MOST_FAILURES, MOST_UNNOTICED = 0.3, 1.5, 3.0, 5, 10.0


def main(options: argparse.Namespace) -> int:
    with place.market((PostgreSQL, Redis, Elasticsearch)) as here:
        run = Run(options, here)
        told: dict[str, Any] = {}
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "lag": run.lag,
            "races": run.races,
            "hung": lambda: run.outage(_hang),
            "dead": lambda: run.outage(_die),
            "rebuild": run.rebuilds,
        }
        try:
            run.start()
            for name in options.parts or parts:
                told[name] = parts[name]()
                print(f"{name}: {told[name]}", flush=True)
        finally:
            run.stop()
        return _verdict(options, told, run)


class Run:
    """The market with its visitors, and the notes of all that was done and answered."""

    def __init__(self, options: argparse.Namespace, here: place.Place) -> None:
        from django.conf import settings
        from django.core.management import call_command

        from listings.models.listings import Listing
        from market.events.actions import skip_history
        from market.events.registry import READERS
        from tests.auctions.hall import open_hall, some_bidders
        from tests.bench.crowd import list_many
        from tests.people import Cast

        self.options, self.chance = options, random.Random(options.seed)
        self.server = here.services[2]
        self.address, self.alias = str(settings.ELASTICSEARCH_URL), str(settings.SEARCH_INDEX)
        self.notes: list[dict[str, Any]] = []
        self.flaws: list[str] = []
        self.cast = Cast()
        # The calendar was announced before there was a market: no notice has to be computed again.
        for reader in READERS.values():
            skip_history(reader)
        list_many(self.cast, options.listings)
        self.hall = open_hall(self.cast, some_bidders(2), lasting=timedelta(days=1))
        call_command("search_rebuild", verbosity=0)
        listings = list(Listing.objects.filter(number__startswith="L2099").order_by("pk"))
        # Some stay where they are and are always found; the others are withdrawn one after another.
        self.known, self.leaving = listings[:20], listings[20:]
        self.entries = {one.number: f"listing:{one.pk}" for one in listings}
        self.made = self.amount = 0
        self.site, self.log = Site(here.folder), here.folder / "worker.log"
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The site and the worker run, and what was published before is found."""
        self.site.start()
        with self.log.open("ab") as log:
            self.worker = launch([sys.executable, "manage.py", "worker"], stdout=log, stderr=log)
        # The first page of a process loads whatever pages are made of.
        self.ask("")
        self.notes.clear()
        # The worker reads the log in order; what comes now is known when all before it is.
        self._publish()
        self._caught_up(patience=10 * PATIENCE)

    def stop(self) -> None:
        self.server.process.send_signal(signal.SIGCONT)
        if self.worker is not None:
            self.worker.terminate()
        self.site.stop()

    def edit(self) -> tuple[str, float]:
        """Something is published, withdrawn or bid, and noted; gives the word it is found by, if any, and how long it took."""
        self.made += 1
        act = (self._publish, self._publish, self._bid, self._withdraw)[self.made % 4]
        began = time.monotonic()
        word = ""
        try:
            word = act()
        except Exception as error:
            self.notes.append({"failed": act.__name__, "why": f"{type(error).__name__}: {error}"[:300]})
        return word, time.monotonic() - began

    def _publish(self) -> str:
        from tests.demands.builders import a_demand

        now = datetime.now(UTC)
        word = f"zq{self.options.seed}x{self.made:06d}"
        demand = a_demand(self.cast, now, title=f"{word} 锅炉飞灰控制", valid_until=(now + timedelta(days=60)).date())
        self.entries[demand.number] = f"demand:{demand.pk}"
        self.notes.append({"edit": "published", "entry": f"demand:{demand.pk}", "word": word, "at": time.time()})
        return word

    def _withdraw(self) -> str:
        from listings.actions.listings import withdraw_listing

        listing = self.leaving.pop()
        withdraw_listing(listing, reason="不再转让", actor=self.cast.university_agent.actor, now=datetime.now(UTC))
        self.notes.append({"edit": "withdrawn", "entry": f"listing:{listing.pk}", "word": listing.number, "at": time.time()})
        return ""

    def _bid(self) -> str:
        from tests.auctions.hall import START, STEP
        from tests.faults.bidders import through_the_action

        bidder = self.hall.bidders[self.amount % 2]
        answer = through_the_action(self.hall.auction.key, bidder.actor)(
            START.fen + self.amount * STEP.fen, uuid.UUID(int=self.chance.getrandbits(128)).hex
        )
        if not answer or not answer["accepted"]:
            raise RuntimeError(f"the bid was refused: {answer}")
        self.amount += 1
        return ""

    def ask(self, words: str, known: str | None = None, *, grace: float = 3.0) -> tuple[float, bool]:
        """A visitor searches everything; gives how long the page took, and whether it says that there is no engine."""
        began, began_at = time.monotonic(), time.time()
        status, html = 0, ""
        try:
            line = http.client.HTTPConnection(self.site.address, timeout=30)
            line.request("GET", f"/search/?q={quote(words)}")
            answer = line.getresponse()
            status, html = answer.status, answer.read().decode()
            line.close()
        except OSError as error:
            self.notes.append({"failed": "page", "why": str(error)})
        numbers = re.findall(r'entry-title"><a href="[^"]*/([LD]\d{4}-\d+)/', html)
        found = [self.entries.get(number, number) for number in numbers]
        note = {"asked": words, "began": began_at, "status": status, "found": found, "known": known, "grace": grace}
        self.notes.append(note)
        return time.monotonic() - began, "搜索引擎暂不可用" in html

    @contextmanager
    def visitors(self) -> Iterator[list[tuple[float, float, bool]]]:
        """Meanwhile visitors look for what is always there; the list has when each page came, how long it took, with notice or not."""
        seen: list[tuple[float, float, bool]] = []
        is_over = threading.Event()

        def visit(number: int) -> None:
            chance = random.Random(self.options.seed * 100 + number)
            while not is_over.wait(0.2):
                listing = chance.choice(self.known)
                took, has_notice = self.ask(listing.number, f"listing:{listing.pk}")
                seen.append((time.monotonic(), took, has_notice))

        threads = [threading.Thread(target=visit, args=(number,)) for number in range(VISITORS)]
        for thread in threads:
            thread.start()
        try:
            yield seen
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def dump(self) -> dict[str, Any]:
        from django.db import connection

        from tests.faults.search_dump import dump

        connection.ensure_connection()
        return dump(connection.connection, self.address, self.alias)

    def _caught_up(self, *, patience: float = PATIENCE) -> float:
        """Seconds until index and rows agree, or patience is over."""
        from tests.faults.search_verifier import drift

        began = time.monotonic()
        while (wrong := drift(self.dump())) and time.monotonic() - began < patience:
            time.sleep(0.5)
        self.flaws += wrong[:5]
        return time.monotonic() - began

    def lag(self) -> dict[str, float]:
        """Entries published at a steady rate, and how long each took from the commit until the index gave it."""
        pending: dict[str, float] = {}
        lags: list[float] = []
        is_over = threading.Event()
        watching = threading.Thread(target=self._watch, args=(pending, lags, is_over))
        watching.start()
        began = time.monotonic()
        for number in range(self.options.edits):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            word, _took = self.edit()
            if word:
                pending[word] = time.monotonic()
        rate = self.options.edits / (time.monotonic() - began)
        deadline = time.monotonic() + PATIENCE
        while pending and time.monotonic() < deadline:
            time.sleep(0.1)
        is_over.set()
        watching.join()
        self.flaws += [f"lag: {word} was never found" for word in list(pending)[:5]]
        if len(lags) < 2:
            return {}
        p50, p99 = statistics.median(lags), statistics.quantiles(lags, n=100)[98]
        self._hold("lag", p50 <= MOST_LAG_P50 and p99 <= MOST_LAG_P99, f"p50 {p50:.2f} s, p99 {p99:.2f} s")
        return {"edits a second": round(rate, 1), "p50 s": round(p50, 2), "p99 s": round(p99, 2)}

    def _watch(self, pending: dict[str, float], lags: list[float], is_over: threading.Event) -> None:
        from tests.faults.search_dump import ask

        while not is_over.wait(0.05):
            if words := list(pending):
                body = {"query": {"terms": {"title": words}}, "_source": ["title"], "size": 100}
                for hit in ask(self.address, f"/{self.alias}/_search", body)["hits"]["hits"]:
                    word = hit["_source"]["title"].split()[0]
                    if began := pending.pop(word, None):
                        lags.append(time.monotonic() - began)

    def races(self) -> dict[str, int]:
        """Something is withdrawn and looked for the moment this is answered: it must not be shown, whatever the index still says."""
        for _ in range(self.options.races):
            self._withdraw()
            self.ask(self.notes[-1]["word"], grace=0.0)
        return {"races": self.options.races}

    def outage(self, fault: Callable[[Any], Callable[[], None]]) -> dict[str, float]:
        """The server is away while things go on; then it comes back, and nothing that happened meanwhile is missing."""
        before = [self.edit()[1] for _ in range(self.options.edits // 2)]
        said = self.site.log.stat().st_size
        with self.visitors() as seen:
            come_back = fault(self.server)
            away_at = time.monotonic()
            during = [self.edit()[1] for _ in range(self.options.edits)]
            time.sleep(max(0.0, away_at + 8 - time.monotonic()))
            come_back()
            back_at = time.monotonic()
            caught_up = self._caught_up()
            time.sleep(max(0.0, back_at + MOST_UNNOTICED - time.monotonic()))
        away = [took for at, took, _notice in seen if away_at + 3 < at < back_at]
        noticed = sum(notice for at, _took, notice in seen if away_at + 3 < at < back_at)
        added = _p99(during) - _p99(before)
        self._hold("added", added <= MOST_ADDED, f"an action took {added:.3f} s more at p99")
        self._hold("notice", noticed == len(away) > 0, f"{noticed} of {len(away)} pages said that the engine is away")
        failures = _failures(self.site.log, said)
        self._hold("breaker", failures <= MOST_FAILURES, f"{failures} failures before the server was left alone")
        late = [at - back_at for at, _took, notice in seen if notice and at - back_at > MOST_UNNOTICED]
        self._hold("back", not late, "pages still did without the engine ten seconds after it was back")
        self._hold("caught up", caught_up <= PATIENCE, f"{caught_up:.0f} s until index and rows agreed")
        return {
            "edits": len(during), "pages": len(seen), "added p99 s": round(added, 3), "page p95 s": round(_p95(away), 2),
            "failures": failures, "caught up s": round(caught_up, 1),
        }  # fmt: skip

    def rebuilds(self) -> dict[str, float]:
        """The index is made anew under searches and edits, killed some times on the way, and whole at the end."""
        with self.visitors() as seen:
            began = time.monotonic()
            whole = self._rebuild()
            while whole.poll() is None:
                self.edit()
                time.sleep(0.2)
            took = time.monotonic() - began
            self._hold("rebuild", whole.returncode == 0, f"the rebuild ended with {whole.returncode}")
            for _ in range(self.options.kills):
                killed = self._rebuild()
                deadline = time.monotonic() + self.chance.random() * took
                while time.monotonic() < deadline and killed.poll() is None:
                    self.edit()
                    time.sleep(0.2)
                killed.kill()
                killed.wait()
            self._hold("last rebuild", self._rebuild().wait() == 0, "the last rebuild failed")
        caught_up = self._caught_up()
        return {"kills": self.options.kills, "pages": len(seen), "took s": round(took, 1), "caught up s": round(caught_up, 1)}

    def _rebuild(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return launch([sys.executable, "manage.py", "search_rebuild"], stdout=log, stderr=log)

    def _hold(self, name: str, holds: bool, why: str) -> None:
        if not holds:
            self.flaws.append(f"{name}: {why}")


def _hang(server: Any) -> Callable[[], None]:
    server.process.send_signal(signal.SIGSTOP)
    return lambda: server.process.send_signal(signal.SIGCONT)


def _die(server: Any) -> Callable[[], None]:
    server.crash()
    return lambda: server.come_back()


def _failures(log: Path, after: int) -> int:
    """How often the site asked in vain before it left the server alone for the first time."""
    lines = [line for line in log.read_bytes()[after:].decode(errors="replace").splitlines() if "is away" in line]
    alone = next((number for number, line in enumerate(lines) if "a moment ago" in line), len(lines))
    return sum("a moment ago" not in line for line in lines[:alone])


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18] if len(times) > 1 else 0.0


def _verdict(options: argparse.Namespace, told: dict[str, Any], run: Run) -> int:
    from tests.faults.search_verifier import flaws

    rows = run.dump()
    found = [*run.flaws, *flaws(rows, run.notes)]
    print("\n".join(found[:30]) or "Nothing is wrong.")
    if found:
        print("The worker said last:", *run.log.read_text(errors="replace").splitlines()[-5:], sep="\n  ")
    asked = sum("asked" in note for note in run.notes)
    content = {"fault": "search", "entries": len(rows["index"]), "edits": run.made, "pages": asked, "seed": options.seed}
    print(json.dumps(content | told | {"flaws": len(found), "holds": not found}))
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("listings", 2000), ("edits", 60), ("races", 30), ("kills", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("parts", nargs="*", help="in this order; all of them unless told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_options()))
