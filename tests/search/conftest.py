"""The engines that the tests of search run on: the embedded one on SQLite, Elasticsearch where a server is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from search.engines import Engine, engine
from tests.search.indexes import fresh_engine, throw_away


@pytest.fixture(params=["embedded", "elasticsearch"])
def index(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Engine]:
    """Each engine in turn, empty. Tests that ask for it say whether their database is rolled back or really commits."""
    fresh_engine()
    if request.param == "embedded":
        if connection.vendor != "sqlite":
            pytest.skip("the embedded engine lives in SQLite")
        settings.ELASTICSEARCH_URL = ""
    elif not settings.ELASTICSEARCH_URL:
        pytest.skip("no Elasticsearch is named: make test-services does")
    made = engine()
    assert made is not None
    assert made.name == request.param
    yield made
    throw_away()


@pytest.fixture
def empty(index: Engine) -> Engine:
    """Each engine in turn, with an index that holds nothing."""
    index.rebuild(iter(()), catch_up=lambda: None)
    return index
