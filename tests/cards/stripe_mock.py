"""Stripe's own stand-in, which keeps no state but knows every parameter: built once with Go, from Go's module proxy."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import free_port

# The newest that Debian's Go builds.
_MODULE = "github.com/stripe/stripe-mock@v0.185.0"
_HOME = Path(__file__).parents[2] / ".cache" / "go"
PROGRAM = _HOME / "bin" / "stripe-mock"


def built() -> Path:
    """The program, built if it is not there yet. Raises RuntimeError where that cannot be done."""
    if PROGRAM.exists():
        return PROGRAM
    go = shutil.which("go")
    if go is None:
        raise RuntimeError("Go is not installed; make test-services installs it")
    environment = {**os.environ, "GOPATH": str(_HOME), "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"}
    subprocess.run([go, "install", _MODULE], env=environment, check=True, timeout=600)
    return PROGRAM


@contextmanager
def stripe_mock() -> Iterator[str]:
    """It answers on a port of this machine until the end; gives the address."""
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen([built(), "-http-addr", address], stdout=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://{address}")
            yield f"http://{address}"
        finally:
            process.terminate()


def _wait(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("stripe-mock did not start")
