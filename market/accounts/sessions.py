"""When does a session end? After a time without a request for those with power over others, after half a day for all."""

from __future__ import annotations

from datetime import datetime, timedelta

# Source: GB/T 22239-2019 asks for a time-out; the figures are our own judgement (low).
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
# The time of the last request is written at most this often, so that reading pages does not write all the time.
GRANULARITY = timedelta(seconds=30)


def is_too_old(signed_in_at: datetime, now: datetime) -> bool:
    """True when the session has lasted its longest time, whatever happened in it."""
    return now - signed_in_at >= ABSOLUTE


def is_idle(seen_at: datetime, now: datetime) -> bool:
    """True when nothing was asked for so long that somebody else may sit at the screen."""
    return now - seen_at >= IDLE
