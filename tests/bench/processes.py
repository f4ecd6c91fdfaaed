"""Processes beside this one, for benchmarks and faults: none of them outlives it, whatever it ends by."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

_STARTED: list[subprocess.Popen[Any]] = []
_PATIENCE = 10.0


def launch(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """As `Popen`; ended by `ending_all`, if by nobody before."""
    process = subprocess.Popen(command, **options)
    _STARTED.append(process)
    return process


@contextlib.contextmanager
def ending_all() -> Iterator[None]:
    """Whatever was launched meanwhile and still runs is ended on the way out, also what stands still."""
    try:
        yield
    finally:
        left = [process for process in _STARTED if process.poll() is None]
        for process in left:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in left:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
                continue
            process.kill()
        _STARTED.clear()
