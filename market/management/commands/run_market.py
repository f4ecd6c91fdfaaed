"""`manage.py run_market`: everything set up, then the site and its worker, until Ctrl-C. For the embedded settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from market.demonstration.people import ACCOUNTS, PASSWORD, TOTP_SECRET


class Command(BaseCommand):
    help = "Prepares the embedded market if need be, prints the demonstration accounts and serves the site with its worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This command is for the embedded settings; deploy/ says how production is run.")
        call_command("prepare")
        self._say_who_is_there(options["port"])
        # A room's frame fits into one packet: pressed together for each watcher anew, it would only come later.
        plain = ["--ws-per-message-deflate", "false"]
        server = [sys.executable, "-m", "uvicorn", "market.asgi:application", "--log-level", "warning", *plain]
        _run_until_stopped(
            [
                [*server, "--host", options["host"], "--port", str(options["port"])],
                [sys.executable, "manage.py", "worker"],
            ]
        )

    def _say_who_is_there(self, port: int) -> None:
        write = self.stdout.write
        write(f"\nThe market is open at http://localhost:{port}/ (English: http://localhost:{port}/en/), editors at /cms/.")
        write(f"Sign in with one of these accounts, password {PASSWORD}:")
        for account in ACCOUNTS:
            write(f"  {account.email:32} {account.name_en} · {account.name}")
        write(f"The broker and the officials also need a code: put the secret {TOTP_SECRET} into an authenticator,")
        write("or ask for the present one: uv run python manage.py demonstration_code\n")


def _run_until_stopped(commands: Sequence[Sequence[str]]) -> None:
    """Runs these side by side; when one ends or Ctrl-C is pressed, all are stopped."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    children = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) for command in commands]  # noqa: S603
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
