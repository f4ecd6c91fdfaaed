"""Is it worth asking a service that failed a moment ago? After a few failures in a row, not for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
# Then one caller may try again; the others go without until it has succeeded.
PAUSE_SECONDS = 5.0


class Breaker:
    """Closed while all is well, open after `FAILURES` in a row, half open when the pause is over. One per process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    def lets_through(self) -> bool:
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._closed_again_at:
                return False
            # This caller tries; until it is known how that went, nobody else does.
            self._closed_again_at = self._clock() + PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._closed_again_at = self._clock() + PAUSE_SECONDS
