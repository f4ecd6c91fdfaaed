"""A migrated market of its own on real services, for benchmarks and faults; and processes that work in it side by side."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.processes import ending_all, launch
from tests.services import PostgreSQL, Redis, Service, addresses, running

SETTINGS = "market.settings.embedded"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to write in, and the services that the market runs on."""

    folder: Path
    services: Sequence[Service]


@contextlib.contextmanager
def market(kinds: Sequence[type[Service]] = (PostgreSQL, Redis)) -> Iterator[Place]:
    """This process is set up on an empty, migrated market; processes started from it find the same one."""
    with tempfile.TemporaryDirectory(prefix="market-bench-") as folder, running(kinds) as services, ending_all():
        os.environ |= {"DATABASE_URL": "", "REDIS_URL": "", "ELASTICSEARCH_URL": ""} | addresses(services)
        os.environ |= {"MARKET_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": SETTINGS}
        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_policy", verbosity=0)
        yield Place(Path(folder), services)


def set_up() -> None:
    """Django, for this process."""
    import django

    django.setup()


def side_by_side(module: str, arguments: Sequence[object], *, ready: Callable[[float], None] = lambda begin: None) -> list[Any]:
    """`python -m MODULE worker ARGUMENT` for each argument; all begin at one time. What each printed as its last line.

    `ready` is called when all are, with the time of the beginning in seconds since the epoch.
    """
    command = [sys.executable, "-m", module, "worker"]
    running = [
        launch([*command, json.dumps(argument)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for argument in arguments
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    begin = time.time() + 1
    ready(begin)
    said = [process.communicate(str(begin))[0] for process in running]
    if any(process.returncode for process in running):
        raise RuntimeError("a worker failed")
    return [json.loads(text.splitlines()[-1]) for text in said]


def begin_together() -> float:
    """For a worker: ready; gives the time at which all begin, in seconds since the epoch."""
    print("ready", flush=True)
    return float(sys.stdin.readline())
