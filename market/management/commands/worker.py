"""`manage.py worker`: keeps readers of the event log up to date, calls what falls due, and runs queued tasks."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from datetime import datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.tasks import task_backends
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker

from market.events.actions import advance
from market.events.queries import last_event
from market.events.registry import READERS, SWEEPS

log = logging.getLogger(__name__)

# A reader's turn ends after so many seconds, with the event at hand: what is due comes between.
_TURN = 0.2
# Between rounds it looks for what is due, and for what has happened, so often, in seconds.
_TICK = 0.1


class Command(BaseCommand):
    help = "Runs readers, sweeps and tasks until it is told to stop; several at once do no harm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--pause", type=float, default=1.0, help="most seconds between rounds while nothing happens")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_running = True
        self.swept_at: dict[str, datetime] = {}
        self.seen = 0
        if options["once"]:
            while self._round():
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while self.is_running:
            try:
                busy = self._round()
            except Error:
                # The database is away: whatever is due stays due.
                log.exception("the database did not answer")
                busy = 0
            close_old_connections()
            if not busy:
                self._rest(options["pause"])

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_running = False

    def _rest(self, seconds: float) -> None:
        """There is nothing to read, until something happens; what is due comes in time all the same."""
        until = time.monotonic() + seconds
        while self.is_running and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _TICK))
            self._sweep()
            if self._has_news():
                break

    def _has_news(self) -> bool:
        """Something was written into the log since the last round began."""
        try:
            return last_event() != self.seen
        except Error:
            return False

    def _round(self) -> int:
        """Everything that is due now, once; gives the number of events handled."""
        self.seen = last_event()
        handled = 0
        for reader in READERS.values():
            # A long log to read, or events that are long to handle, must keep no auction from its end.
            self._sweep()
            until = time.monotonic() + _TURN
            while time.monotonic() < until and advance(reader, now=timezone.now(), limit=1):
                handled += 1
        if isinstance(task_backends["default"], DatabaseBackend):
            _run_queued_tasks()
        return handled

    def _sweep(self) -> None:
        for sweep in SWEEPS.values():
            now = timezone.now()
            last = self.swept_at.get(sweep.name)
            if last is not None and now - last < sweep.every:
                continue
            self.swept_at[sweep.name] = now
            # One sweep that fails must not keep the others from being called.
            try:
                sweep.run(now)
            except Exception:
                log.exception("sweep %s failed", sweep.name)


def _run_queued_tasks() -> None:
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="market-worker",
        excluded_queue_names=[],
    ).run()
