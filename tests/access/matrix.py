"""Who gets which answer from which route? Reads `access.yaml`, asks as every role, and says where the two differ."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache as shared_cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from market.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from market.accounts.models import Person
from tests.access.memory import Memory
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes
from tests.access.world import Values, World
from tests.browsers import Browser
from tests.people import Member
from tests.second_factor import give_second_factor, prove_identity

TABLE = Path(__file__).with_name("access.yaml")
OPEN_VERBS = ("GET", "HEAD", "POST")
OTHER_VERBS = ("OPTIONS", "PUT", "PATCH", "DELETE")
ROLES = (
    "anonymous",
    "member",
    "university_owner",
    "university_agent",
    "university_finance",
    "enterprise_agent",
    "rival_agent",
    "broker",
    "outsider",
    "registrar",
    "supervisor",
    "administrator",
    "finance",
    "official_without_mfa",
    "editor",
    "superuser",
)
# Seconds: a walk over all routes may take longer on a busy machine than a proof of identity holds.
LONGEST_WALK = 3600
# "closed" is any of those below that close a door; it is what a role without an entry must meet.
CLOSING = ("login", "mfa", "403", "404", "405")
ANSWERS = ("ok", "done", *CLOSING, "409", "422", "500", "reauthenticate", "cms-refused", "closed", "any")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table: the object that fills the address, and the answer to each verb and role."""

    key: str
    filled_with: str
    late: str
    answers: Mapping[str, Mapping[str, str]]

    def expected(self, verb: str, role: str) -> str:
        """The answer class for this verb and role; HEAD is answered as GET."""
        by_role = self.answers.get("GET" if verb == "HEAD" else verb, {})
        return by_role.get(role, "closed")


class BadTable(ValueError):
    """The table cannot be read; the message says where."""


@cache
def table() -> Mapping[str, Entry]:
    """Every entry, by its key: a route's pattern, or a pattern with `*`."""
    raw = yaml.safe_load(TABLE.read_text())
    groups = {name: _members(words, raw["groups"]) for name, words in raw["groups"].items()}
    entries = {}
    for key, line in raw["routes"].items():
        answers = {verb: _answers(text, groups, key) for verb, text in line.items() if verb.isupper()}
        entries[key] = Entry(key, line.get("with", ""), line.get("late", ""), answers)
    return entries


