"""Whatever more a request says than its form asks for has no effect: the rows afterwards are the same as without it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from cryptography.fernet import MultiFernet
from django.apps import apps
from django.db import connection, models
from django.utils import crypto

from listings.auctions.actions import bids, course
from listings.auctions.clock import database_now
from market.documents.models import Document
from tests.access.matrix import ROLES, Visitors, address, class_of, entry_for, values_of
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="compares primary keys, which PostgreSQL does not give back"),
]

OURS = {
    "accounts",
    "documents",
    "policy",
    "listings",
    "contracts",
    "brokers",
    "letters",
    "payments",
    "events",
    "oversight",
    "settlement",
    "rooms",
}
WRITING = [
    route
    for route in routes()
    if not route.pattern.startswith(("cms", "accounts", "i18n", "_util", "^"))
    and (entry := entry_for(route))
    and any(entry.expected("POST", role) == "done" for role in ROLES)
]


def every_field() -> dict[str, Any]:
    """Every column of every model, with a value that would do harm."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for field in model._meta.fields:
                found[field.name] = found[field.attname] = _harmful(field)
    return found


def _harmful(field: models.Field[Any, Any]) -> str:
    match field:
        case models.BooleanField():
            return "on"
        case models.DateTimeField():
            return "2020-01-01T00:00:00Z"
        case models.DateField():
            return "2020-01-01"
        case models.IntegerField() | models.DecimalField() | models.ForeignKey():
            return "1"
        case _ if field.choices:
            return str(list(field.flatchoices)[-1][0])
        case _:
            return "mass-assigned"


@pytest.mark.parametrize("route", WRITING, ids=lambda route: route.name)
def test_fields_beyond_the_form_have_no_effect(route: Route, visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_for(route)
    assert entry is not None
    role = next(role for role in ROLES if entry.expected("POST", role) == "done")
    path = address(route, values_of(entry.filled_with, visitors.world))
    storage = Document._meta.get_field("file").storage
    # Files are not rolled back: the second request writes over the first one's.
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: name)
    asked = _asked_for(visitors, role, path)
    # Auctions ask the database for the time, which goes on between the two requests.
    moment = database_now()
    monkeypatch.setattr(course, "database_now", lambda: moment)
    from_row = bids._from_row
    monkeypatch.setattr(bids, "_from_row", lambda row, _clock: from_row(row, lambda _now: moment))

    def rows_after(extra: dict[str, Any]) -> dict[str, list[Any]]:
        # The same keys and salts are drawn both times.
        drawn = random.Random(1)
        monkeypatch.setattr(crypto.secrets, "choice", lambda letters: drawn.choice(letters))
        monkeypatch.setattr(crypto.secrets, "token_hex", lambda size: drawn.randbytes(size).hex())
        # What is sealed at rest looks different each time; here it may lie open.
        monkeypatch.setattr(MultiFernet, "encrypt", lambda _keys, text: text)
        data = payload_for(route.name, visitors.world)
        # However long the file has been running: some acts ask who has not signed in just now for the password.
        visitors.prove(role)
        answer = visitors.ask(role, "POST", path, {**extra, **data}, then=lambda: rows.update(_rows()))
        assert class_of(answer) == "done"
        return rows

    rows: dict[str, list[Any]] = {}
    plain = dict(rows_after({}))
    extra = {name: value for name, value in every_field().items() if name not in asked}
    rows = {}
    after = rows_after(extra)
    different = {
        table: [row for row in after[table] if row not in plain[table]] for table in plain if after[table] != plain[table]
    }
    assert not different, different


def _asked_for(visitors: Visitors, role: str, path: str) -> set[str]:
    """The fields that the page's own form has, which may of course be filled in."""
    context = getattr(visitors.ask(role, "GET", path), "context", None)
    form = context.get("form") if context else None
    return set(form.fields) if form is not None else {"digest", "organisation"}


def _rows() -> dict[str, list[Any]]:
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in OURS
    }
