"""How quick is a search, and filling an index? python -m tests.bench.search [ENTRIES…], 1,000 and 10,000 unless told.

On Elasticsearch ours is the project's function, from words to keys with total and all facets; the reference is the very bodies
it sent, sent again by a bare HTTP connection. On the embedded engine the reference is SQLite's own ranked query for the same
words, without total and facets. Filling is of documents made before; the reference is the client's own bulk helper.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections.abc import Callable, Iterator
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


def main(sizes: list[int]) -> None:
    figures: list[Figure] = []
    with place.market([Elasticsearch]):
        from django.conf import settings

        # Other work on the machine is no reason to give the server up.
        settings.SEARCH_SECONDS = 30
        for size in sizes:
            figures += [*_embedded(size), *_elasticsearch(size)]
    say(*figures)


def _documents(size: int) -> Iterator[Any]:
    from tests.relevance.corpus import corpus
    from tests.search.indexes import a_document

    for one in corpus(size):
        words = " ".join(one.keywords)
        yield a_document(one.pk, one.title, one.abstract, keywords=words, industry=one.industry, price=one.pk * 10_000_000)


def _embedded(size: int) -> list[Figure]:
    from django.db import connection

    from search.engines.embedded import Embedded, _any_of
    from search.parse import parse

    engine, documents = Embedded(), list(_documents(size))
    filling = _timed(lambda: engine.rebuild(iter(documents), catch_up=lambda: None))
    print(f"embedded, {size}: {size / filling:.0f} documents a second")
    ranked = "SELECT rowid FROM search_text WHERE search_text MATCH %s ORDER BY rank LIMIT 12"

    def bare(typed: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(ranked, [_any_of(parse(typed))])
            cursor.fetchall()

    ours, raw = _in_turn(lambda typed: engine.search(parse(typed)), bare)
    return [_told(f"search, embedded, {size}", ours, raw, 2.5)]


def _elasticsearch(size: int) -> list[Figure]:
    from elasticsearch.helpers import bulk

    from search.engines import engine
    from search.engines.elasticsearch import ElasticsearchEngine, _insertions
    from search.parse import parse

    server = engine()
    assert isinstance(server, ElasticsearchEngine)
    documents = list(_documents(size))
    filled, helped = [], []
    for number in range(3):
        filled.append(size / _timed(lambda: server.rebuild(iter(documents), catch_up=lambda: None)))
        actions = list(_insertions(f"bare-{size}-{number}", documents))
        server._create(f"bare-{size}-{number}", f"bare-alias-{size}-{number}")
        helped.append(size / _timed(lambda actions=actions: bulk(server._patient, actions, chunk_size=500)))  # type: ignore[misc]
        server._patient.indices.delete(index=f"bare-{size}-{number}")
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
    return [
        _told(f"search, Elasticsearch, {size}", ours, raw, 1.3),
        at_least(f"documents a second, Elasticsearch, {size}", filled, helped, 0.7),
    ]


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
    for name, own in (("ours", sorted(ours)), ("bare", sorted(raw))):
        print(f"{bench}: {name} median {own[len(own) // 2]:.1f} ms, 95 % below {own[int(len(own) * 0.95)]:.1f} ms")
    return at_most(bench, ours, raw, goal)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
