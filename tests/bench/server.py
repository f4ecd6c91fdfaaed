"""The site as a process of its own, for benchmarks and faults: one uvicorn on a free port, quiet, stopped by whoever started it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.processes import launch
from tests.services import free_port

# A machine under load takes its time.
_PATIENCE = 240.0


class Site:
    """`market.asgi` behind one address. It finds the market through this process's environment."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / f"site-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """It answers."""
        command = [sys.executable, "-m", "uvicorn", "market.asgi:application", "--port", str(self.port)]
        command += ["--log-level", "warning", "--ws-per-message-deflate", "false"]
        with self.log.open("ab") as log:
            self.process = launch(command, stdout=log, stderr=log, env=os.environ)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise RuntimeError(f"the site did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def send(self, number: signal.Signals) -> None:
        """This signal, and no other, to this process, and no other."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """As a power cut would: no good-bye."""
        self.send(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.send(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
