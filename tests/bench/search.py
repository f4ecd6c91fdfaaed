"""How quick is a search, and filling an index? make bench-search SIZE="1000 10000 100000", 1,000 and 10,000 unless told.

On Elasticsearch ours is the project's function, from words to keys with total and all facets; the reference is the very bodies
it sent, sent again by a bare HTTP connection. On the embedded engine the reference is SQLite's own ranked query for the same
words, without total and facets. Filling is of documents made before, and from the database's rows; the reference is the
client's own bulk helper. The last figures say how the slowest searches grow with the entries.
"""

from __future__ import annotations

import http.client
import itertools
import json
import math
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from tests.bench import place
from tests.bench.report import PAIRS, Figure, at_least, at_most, say
from tests.services import Elasticsearch

QUERIES = (
    "循环流化床", "瓦斯 监测", "煤矸石综合利用", "“永磁直驱”", "CFB锅炉", "镁合金 挤压", "煤", "300MW", "graphene", "壁画 -修复",
    "锂电池梯次利用", "矿井水 零排放",
)  # fmt: skip


# Milliseconds that a search may take: the median, and the slowest of twenty.
MEDIAN, SLOWEST = 50, {10_000: 50, 100_000: 150}
# A search over so many times the entries may take so many times as long: the slope in a picture with both scales logarithmic.
SLOPE = 0.2
FEW_MORE, MOST_STATEMENTS, MOST_MEMORY = 5.0, 10, 512


def main(sizes: Sequence[int]) -> None:
    figures: list[Figure] = []
    slowest: dict[str, dict[int, float]] = {"embedded": {}, "Elasticsearch": {}}
    with place.market([Elasticsearch]):
        from django.conf import settings

        # Other work on the machine is no reason to give the server up.
        settings.SEARCH_SECONDS = 30
        for size in sizes:
            for name, measure in (("embedded", _embedded), ("Elasticsearch", _elasticsearch)):
                found, slowest[name][size] = measure(size)
                figures += found
    for name, own in slowest.items():
        figures += [_grown(name, *sorted(own.items())[:: len(own) - 1])] if len(own) > 1 else []
    for figure in figures:
        print(
            f"{'ok  ' if figure.holds else 'MISS'} {figure.bench}: {figure.ours} ({figure.ratio} of {figure.reference}; {figure.goal})"
        )
    print(f"load {os.getloadavg()[0]:.1f}")
    say(*figures)


def _grown(name: str, fewest: tuple[int, float], most: tuple[int, float]) -> Figure:
    slope = math.log(most[1] / fewest[1]) / math.log(most[0] / fewest[0])
    bench = f"slope of the slowest of twenty, {name}, {fewest[0]} to {most[0]}"
    return Figure(bench, round(most[1], 2), round(fewest[1], 2), round(slope, 3), SLOPE, slope <= SLOPE)


def _documents(size: int) -> Iterator[Any]:
    from tests.relevance.corpus import corpus
    from tests.search.indexes import a_document

    for one in corpus(size):
        words = " ".join(one.keywords)
        yield a_document(one.pk, one.title, one.abstract, keywords=words, industry=one.industry, price=one.pk * 10_000_000)


