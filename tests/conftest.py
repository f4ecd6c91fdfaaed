"""What every test shares: this worker's database, the cast, and a browser session for one of them."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from tests.database import TestDatabase
from tests.pace import Alone, asks_for_a_service, collect_garbage_seldom, is_on_services, longest_first
from tests.people import Cast, Member

_LEFT_OUT = pytest.StashKey[int]()
_ALONE = pytest.StashKey[Alone]()

# A Tuesday, so that working days are easy to count in one's head.
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    # Until all is loaded, see `collect_garbage_seldom`.
    gc.disable()
    if not is_on_services():
        config.stash[_ALONE] = Alone()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    longest_first(items)
    if is_on_services():
        left_out = [item for item in items if not asks_for_a_service(item)]
        items[:] = [item for item in items if asks_for_a_service(item)]
        config.hook.pytest_deselected(items=left_out)
        getattr(config, "workeroutput", {})["left_out"] = len(left_out)


def pytest_collection_finish() -> None:
    collect_garbage_seldom()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if _ALONE not in item.config.stash or asks_for_a_service(item):
        return (yield)
    with item.config.stash[_ALONE].watching():
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LEFT_OUT] = node.workeroutput.get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} tests use no service and were left out: they ran on the embedded default.")


@pytest.fixture(scope="session")
def test_database(django_test_environment: None, django_db_blocker: pytest.FixtureRequest, worker_id: str) -> TestDatabase:
    database = TestDatabase(worker_id)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.create()
    return database


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> None:
    """Instead of migrating for each worker: a copy of the template."""


@pytest.fixture
def committed_db(test_database: TestDatabase, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests with several connections at once: everything really commits; afterwards the database is copied anew."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        test_database.restore()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_site(settings: Settings) -> None:
    """A request under /en/ leaves its language to whatever the thread does next."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _own_search_index(settings: Settings) -> None:
    """On a real search server no test sees what another one left there."""
    settings.SEARCH_INDEX = f"test-{secrets.token_hex(8)}"


@pytest.fixture(scope="module")
def built_site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[int]:
    """The key of a small site, built once for the tests of a file: each of them is a transaction within this one."""
    from market.portal.actions import build_site
    from tests.portal.sites import some_texts

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build_site(some_texts()).pk
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_anchors(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What one test's worker anchored is nothing to another's database."""
    settings.ANCHOR_DIR = tmp_path_factory.getbasetemp() / f"anchors-{secrets.token_hex(8)}"


@pytest.fixture
def search_index(db: None) -> Iterator[Callable[[], None]]:
    """A search index of this test's own; call it and it has followed the event log to its end, as the worker would see to."""
    from tests.search.indexes import catch_up, fresh_engine, throw_away

    fresh_engine()
    yield catch_up
    throw_away()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of one world."""
    return Cast()


@pytest.fixture
def sign_in(db: None) -> Callable[[Member], Client]:
    """A client signed in as this member, acting for their organisation, with the second factor where one is compulsory."""

    from tests.second_factor import signed_in

    return signed_in
