"""Statements that are sent again and again, each worked out once per connection: for the few places where that is felt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection


class _Prepared(psycopg.Cursor[Any]):
    """Has the server keep the plan of whatever it sends; the usual cursor writes the values into the text, which is new each time."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> _Prepared:
        return super().execute(query, params, prepare=True)


@contextlib.contextmanager
def prepared_cursor() -> Iterator[Any]:
    """For use in a transaction: a cursor for statements of a fixed text. On PostgreSQL their plans are kept, which halves what a
    short one costs there."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    # The transaction's beginning has seen to it that there is a connection and that it answers.
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    prepared: Any = _Prepared(connection.connection)
    with wrapped(prepared) as cursor:
        yield cursor
