"""Which engine answers? Elasticsearch where one is named, SQLite's own where the market lives in SQLite, else none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import connection

from search.documents import Document
from search.query import Key, Query, Results


class EngineAwayError(Exception):
    """The engine did not answer in time, or cannot: whoever asked must do without it."""


class NoIndexError(EngineAwayError):
    """The engine answers, but there is no index: one with a part of the entries would be worse than none."""


class Engine(Protocol):
    """One behaviour, told by the tests that run on every engine."""

    name: str

    def search(self, query: Query) -> Results:
        """The results of this query. Raises `EngineAwayError`."""

    def put(self, documents: Iterable[Document]) -> None:
        """These documents are in the index as given; those with the same key are replaced. Raises `NoIndexError`."""

    def remove(self, keys: Iterable[Key]) -> None:
        """These are not in the index. Raises `NoIndexError`."""

    def rebuild(self, documents: Iterable[Document], *, catch_up: Callable[[], None]) -> None:
        """The index holds exactly these documents. Searching goes on meanwhile, in the old index until the new one is whole.

        `catch_up` is called when the new index takes writes: it puts in again what changed since the documents were read.
        """

    def digests(self) -> Iterator[tuple[Key, str]]:
        """Every key in the index, with the digest of its document."""

    def is_current(self) -> bool:
        """True when there is an index, and texts were cut for it as they are cut today."""

    def settle(self) -> None:
        """What was put in before can be found from now on."""


def engine() -> Engine | None:
    """The engine of this installation; none on PostgreSQL without Elasticsearch."""
    if settings.ELASTICSEARCH_URL:
        return _elasticsearch(settings.ELASTICSEARCH_URL)
    if connection.vendor == "sqlite":
        from search.engines.embedded import Embedded

        return Embedded()
    return None


@cache
def _elasticsearch(address: str) -> Engine:
    from search.engines.elasticsearch import ElasticsearchEngine

    return ElasticsearchEngine(address)
