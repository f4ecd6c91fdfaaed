"""Every route of the market, with every verb, as every role: the answers are those of `access.yaml`, and nothing else is open."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from market.values.actor import Role
from tests.access.matrix import (
    ROLES,
    Visitors,
    address,
    class_of,
    differences,
    entries_without_route,
    entry_for,
    fits,
    line_to_paste,
    signed_in,
    table,
    values_of,
)
from tests.access.memory import Memory
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes
from tests.access.visitors import extra_members
from tests.access.world import World
from tests.people import Member, a_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unrendered")]

OURS = [route for route in routes() if not route.pattern.startswith("cms/")]


def _sections() -> dict[str, list[Route]]:
    sections: dict[str, list[Route]] = {}
    for route in OURS:
        sections.setdefault(route.pattern.split("/")[0] if "/" in route.pattern else "pages", []).append(route)
    return sections


SECTIONS = _sections()


def test_every_route_has_an_entry(visitors: Visitors) -> None:
    missing = [line_to_paste(route, visitors) for route in routes() if entry_for(route) is None]
    assert not missing, (
        "These routes have no entry in tests/access/access.yaml. Judge whether these answers are right, choose the object "
        "(`with`, from tests/access/world.py), give the form in tests/access/payloads.py, and paste:\n" + "\n".join(missing)
    )


def test_every_entry_has_a_route() -> None:
    assert entries_without_route() == [], "These entries of tests/access/access.yaml belong to no route: take them out."


@pytest.mark.parametrize("section", SECTIONS)
def test_the_answers_are_those_of_the_table(section: str, visitors: Visitors) -> None:
    wrong = [line for route in SECTIONS[section] if (entry := entry_for(route)) for line in differences(route, entry, visitors)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("section", SECTIONS)
def test_an_object_that_does_not_exist_is_404_for_all_who_are_signed_in(section: str, visitors: Visitors) -> None:
    """Or the same 403 that an existing object would give, which says nothing of whether there is one."""
    wrong = []
    for route in SECTIONS[section]:
        entry = entry_for(route)
        if not entry or not entry.filled_with or route.name == "wagtail_serve":
            continue
        path = address(route, {})
        for verb in entry.answers:
            for role in ROLES:
                got = class_of(visitors.ask(role, verb, path))
                allowed = {"anonymous": {"404", "405", "login"}, "official_without_mfa": {"mfa"}}.get(role, {"404", "405"})
                if got not in allowed and not got == entry.expected(verb, role) == "403":
                    wrong.append(f"{verb} {path} as {role}: {got}")
    assert not wrong, "\n".join(wrong)


# Pages that are read by more people than may change what stands there; the form is not drawn for the others.
READ_BY_MORE = {"accounts:members", "account_confirm_email", "relief:contract_relief"}


def test_a_form_is_shown_to_those_only_who_may_send_it() -> None:
    wrong = [
        f"{route.pattern} is shown to {role}, whose sending is answered with {sent}"
        for route in OURS
        if (entry := entry_for(route)) and route.name not in READ_BY_MORE
        for role in ROLES
        if entry.expected("GET", role) == "ok" and (sent := entry.expected("POST", role)) in {"login", "mfa", "403", "404"}
    ]
    assert not wrong, "\n".join(wrong)


def test_an_organisation_not_yet_verified_is_told_so_before_it_fills_in_a_form(visitors: Visitors) -> None:
    world = visitors.world
    listing = world.values("listing")["number"]
    names = {"listings:register_intent": [listing], "demands:publish_demand": [], "brokers:propose_engagement": [listing]}
    newcomer = signed_in(world.newcomer_owner, with_second_factor=True)
    for name, arguments in names.items():
        path = reverse(name, args=arguments)
        assert [newcomer.get(path).status_code, newcomer.post(path).status_code] == [403, 403], name


@pytest.mark.parametrize("route", [route for route in OURS if (entry := entry_for(route)) and entry.late], ids=lambda r: r.name)
def test_an_act_out_of_turn_is_409(route: Route, visitors: Visitors) -> None:
    entry = table()[route.pattern]
    path = address(route, values_of(entry.late, visitors.world))
    may = [role for role in ROLES if entry.expected("POST", role) == "done"]
    assert may, "somebody may do it in time"
    answers = {role: class_of(visitors.ask(role, "POST", path, payload_for(route.name, visitors.world))) for role in may}
    assert set(answers.values()) == {"409"}, answers
    shown = {role: class_of(visitors.ask(role, "GET", path)) for role in may if entry.expected("GET", role) == "ok"}
    assert set(shown.values()) <= {"409"}, f"a form that cannot be sent is shown: {shown}"


# Whoever must have a second factor and has none reaches no page of theirs, as an official does not.
BOUND = ("brokers' finance", "government's finance", "government's owner", "editor", "superuser")


@pytest.fixture(scope="module")
def without(world: World, memory: Memory) -> Visitors:
    """Those who must have a second factor, each signed in by password alone."""
    cast = world.cast
    members: dict[str, Member] = {
        "brokers' finance": a_member("broker-finance@without.example", cast.institution, Role.FINANCE),
        "government's finance": a_member("finance@without.example", cast.bureau, Role.FINANCE),
        "government's owner": a_member("owner@without.example", cast.bureau, Role.OWNER),
        **extra_members(world, called="without."),
    }
    clients: dict[str, Client] = {name: signed_in(members[name], with_second_factor=False) for name in BOUND}
    return Visitors(world, clients, memory)


@pytest.mark.parametrize("name", BOUND)
def test_every_route_answers_as_to_an_official_without_a_second_factor(name: str, without: Visitors) -> None:
    wrong = []
    for route in routes():
        entry = entry_for(route)
        assert entry is not None
        is_editors = route.pattern.startswith("cms/")
        path = route.path() if is_editors else address(route, values_of(entry.filled_with, without.world))
        for verb in ("GET", "POST"):
            data = payload_for(route.name, without.world) if verb == "POST" else None
            expected, got = entry.expected(verb, "official_without_mfa"), class_of(without.ask(name, verb, path, data))
            if not fits(expected, got):
                wrong.append(f"{verb} {route.pattern}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)
