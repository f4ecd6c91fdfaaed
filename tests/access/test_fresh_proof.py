"""Acts that would do harm at an unattended screen wait until the person proves once more who they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.urls import Resolver404, resolve

from market.accounts.freshness import fresh_sign_in_required
from market.accounts.models import Person
from market.events.models import Event
from tests.access.matrix import ROLES, Visitors, address, class_of, entry_for, values_of
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes
from tests.second_factor import prove_identity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unrendered")]

# Decisions on recognition, money that leaves the market or its escrow, bank accounts.
# Changes of the second factor: tests/accounts/test_passkeys.py.
AT_LEAST = {
    "cards:answer_dispute",
    "cards:ask_again",
    "cards:concede_dispute",
    "cards:returned_by_bank",
    "contracts:recognise_contract",
    "contracts:refuse_application",
    "contracts:revoke_registration",
    "payments:approve_write_off",
    "payments:bank_account",
    "payments:confirm_payout",
    "payments:confirm_refund",
    "payments:confirm_sent",
    "payments:payout_orders",
    "payments:refund_orders",
    "payments:return_payout",
    "settlement:confirm_delivery",
    "settlement:decide_dispute",
    "settlement:decide_report",
}
_GUARD = fresh_sign_in_required(lambda: HttpResponse()).__code__


def _is_guarded(route: Route) -> bool:
    """True when the guard stands somewhere around the view of this route."""
    try:
        view: Any = resolve(route.path()).func
    except Resolver404:
        return False
    while view is not None and getattr(view, "__code__", None) is not _GUARD:
        view = getattr(view, "__wrapped__", None)
    return view is not None


GUARDED = {route.name: route for route in routes() if _is_guarded(route)}


def test_decisions_and_money_are_guarded() -> None:
    assert set(GUARDED) >= AT_LEAST


@pytest.mark.parametrize("name", sorted(GUARDED))
@pytest.mark.parametrize(("seconds", "waits"), [(290, False), (310, True)])
def test_a_proof_holds_for_five_minutes(name: str, seconds: int, waits: bool, visitors: Visitors) -> None:
    route = GUARDED[name]
    entry = entry_for(route)
    assert entry is not None
    # A choice of nothing is refused, but only after the proof.
    may = [role for role in ROLES if entry.expected("POST", role) in {"done", "ok", "422"}]
    assert may
    path = address(route, values_of(entry.filled_with, visitors.world))
    for role in may:
        answer = _sent_after(visitors, role, route, path, seconds)
        assert (answer == "reauthenticate") is waits, (role, answer)


def _sent_after(visitors: Visitors, role: str, route: Route, path: str, seconds: int) -> str:
    """The answer so long after the last proof; an act that waits leaves nothing behind."""
    session = visitors.clients[role].session
    prove_identity(session, Person.objects.get(pk=session[SESSION_KEY]), seconds_ago=seconds)
    session.save()
    before, after = Event.objects.count(), []
    answer = visitors.ask(
        role, "POST", path, payload_for(route.name, visitors.world), then=lambda: after.append(Event.objects.count())
    )
    visitors.prove(role)
    if class_of(answer) == "reauthenticate":
        assert after == [before]
    return class_of(answer)
