"""A service that fails or hangs costs a few visitors a moment, and then nobody anything. Without a database."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import pytest
from pytest_django import Settings

from search.engines import EngineAwayError
from search.engines.breaker import FAILURES, PAUSE_SECONDS, QUIET_SECONDS, Breaker
from search.engines.elasticsearch import ElasticsearchEngine
from search.parse import parse


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Service:
    """Fails or answers its trials, and counts them."""

    def __init__(self) -> None:
        self.fails = True
        self.trials: Queue[bool] = Queue()

    def __call__(self) -> None:
        self.trials.put(self.fails)
        if self.fails:
            raise EngineAwayError("away")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def breaker(service: Service, clock: Clock) -> Breaker:
    """Open: the service failed as often as it may."""
    made = Breaker(service, clock)
    for _ in range(FAILURES):
        assert made.lets_through()
        made.failed()
    assert not made.lets_through()
    return made


def _tried(breaker: Breaker, service: Service) -> None:
    """A caller comes, goes without, and the trial it set off is over."""
    assert not breaker.lets_through()
    service.trials.get(timeout=5)
    for thread in threading.enumerate():
        if thread.name == "search-trial":
            thread.join(5)


def test_the_service_is_tried_beside_the_callers_and_asked_again_when_that_succeeds(
    breaker: Breaker, service: Service, clock: Clock
) -> None:
    clock.now += PAUSE_SECONDS
    _tried(breaker, service)
    # That failed: another pause.
    assert not breaker.lets_through()
    assert service.trials.empty()
    service.fails = False
    clock.now += PAUSE_SECONDS
    _tried(breaker, service)
    assert breaker.lets_through()
    assert breaker.lets_through()


def test_after_a_quiet_time_whoever_comes_first_tries(breaker: Breaker, service: Service, clock: Clock) -> None:
    clock.now += QUIET_SECONDS + 1
    assert breaker.lets_through()
    assert not breaker.lets_through()
    assert service.trials.empty()
    breaker.succeeded()
    assert breaker.lets_through()


def test_one_success_forgets_the_failures_before(service: Service) -> None:
    breaker = Breaker(service, Clock())
    for _ in range(10):
        breaker.failed()
        breaker.succeeded()
    assert breaker.lets_through()


def test_a_server_that_accepts_and_never_answers_is_given_up(settings: Settings) -> None:
    settings.SEARCH_SECONDS = 0.2
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        engine = ElasticsearchEngine(f"http://127.0.0.1:{deaf.getsockname()[1]}")
        started = time.monotonic()
        for _ in range(50):
            with pytest.raises(EngineAwayError):
                engine.search(parse("煤"))
        # Three wait for the time limit, the others not at all.
        assert time.monotonic() - started < 3


@pytest.fixture
def broken_server() -> Iterator[str]:
    """Answers everything with what an overloaded or half started server says, then with nonsense."""
    answers = [(503, b"{}"), (429, b"{}"), (200, b"<html>"), (200, b"{}"), (500, b"")]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Not to the tests' output."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_errors_and_nonsense_are_an_engine_that_is_away(broken_server: str) -> None:
    for _ in range(5):
        with pytest.raises(EngineAwayError):
            ElasticsearchEngine(broken_server).search(parse("煤"))
