"""What the log does by itself: every hour its new heads are written down outside the database; and each worker tells that it lives."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from market.events.actions import anchor_log, note_sign
from market.events.registry import Sweep, sweep


def tell_that_it_lives(now: datetime) -> None:
    """Whoever watches over the market sees this worker, and how its clock goes."""
    note_sign(f"{socket.gethostname()}:{os.getpid()}", now=now)


sweep(Sweep("events.sign", tell_that_it_lives, every=timedelta(seconds=5)))
sweep(Sweep("events.anchor", anchor_log, every=timedelta(hours=1)))
