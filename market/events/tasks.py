"""What the log does by itself: every hour its new heads are written down outside the database."""

from __future__ import annotations

from datetime import timedelta

from market.events.actions import anchor_log
from market.events.registry import Sweep, sweep

sweep(Sweep("events.anchor", anchor_log, every=timedelta(hours=1)))
