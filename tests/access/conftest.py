"""One world for whole files of tests: built once, every request rolled back, everything gone at the end."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.utils import timezone

from market.portal.actions import build_site
from tests.access.matrix import Visitors
from tests.access.memory import Memory, remembering
from tests.access.world import TODAY, World
from tests.database import TestDatabase
from tests.portal.sites import some_texts


@pytest.fixture(scope="module")
def today() -> Iterator[None]:
    """It is the world's day for everything that asks the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: TODAY)
        yield


@pytest.fixture(scope="session")
def kept_world(test_database: TestDatabase, django_db_blocker: Any) -> bytes:
    """The world, built once for all files that this process runs: its database is kept, to be restored for each of them."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: TODAY)
        with transaction.atomic():
            build_site(some_texts())
            world = pickle.dumps(World())
            # As in a test, which never commits: nothing follows from what was written.
            connection.run_on_commit = []
        test_database.keep("world")
        test_database.restore()
    return world


@pytest.fixture(scope="module")
def world(kept_world: bytes, test_database: TestDatabase, django_db_blocker: Any, today: None) -> Iterator[World]:
    with django_db_blocker.unblock():
        test_database.restore("world")
        with transaction.atomic():
            yield pickle.loads(kept_world)
            transaction.set_rollback(True)
        test_database.restore()


@pytest.fixture(scope="module")
def memory(world: World) -> Iterator[Memory]:
    with remembering() as memory:
        yield memory


@pytest.fixture(scope="module")
def visitors(world: World, memory: Memory) -> Visitors:
    return Visitors.of(world, memory)


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are not drawn: who may see them is decided before."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
