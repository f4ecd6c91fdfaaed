"""Guessing at the doors is counted over all processes of the site, however many guesses arrive at once."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import Settings

from market.accounts.models import Person
from market.settings import base
from tests.accounts.test_sign_in import LOGIN
from tests.bench.server import Site
from tests.concurrency.at_once import at_once
from tests.people import PASSWORD, Cast
from tests.second_factor import give_second_factor

AUTHENTICATE = "/accounts/2fa/authenticate/"
WRONG = "four wrong guesses"


class Guesser:
    """Somebody with cookies of their own at one of the processes, seen under this address by the proxy before them."""

    def __init__(self, site: Site, seen_as: str) -> None:
        self._site, self._seen_as = site, seen_as
        self._cookies = {"csrftoken": secrets.token_hex(16)}

    def post(self, path: str, **typed: str) -> int:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-CSRFToken": self._cookies["csrftoken"],
            "X-Forwarded-For": self._seen_as,
        }
        line = http.client.HTTPConnection(self._site.address, timeout=60)
        line.request("POST", path, urlencode(typed), headers)
        answer = line.getresponse()
        answer.read()
        for kept in answer.headers.get_all("Set-Cookie", []):
            name, _, value = kept.partition(";")[0].partition("=")
            self._cookies[name] = value
        line.close()
        return answer.status

    def guess(self, email: str, password: str = WRONG) -> int:
        return self.post(LOGIN, login=email, password=password)


@pytest.fixture
def processes(
    committed_db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Site, Site]]:
    """Two processes of the site on the database and the cache of this test, behind one proxy."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database['NAME']}")
        # The suite's own cache is one process's; the site's stands in the database.
        settings.CACHES = base.CACHES
        call_command("createcachetable", verbosity=0)
    else:
        address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        monkeypatch.setenv("DATABASE_URL", f"postgres://{address}/{database['NAME']}")
        monkeypatch.setenv("REDIS_URL", django_settings.CACHES["default"]["LOCATION"])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "market.settings.embedded")
    monkeypatch.setenv("MARKET_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "1")
    cache.clear()
    sites = Site(tmp_path), Site(tmp_path)
    try:
        with ThreadPoolExecutor(2) as starting:
            list(starting.map(Site.start, sites))
        yield sites
    finally:
        for site in sites:
            site.stop()
        cache.clear()
        connections.close_all()


def who_signs_in(person: Person) -> str:
    """The person's address, verified, with a password as the site hashes it."""
    person.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    person.save(update_fields=["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    give_second_factor(person)
    return person.email


def answers_at_once(guesses: Sequence[Callable[[], int]]) -> list[int]:
    outcome = at_once(guesses)
    assert outcome.errors == []
    return outcome.results


def test_two_processes_count_as_one(processes: tuple[Site, Site]) -> None:
    cast = Cast()
    guessed, other, official = (
        who_signs_in(member.person) for member in (cast.university_agent, cast.enterprise_agent, cast.registrar)
    )
    of_one_account(processes, guessed)
    of_many_accounts(processes)
    of_codes(processes, official)
    assert Guesser(processes[0], "203.0.113.200").guess(other, PASSWORD) == 302, "whom nobody guessed at signs in"


def of_one_account(processes: tuple[Site, Site], email: str) -> None:
    """From as many addresses as guesses."""
    guessers = [Guesser(processes[n % 2], f"198.51.100.{n}") for n in range(12)]
    answers = answers_at_once([lambda it=it: it.guess(email) for it in guessers])  # type: ignore[misc]
    # Whoever waits too long for the count is turned away as well, so it may be fewer that are heard.
    assert 1 <= answers.count(200) <= 5
    assert set(answers) == {200, 429}
    one_by_one = [Guesser(processes[n % 2], f"192.0.2.{n}").guess(email) for n in range(6)]
    assert one_by_one.count(200) + answers.count(200) == 5
    assert one_by_one[-2:] == [429, 429], "at either process"


def of_many_accounts(processes: tuple[Site, Site]) -> None:
    """From one address, which says that it passes on guesses of others: what it says before the proxy's own word is not believed."""
    guessers = [Guesser(processes[n % 2], f"192.0.2.{n}, 203.0.113.9") for n in range(16)]
    answers = answers_at_once([lambda it=it, n=n: it.guess(f"user{n}@elsewhere.example") for n, it in enumerate(guessers)])  # type: ignore[misc]
    assert 1 <= answers.count(200) <= 10
    assert set(answers) == {200, 429}


def of_codes(processes: tuple[Site, Site], email: str) -> None:
    """By somebody who has the password already, and has signed in with it at both."""
    guessers = [Guesser(site, f"203.0.113.{n}") for n, site in enumerate(processes, start=50)]
    assert [guesser.guess(email, PASSWORD) for guesser in guessers] == [302, 302]
    assert [guessers[n % 2].post(AUTHENTICATE, code="000000") for n in range(8)] == [200] * 5 + [429] * 3
