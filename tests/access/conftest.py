"""One world for a whole file of tests: built once, every request rolled back, everything gone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.utils import timezone

from market.portal.actions import build_site
from tests.access.matrix import Visitors
from tests.access.world import TODAY, World
from tests.portal.sites import some_texts


@pytest.fixture(scope="module")
def today() -> Iterator[None]:
    """It is the world's day for everything that asks the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: TODAY)
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, today: None) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_site(some_texts())
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(world: World) -> Visitors:
    return Visitors.of(world)


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are not drawn: who may see them is decided before."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
