"""Is it worth asking a service that failed a moment ago? After a few failures in a row, not before a trial has succeeded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
# So long after a failure the service is tried again, beside the callers: none of them waits for what may not answer.
PAUSE_SECONDS = 2.0
# When nobody has come for so long, there was no trial either, and whoever comes first tries.
QUIET_SECONDS = 10.0


class Breaker:
    """Closed while all is well, open after `FAILURES` in a row, closed again when a trial succeeds. One per process.

    `trial` asks the service as callers do, and raises where it fails.
    """

    def __init__(self, trial: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._trial = trial
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._failed_at = 0.0
        self._is_trying = False

    def lets_through(self) -> bool:
        with self._lock:
            since = self._clock() - self._failed_at
            if self._failures < FAILURES:
                return True
            if self._is_trying or since < PAUSE_SECONDS:
                return False
            if since > QUIET_SECONDS:
                # This caller tries; the others go without until it is known how that went.
                self._failed_at = self._clock()
                return True
            self._is_trying = True
        threading.Thread(target=self._try, name="search-trial", daemon=True).start()
        return False

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._failed_at = self._clock()

    def _try(self) -> None:
        try:
            self._trial()
        except Exception:
            self.failed()
        else:
            self.succeeded()
        finally:
            self._is_trying = False