def _embedded(size: int) -> tuple[list[Figure], float]:
    from django.db import connection

    from search.engines.embedded import Embedded, _any_of
    from search.parse import parse

    engine = Embedded()
    filling = _timed(lambda: engine.rebuild(_documents(size), catch_up=lambda: None))
    ranked = "SELECT rowid FROM search_text WHERE search_text MATCH %s ORDER BY rank LIMIT 12"

    def bare(typed: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(ranked, [_any_of(parse(typed))])
            cursor.fetchall()

    ours, raw = _in_turn(lambda typed: engine.search(parse(typed)), bare)
    slowest = _slowest(ours)
    figures = [
        _told(f"search, embedded, {size}", ours, raw, 2.5),
        _below(f"median, embedded, {size}", statistics.median(ours), MEDIAN),
        at_least(f"documents a second, embedded, {size}", [size / filling], [500], 1),
    ]
    if size in SLOWEST:
        figures.append(_below(f"slowest of twenty, embedded, {size}", slowest, SLOWEST[size]))
    return figures, slowest


def _elasticsearch(size: int) -> tuple[list[Figure], float]:
    from search.engines import engine
    from search.engines.elasticsearch import ElasticsearchEngine
    from search.parse import parse

    server = engine()
    assert isinstance(server, ElasticsearchEngine)
    figures = _filling(server, size)
    server.rebuild(_documents(size), catch_up=lambda: None)
    server.settle()
    bodies = {typed: _bodies(server, typed) for typed in QUERIES}
    address = urlsplit(str(server.client.transport.node_pool.get().base_url))
    line = http.client.HTTPConnection(address.hostname or "", address.port)

    def bare(typed: str) -> None:
        for path, body in bodies[typed]:
            line.request("POST", path, body, {"Content-Type": "application/json"})
            json.loads(line.getresponse().read())

    ours, raw = _in_turn(lambda typed: server.search(parse(typed)), bare)
    line.close()
    few = statistics.median(raw) < 15
    more = statistics.median(own - bare for own, bare in zip(ours, raw, strict=True))
    figures += [
        _told(f"search, Elasticsearch, {size}", ours, raw, 1.3),
        at_most(f"slowest of twenty, Elasticsearch, {size}", [_slowest(ours)], [_slowest(raw)], 1.4),
        # The other reading of the goal: where the bare search is quick, so many milliseconds more.
        Figure(
            f"milliseconds more, Elasticsearch, {size}", round(more, 2), 0, round(more, 2), FEW_MORE, more <= FEW_MORE or not few
        ),
    ]
    return figures, _slowest(ours)


def _filling(server: Any, size: int) -> list[Figure]:
    """Of documents made before and from the rows, beside the client's own helper, each into an index of its own."""
    from elasticsearch.helpers import bulk

    from search.engines.elasticsearch import _insertions

    pool = list(itertools.islice(_documents(size), 20_000))
    ours, helped = [], []
    for number in range(3):
        for fill, own in ((server._stream, ours), (lambda actions: bulk(server._patient, actions, chunk_size=500), helped)):
            name = f"bare-{number}-{len(own)}-{len(ours)}"
            server._create(name, f"{name}-alias")
            own.append(len(pool) / _timed(lambda fill=fill, name=name: fill(_insertions(name, pool))))  # type: ignore[misc]
            server._patient.indices.delete(index=name)
    figures = [at_least(f"documents a second, Elasticsearch, {size}", ours, helped, 0.7)]
    return figures + _from_the_rows(server, size, statistics.median(helped))


def _from_the_rows(server: Any, size: int, helped: float) -> list[Figure]:
    """As `search_rebuild` does it: read, cut, kept for suggestions, sent."""
    from django.db import connection

    from listings.models.listings import Listing
    from search.documents import Document, count
    from search.indexing import rebuild
    from tests.bench.crowd import list_many

    list_many(_cast(), size)
    statements, memory = 0, []

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    def watched(documents: Iterable[Document]) -> Iterator[Document]:
        for number, document in enumerate(documents):
            if number % 500 == 0:
                memory.append(_memory())
            yield document

    with connection.execute_wrapper(counted):
        took = _timed(lambda: rebuild(server, progress=watched))
    many, listed = count(), Listing.objects.count()
    return [
        at_least(f"documents a second from {listed} listings, Elasticsearch", [many / took], [helped], 0.35),
        _below(f"statements for 1,000 of {many} documents", statements * 1000 / many, MOST_STATEMENTS),
        _below(f"megabytes while filling from {listed} listings (began at {memory[0]:.0f})", max(memory), MOST_MEMORY),
    ]


@cache
def _cast() -> Any:
    from tests.people import Cast

    return Cast()


def _memory() -> float:
    """What this process holds in memory, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _bodies(server: Any, typed: str) -> list[tuple[str, bytes]]:
    """What our function sends for these words."""
    from search.parse import parse

    transport = server.client.transport
    sent: list[tuple[str, bytes]] = []
    really = transport.perform_request

    def noted(method: str, target: str, **options: Any) -> Any:
        sent.append((target, json.dumps(options["body"]).encode()))
        return really(method, target, **options)

    with mock.patch.object(transport, "perform_request", noted):
        server.search(parse(typed))
    return sent


def _in_turn(ours: Callable[[str], object], bare: Callable[[str], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of every query, each way in turn, when both are warm."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(PAIRS + 1):
        for typed in QUERIES:
            for way, own in zip((ours, bare), times, strict=True):
                took = _timed(lambda way=way, typed=typed: way(typed)) * 1000  # type: ignore[misc]
                if number:
                    own.append(took)
    return times


def _told(bench: str, ours: list[float], raw: list[float], goal: float) -> Figure:
    for name, own in (("ours", ours), ("bare", raw)):
        print(f"{bench}: {name} median {statistics.median(own):.1f} ms, 95 % below {_slowest(own):.1f} ms")
    return at_most(bench, ours, raw, goal)


def _slowest(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def _below(bench: str, value: float, limit: float) -> Figure:
    return Figure(bench, round(value, 2), limit, round(value / limit, 3), 1, value <= limit)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main([int(size) for size in (sys.argv[1:] or os.environ.get("SIZE", "1000 10000").split())])
