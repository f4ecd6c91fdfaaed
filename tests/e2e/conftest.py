"""The site on a port of its own with the worker at hand, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from market.asgi import application
from market.messages import compile_catalogues
from market.portal.actions import build_site
from search.engines import engine
from tests.cards.stand_in import KEY, SECRET, StandIn, deliver, stand_in
from tests.e2e.browser import CHROMIUM, FLAGS, Person
from tests.people import Cast, Member
from tests.portal.sites import some_texts
from tests.search.indexes import fresh_engine, throw_away
from tests.second_factor import give_second_factor, signed_in
from tests.services import free_port

_START = 20.0
_LONGEST_WORK = 90.0


@dataclass
class LiveMarket:
    """A running site with its cast. The database is asked in a thread apart: the browser's own loop runs in this one."""

    address: str
    cast: Cast
    pictures: Path
    people: list[Person] = field(default_factory=list)

    def ask[T](self, question: Callable[[], T]) -> T:
        """What the database answers."""
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(_and_close, question).result()

    def work(self, until: Callable[[], Any] = lambda: True) -> None:
        """The worker does what is due, as often as it takes: on PostgreSQL readers wait for older transactions to end."""
        deadline = time.monotonic() + _LONGEST_WORK
        while True:
            self.ask(_work_once)
            if self.ask(until):
                return
            assert time.monotonic() < deadline, "the worker did not get there"


def _work_once() -> None:
    call_command("worker", once=True)
    index = engine()
    if index is not None:
        index.settle()


def _and_close[T](question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        connections.close_all()


def may_sign_in(member: Member) -> None:
    """The member's address is verified, and the second factor set up."""
    EmailAddress.objects.create(user=member.person, email=member.person.email, verified=True, primary=True)
    give_second_factor(member.person)


def cookies_of(member: Member) -> dict[str, str]:
    """The cookies of somebody who signed in just now."""
    return {name: cookie.value for name, cookie in signed_in(member).cookies.items()}


@pytest.fixture
def live_market(committed_db: None, settings: Settings, request: pytest.FixtureRequest) -> Iterator[LiveMarket]:
    compile_catalogues()
    fresh_engine()
    cast = Cast("e2e")
    for member in vars(cast).values():
        if isinstance(member, Member):
            may_sign_in(member)
    build_site(some_texts())
    port = free_port()
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    pictures = Path(django_settings.VAR_DIR) / "e2e" / connection.vendor / request.node.name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + _START
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield LiveMarket(settings.SITE_URL, cast, pictures)
    server.should_exit = True
    thread.join(_START)
    throw_away()
    connections.close_all()


@pytest.fixture
def stripe(live_market: LiveMarket, settings: Settings) -> Iterator[StandIn]:
    """A Stripe of the test's own, which tells the running site of every event."""
    with stand_in() as it:
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = KEY, SECRET, it.address
        it.tell = lambda event: deliver(event, f"{live_market.address}/webhooks/stripe/")
        yield it


@pytest.fixture
def browser(live_market: LiveMarket) -> Iterator[Browser]:

    if not os.path.exists(CHROMIUM):
        pytest.skip("Chromium is not installed; make test installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def sit_down(live_market: LiveMarket, browser: Browser) -> Callable[..., Person]:
    """Gives somebody a browser of their own, in which they have signed in already where the story is not about that."""

    def seated(name: str, *, signed_in: Member | None = None, **options: Any) -> Person:
        person = Person(browser, live_market.address, live_market.pictures, name=name, **options)
        live_market.people.append(person)
        if signed_in is not None:
            person.has_cookies(live_market.ask(lambda: cookies_of(signed_in)))
        return person

    return seated
