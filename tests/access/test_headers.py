"""Every page says to the browser what it may do: load from here only, run nothing inline, be framed by nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from django.http import HttpResponse

from tests.access.matrix import Visitors, entry_for, values_of
from tests.access.routes import Route, routes

pytestmark = pytest.mark.django_db

ROUTES = routes()
SECTIONS = sorted({route.pattern.split("/")[0] for route in ROUTES})
VISITORS = ("anonymous", "university_agent", "enterprise_agent", "broker", "registrar", "supervisor", "administrator")
_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|importmap)\")|<style|<[a-z][^>]*\s(?:style|on[a-z]+)=\"",
    re.IGNORECASE,
)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_page_carries_the_headers(section: str, visitors: Visitors) -> None:
    wrong = []
    for route in ROUTES:
        if route.pattern.split("/")[0] != section:
            continue
        roles = ("anonymous", "superuser") if section == "cms" else VISITORS
        for role in roles:
            answer = visitors.ask(role, "GET", _path(route, visitors))
            wrong += [f"GET {route.pattern} as {role}: {flaw}" for flaw in _flaws(answer, is_editors=section == "cms")]
    assert not wrong, "\n".join(wrong)


def _path(route: Route, visitors: Visitors) -> str:
    entry = entry_for(route)
    return route.path(values_of(entry.filled_with if entry else "", visitors.world))


def _flaws(answer: HttpResponse, *, is_editors: bool) -> list[str]:
    if not answer.get("Content-Type", "").startswith("text/html"):
        return []
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.get("Content-Security-Policy", "").split(";") if part.strip()
    )
    flaws = [
        f"{name} is {answer.get(name)!r}"
        for name, wanted in {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }.items()
        if answer.get(name) != wanted
    ]
    wanted = {"object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'self'" if is_editors else "'none'"}
    flaws += [f"{name} is {policy.get(name)!r}" for name, value in wanted.items() if policy.get(name) != value]
    if policy.get("default-src") != "'self'":
        flaws.append(f"default-src is {policy.get('default-src')!r}")
    if is_editors or answer.streaming:
        return flaws
    if unsafe := [name for name, value in policy.items() if "unsafe" in value or "*" in value or "http:" in value]:
        flaws.append(f"unsafe: {unsafe}")
    if inline := _INLINE.search(answer.content.decode()):
        flaws.append(f"inline: {inline[0]}")
    return flaws


def test_production_keeps_to_https_and_its_cookies_to_this_host() -> None:
    environment = {
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ALLOWED_HOSTS": "market.example",
        "SITE_URL": "https://market.example",
        "DATABASE_URL": "postgres://market@db/market",
        "REDIS_URL": "redis://redis:6379/0",
        "ELASTICSEARCH_URL": "http://search:9200",
        "EMAIL_HOST": "mail.example",
        "DEFAULT_FROM_EMAIL": "market@market.example",
        "SIGNING_KEY_FILE": "/nowhere/key.pem",
        "ANCHOR_DIR": "/nowhere",
        "BANK_ACCOUNT_HOLDER": "nobody",
        "BANK_ACCOUNT_BANK": "nowhere",
        "BANK_ACCOUNT_NUMBER": "62000000",
        "DATA_KEYS": "".join(map(str, range(30))),
    }
    names = [
        "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_NAME",
        "LANGUAGE_COOKIE_SECURE", "MESSAGE_STORAGE",
    ]  # fmt: skip
    program = (
        f"import json; from market.settings import production as p; print(json.dumps({{n: getattr(p, n) for n in {names!r}}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert said["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert said["SECURE_SSL_REDIRECT"]
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert said[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert said[f"{cookie}_COOKIE_SECURE"]
    assert said["SESSION_COOKIE_HTTPONLY"]
    assert said["SESSION_COOKIE_SAMESITE"] == "Lax"
    # Messages lie in the session: a cookie of their own would be one more to guard.
    assert said["MESSAGE_STORAGE"].endswith("SessionStorage")
