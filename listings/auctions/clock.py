"""What time is it? The database's, read while the auction's row is locked: the only time that counts for a bid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.dateparse import parse_datetime

# Gives the instant that counts for the database's instant: the same, but in tests and in the demonstration's past.
type Clock = Callable[[datetime], datetime]

NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}
# For the rest of the transaction: a process that holds a row and says nothing for so long, because it was stopped or its line
# was cut, loses the row to the others; what it has not committed has not happened.
HELD = f"set_config('idle_in_transaction_session_timeout', '{settings.IDLE_LOCK_SECONDS}s', true)"


def as_it_is(instant: datetime) -> datetime:
    """The clock of real auctions."""
    return instant


def database_now() -> datetime:
    """The database's time at this moment, not that of the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW[connection.vendor]}")
        return instant(cursor.fetchone()[0])


def hold_no_longer() -> None:
    """Whoever holds a row in this transaction and falls silent loses it. SQLite has one machine only, and its locks end with it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {HELD}")


def instant(value: object) -> datetime:
    """What a cursor gave for an instant: SQLite has text or a naive datetime, both in UTC."""
    if isinstance(value, str):
        value = parse_datetime(value)
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
