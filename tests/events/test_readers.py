"""Readers hear of every event once, also when transactions commit in another order than they began."""

from __future__ import annotations

import threading
import time
from collections.abc import Sized
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from market.events.actions import advance, record
from market.events.models import Event, Position
from market.events.registry import Reader
from market.values.actor import Actor

pytestmark = pytest.mark.usefixtures("committed_db")

SOMEBODY = Actor(person=7, organisation=3)


def an_event(now: datetime, subject: str = "policy:x1") -> Event:
    with transaction.atomic():
        return record("policy.approved", subject=subject, actor=SOMEBODY, now=now, kind="x")


def advance_until(reader: Reader, heard: Sized, count: int, *, now: datetime) -> None:
    """Advances until so many were heard. On PostgreSQL a reader waits for older transactions of the whole cluster,
    other tests' among them, so one call may give nothing yet."""
    deadline = time.monotonic() + 30
    while len(heard) < count and time.monotonic() < deadline:
        if not advance(reader, now=now):
            time.sleep(0.02)


def test_a_reader_hears_of_each_event_once_and_only_of_its_own(now: datetime) -> None:
    heard: list[int] = []
    reader = Reader("test.reader", {"policy.approved": lambda event: heard.append(event.pk)})
    events = [an_event(now, f"policy:x{n}") for n in range(3)]
    advance_until(reader, heard, 3, now=now)
    assert heard == [event.pk for event in events]
    assert advance(reader, now=now) == 0


def test_a_reader_that_fails_tries_again_later_and_loses_nothing(now: datetime) -> None:
    is_broken = True
    heard: list[int] = []
    tried: list[int] = []

    def handle(event: Event) -> None:
        tried.append(event.pk)
        if is_broken:
            raise RuntimeError("away")
        heard.append(event.pk)

    reader = Reader("test.failing", {"policy.approved": handle})
    event = an_event(now)
    advance_until(reader, tried, 1, now=now)
    assert heard == []
    position = Position.objects.get(reader="test.failing")
    assert position.failures == 1
    assert "away" in position.last_error
    is_broken = False
    assert advance(reader, now=now) == 0  # still pausing
    assert len(tried) == 1
    advance_until(reader, heard, 1, now=now + timedelta(seconds=5))
    assert heard == [event.pk]


def test_an_event_that_commits_late_is_not_left_out(now: datetime) -> None:
    """On PostgreSQL the first transaction to begin may be the last to commit; SQLite lets one write at a time."""
    heard: list[str] = []
    reader = Reader("test.order", {"policy.approved": lambda event: heard.append(event.subject)})
    may_commit, has_written = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record("policy.approved", subject="policy:slow", actor=SOMEBODY, now=now, kind="x")
            has_written.set()
            may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert has_written.wait(10)
    if connection.vendor == "postgresql":
        an_event(now, "policy:quick")
        advance(reader, now=now)
        assert heard == []
    may_commit.set()
    thread.join()
    if connection.vendor != "postgresql":
        an_event(now, "policy:quick")
    advance_until(reader, heard, 2, now=now)
    assert sorted(heard) == ["policy:quick", "policy:slow"]


def test_two_workers_at_once_handle_each_event_once(now: datetime) -> None:
    heard: list[int] = []
    reader = Reader("test.both", {"policy.approved": lambda event: heard.append(event.pk)})
    for number in range(20):
        an_event(now, f"policy:w{number}")

    def work() -> None:
        advance_until(reader, heard, 20, now=now + timedelta(hours=1))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == len(set(heard)) == 20
