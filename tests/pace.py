"""The order and the pace of the suite, and what `make test-services` leaves out.

A test that asks for no database is the same test on every service, and runs on the embedded default alone. That it is so is
not believed but looked at there: `Alone` fails such a test when it touches the cache or a channel after all.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache

# What takes long by itself comes first: one of them alone at the end would keep one process waiting for the other. The very
# first asks for the database, which is made only once; those after it do without for as long.
_FIRST = (
    "tests/access/test_market_routes.py",
    "tests/settings/",
    "tests/deploy/",
    "tests/documents/test_rules.py",
    "tests/house/test_checks.py",
    "tests/house/test_languages.py",
    "tests/values/",
    "tests/access/test_two_worlds.py",
    "tests/e2e/",
    "tests/house/test_machines.py",
    "tests/access/test_editors_routes.py",
    "tests/house/test_query_counts.py",
    "tests/demonstration/",
    "tests/access/",
    "tests/concurrency/",
    "tests/house/",
    "tests/search/",
    "tests/cards/",
    "tests/auctions/",
)
_DATABASE = frozenset({"db", "transactional_db", "django_db_setup", "test_database"})
_ADDRESSES = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")


def longest_first(items: list[pytest.Item]) -> None:
    """The files named above come before the others; within a file nothing moves."""
    items.sort(key=lambda item: next((at for at, name in enumerate(_FIRST) if item.nodeid.startswith(name)), len(_FIRST)))


def collect_garbage_seldom() -> None:
    """What was loaded so far is never looked through for garbage again, and what comes is looked through less often."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 20, 20)


def is_on_services() -> bool:
    return bool(settings.DATABASE_URL or settings.REDIS_URL or settings.ELASTICSEARCH_URL)


def asks_for_a_service(item: pytest.Item) -> bool:
    """It, or a fixture of it, uses the database; or its file speaks of services' addresses."""
    names = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or names & _DATABASE or _names_an_address(item.path))


@cache
def _names_an_address(path: Path) -> bool:
    source = path.read_text(encoding="utf-8")
    return any(address in source for address in _ADDRESSES)


class Alone:
    """Who touches the cache or a channel while a test runs that asked for no service? Known on the embedded default only."""

    def __init__(self) -> None:
        self.is_watching = False
        self.touched: list[str] = []
        for kind, names in {
            LocMemCache: ("add", "get", "set", "touch", "incr", "has_key", "delete"),
            InMemoryChannelLayer: ("send", "receive", "group_add", "group_send"),
        }.items():
            for name in names:
                setattr(kind, name, self._watched(f"{kind.__name__}.{name}", getattr(kind, name)))

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **options: Any) -> Any:
            if self.is_watching:
                self.touched.append(name)
            return original(*args, **options)

        return watched

    @contextmanager
    def watching(self) -> Iterator[None]:
        self.is_watching = True
        try:
            yield
        finally:
            self.is_watching = False
            touched, self.touched = self.touched, []
        assert not touched, f"asks for no database, and make test-services would leave it out, yet touches {set(touched)}"
