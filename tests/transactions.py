"""Waiting for the transactions of other tests: on PostgreSQL a reader gives no event before every older one is over."""

from __future__ import annotations

import time

from django.db import connection

from market.events.models import Event

_PATIENCE = 120.0


def wait_for_older_transactions() -> None:
    """Every event so far can be read. The processes that run tests side by side share one cluster, and so its transactions."""
    newest = Event.objects.order_by("-transaction").values_list("transaction", flat=True).first() or 0
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + _PATIENCE
    while _oldest_running() <= newest:
        assert time.monotonic() < deadline, "another test's transaction does not end"
        time.sleep(0.05)


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
