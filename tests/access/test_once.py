"""Forms that move money act once, however often they are sent: every one of them carries a key, or says why it needs none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import resolve

from market.events.models import Event
from market.once.models import DoneForm
from market.once.views import CLIENT_KEY, acts_once
from tests.access.matrix import ROLES, Visitors, address, class_of, entry_for, values_of
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unrendered")]

_MONEY = ("cards:", "payments:", "settlement:")
# Forms of other trades that ask for a deposit, free or forfeit it, or hold a commission back. Bids have keys of their own.
BESIDE = {
    "brokers:decide_dispute",
    "brokers:dispute_engagement",
    "brokers:withdraw_dispute",
    "listings:accept_next_offer",
    "listings:confirm_intent",
    "listings:decline_next_offer",
    "listings:fail_deal",
    "listings:register_intent",
    "listings:withdraw_intent",
}
WITHOUT: Mapping[str, str] = {
    "cards:begin": "asks Stripe, so it is no transaction; it gives the page that is open already (tests/cards/test_at_once.py)",
    "payments:import_statement": "reads the file and shows it; the form below what was read imports it",
    "payments:payout_orders": "hands out the same file again, and the log is to say that it left twice",
    "payments:refund_orders": "hands out the same file again, and the log is to say that it left twice",
}
_DOOR = acts_once(lambda: HttpResponse()).__code__


def _views(route: Route) -> list[Any]:
    """The view with everything around it, outermost first."""
    path = route.path({name: "1" if kind == "int" else "absent-object" for name, kind in route.kinds})
    view: Any = resolve(path).func
    found = []
    while view is not None:
        found.append(view)
        view = getattr(view, "__wrapped__", None)
    return found


def _takes_forms(route: Route) -> bool:
    entry = entry_for(route)
    return entry is None or any(entry.expected("POST", role) not in {"closed", "405", "login", "mfa"} for role in ROLES)


MONEY = {
    route.name: route for route in routes() if (route.name.startswith(_MONEY) or route.name in BESIDE) and _takes_forms(route)
}
ONCE = sorted(set(MONEY) - set(WITHOUT))


def test_every_form_about_money_acts_once_or_says_why_it_needs_not() -> None:
    guarded = {name for name, route in MONEY.items() if any(each.__code__ is _DOOR for each in _views(route))}
    assert set(ONCE) - guarded == set()
    assert guarded & set(WITHOUT) == set()
    assert set(WITHOUT) | BESIDE <= set(MONEY), "a name that is no route's"


def test_the_door_stands_innermost() -> None:
    """A guard below it would lead on, to a proof of identity, and that would count as done."""
    below = {name: [each.__code__ for each in _views(route)][-2:] for name, route in MONEY.items() if name in ONCE}
    assert {name for name, (door, _view) in below.items() if door is not _DOOR} == set()


@pytest.mark.parametrize("name", ONCE)
def test_a_form_sent_twice_acts_once_and_leads_to_the_same_page(name: str, visitors: Visitors) -> None:
    route = MONEY[name]
    entry = entry_for(route)
    assert entry is not None
    path = address(route, values_of(entry.filled_with, visitors.world))
    form = {**payload_for(name, visitors.world), CLIENT_KEY: "key-of-the-page"}
    # The first that may is enough. A line of a provider's statement has no page in this world: tests/cards/test_balance.py.
    for role in [role for role in ROLES if entry.expected("POST", role) == "done"][:1]:

        def send(role: str = role, **changed: str) -> HttpResponse:
            for file in (each for each in form.values() if hasattr(each, "seek")):
                file.seek(0)
            return visitors.ask(role, "POST", path, {**form, **changed}, keeps=True)

        with transaction.atomic():
            first, after_first = send(), _written()
            again, after_again = send(), _written()
            other, after_other = send(reason="Something else."), _written()
            unkeyed = send(**{CLIENT_KEY: ""})
            transaction.set_rollback(True)
        assert [class_of(each) for each in (first, again, other, unkeyed)] == ["done", "done", "409", "422"], name
        assert first.headers["Location"] == again.headers["Location"]
        assert after_first == after_again == after_other, name


def _written() -> tuple[int, int]:
    return Event.objects.count(), DoneForm.objects.count()