def _members(words: str, groups: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that these words name; a word may be another group."""
    found: list[str] = []
    for word in words.split():
        found += _members(groups[word], groups) if word in groups else [word]
    if unknown := set(found) - set(ROLES):
        raise BadTable(f"nobody is called {', '.join(sorted(unknown))}")
    return tuple(found)


def _answers(text: object, groups: Mapping[str, tuple[str, ...]], key: str) -> dict[str, str]:
    """ "ok registrar, 403 parties, 404" by role; the last, without roles, is for all others who are fully signed in."""
    by_role: dict[str, str] = {}
    for part in str(text).split(","):
        answer, *words = part.split()
        if answer not in ANSWERS:
            raise BadTable(f"{key}: {answer} is not one of {', '.join(ANSWERS)}")
        if words:
            named = [role for word in words for role in groups.get(word, (word,))]
        else:
            named = [role for role in ROLES if role not in {"anonymous", "official_without_mfa"}]
        for role in named:
            if role not in ROLES:
                raise BadTable(f"{key}: nobody is called {role}")
            by_role.setdefault(role, answer)
    by_role.setdefault("anonymous", "login")
    by_role.setdefault("official_without_mfa", "mfa")
    return by_role


def entry_for(route: Route) -> Entry | None:
    """The route's own entry, else the longest one with a `*` that covers it."""
    entries = table()
    if route.pattern in entries:
        return entries[route.pattern]
    wide = [key for key in entries if "*" in key and fnmatch.fnmatchcase(route.pattern, key)]
    return entries[max(wide, key=len)] if wide else None


def entries_without_route() -> list[str]:
    used = {entry.key for route in routes() if (entry := entry_for(route))}
    return sorted(set(table()) - used)


@dataclass(slots=True)
class Visitors:
    """A browser per role, signed in once; each request begins from the same cookies."""

    world: World
    clients: dict[str, Client]
    memory: Memory

    @classmethod
    def of(cls, world: World, memory: Memory) -> Visitors:
        from tests.access.visitors import extra_members

        cast = world.cast
        members: dict[str, Member] = {role: getattr(cast, role) for role in ROLES if hasattr(cast, role)}
        members |= extra_members(world)
        clients = {"anonymous": Client()}
        for role, member in members.items():
            clients[role] = signed_in(member, with_second_factor=role != "official_without_mfa")
        for client in clients.values():
            client.raise_request_exception = False
        return cls(world, clients, memory)

    def ask(
        self,
        role: str,
        verb: str,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        keeps: bool = False,
        then: Callable[[], None] | None = None,
    ) -> HttpResponse:
        """The answer. What was written is looked at by `then` and rolled back, unless it `keeps`; the browser forgets it all."""
        client = self.clients[role]
        cookies = client.cookies.copy()
        shared_cache.clear()
        with self.memory.of_request(), transaction.atomic():
            try:
                answer = client.post(path, data or {}) if verb == "POST" else client.generic(verb, path)
                if then is not None:
                    then()
            finally:
                transaction.set_rollback(not keeps)
        client.cookies = cookies
        return answer  # type: ignore[no-any-return]

    def prove(self, role: str) -> None:
        """The role's browser is as after a sign-in just now; a visitor has none."""
        client = self.clients[role]
        if settings.SESSION_COOKIE_NAME not in client.cookies:
            return
        session = client.session
        prove_identity(session, Person.objects.get(pk=session[SESSION_KEY]), seconds_ago=-LONGEST_WALK)
        session.save()


def signed_in(member: Member, *, with_second_factor: bool) -> Client:
    if with_second_factor:
        give_second_factor(member.person)
    client = Browser()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    if member.organisation:
        session["acting_organisation"] = member.organisation.key
    prove_identity(session, member.person, seconds_ago=-LONGEST_WALK)
    # As after a first request, else each one would write them anew and have it rolled back.
    session[SIGNED_IN_AT] = session[SEEN_AT] = timezone.now().isoformat()
    session.save()
    return client


def class_of(answer: HttpResponse) -> str:
    """Which of the table's answers was it? A server error or anything unexpected is its number."""
    status, to = answer.status_code, answer.headers.get("Location", "")
    if 200 <= status < 300:
        return "ok"
    if status in {301, 302, 303}:
        path = to.split("?")[0].removeprefix("/en")
        doors = {
            "/accounts/login/": "login",
            "/cms/login/": "login",
            "/accounts/2fa/totp/activate/": "mfa",
            "/accounts/reauthenticate/": "reauthenticate",
            "/accounts/2fa/reauthenticate/": "reauthenticate",
            "/cms/": "cms-refused",
        }
        return doors.get(path, "done")
    return str(status)


def fits(expected: str, got: str) -> bool:
    if expected == "any":
        return got != "500" and got in {*ANSWERS, "400"}
    if expected == "closed":
        return got in {*CLOSING, "cms-refused"}
    return expected == got


def address(route: Route, values: Values, *, language: str = "") -> str:
    """The path; one that would lead to another route than is meant is a mistake of the table and says so."""
    path = route.path(values, language=language)
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            found = resolve(path)
        except Resolver404 as error:
            raise BadTable(f"{route.pattern}: {path} leads nowhere") from error
    if found.view_name != route.name:
        raise BadTable(f"{route.pattern}: {path} leads to {found.view_name}")
    return path


def values_of(name: str, world: World) -> Values:
    return world.values(name) if name else {}


def differences(route: Route, entry: Entry, visitors: Visitors) -> Iterator[str]:
    """A sentence for every verb and role whose answer is not the table's. GET is asked in Chinese, HEAD in English."""
    world = visitors.world
    values = values_of(entry.filled_with, world)
    for verb in (*OPEN_VERBS, *OTHER_VERBS):
        path = address(route, values, language="en" if verb == "HEAD" else "")
        for role in ROLES:
            data = payload_for(route.name, world) if verb == "POST" else None
            expected = entry.expected(verb, role) if verb in OPEN_VERBS else "405"
            got = class_of(visitors.ask(role, verb, path, data))
            if not fits(expected, got):
                yield f"{verb} {route.pattern} as {role}: {got}, not {expected}"


def line_to_paste(route: Route, visitors: Visitors) -> str:
    """An entry as the site answers now, to be judged by a person and pasted into `access.yaml`."""
    world = visitors.world
    wanted = set(route.parameters)
    guessed = next((name for name in sorted(world.names) if wanted and set(world.values(name)) == wanted), "")
    lines = [f"  {route.pattern}:"] + ([f"    with: {guessed or '?'}"] if wanted else [])
    for verb in ("GET", "POST"):
        path = route.path(values_of(guessed, world))
        answers = {}
        for role in ROLES:
            data = payload_for(route.name, world) if verb == "POST" else None
            answers[role] = class_of(visitors.ask(role, verb, path, data))
        lines.append(f"    {verb}: {_in_short(answers)}")
    return "\n".join(lines)


def _in_short(answers: Mapping[str, str]) -> str:
    """As `_answers` reads it: the commonest answer last and without roles."""
    full = [role for role in ROLES if role not in {"anonymous", "official_without_mfa"}]
    commonest = max((answers[role] for role in full), key=[answers[role] for role in full].count)
    usual = {"anonymous": "login", "official_without_mfa": "mfa"}
    named: dict[str, list[str]] = {}
    for role, answer in answers.items():
        if answer != usual.get(role, commonest):
            named.setdefault(answer, []).append(role)
    return ", ".join([*(f"{answer} {' '.join(roles)}" for answer, roles in named.items()), commonest])
