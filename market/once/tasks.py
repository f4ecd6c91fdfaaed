"""What happens to the notes of forms by itself: the old ones are thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.events.registry import Sweep, sweep
from market.once.actions import forget_done_forms


def forget_old_forms(now: datetime) -> None:
    forget_done_forms(now=now)


sweep(Sweep("once.forget_done_forms", forget_old_forms, every=timedelta(hours=1)))
