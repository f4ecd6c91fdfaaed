"""A form sent again: by a double click, from a page gone stale, after a tab was killed, corrected, or with other contents."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from contracts.settlement.models.settlements import Cost
from market.events.models import Event
from market.once.models import DoneForm
from market.once.rules import KEPT, SentForm, fingerprint, is_key
from market.once.tasks import forget_old_forms
from tests.concurrency.at_once import twice
from tests.documents_made import an_upload
from tests.people import Cast, Member
from tests.second_factor import signed_in
from tests.settlement.builders import a_delivered_settlement

SignIn = Callable[[Member], Client]
_KEY = re.compile(r'name="client_key" value="([a-z0-9]+)"')


def _cost(key: str, amount: str = "7500") -> dict[str, Any]:
    return {"what": "评估费", "amount": amount, "documents": an_upload("发票.pdf"), "client_key": key}


def _as_shown(seller: Client, address: str) -> str:
    """The key that stands in the page's form: it is there without a script, before anything is sent."""
    found = _KEY.search(seller.get(address).text.split("<main", 1)[1])
    assert found is not None
    return found[1]


def test_a_cost_sent_twice_is_entered_once_and_leads_to_the_first_ones_page(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_delivered_settlement(cast, now, paid=True)
    address, seller = "/en" + reverse("settlement:enter_cost", args=[settlement.key]), sign_in(cast.university_agent)
    key, other_key = _as_shown(seller, address), _as_shown(seller, address)
    assert key != other_key

    wrong = seller.post(address, _cost(key, "nothing"))
    assert (wrong.status_code, Cost.objects.count(), DoneForm.objects.count()) == (422, 0, 0)

    first = seller.post(address, _cost(key))
    events = Event.objects.count()
    again = seller.post(address, _cost(key), follow=True)
    assert again.redirect_chain == [(first.headers["Location"], 302)]
    assert "it was not done a second time" in again.text

    changed = seller.post(address, _cost(key, "9000"))
    assert changed.status_code == 409
    assert "sent before with other contents" in changed.text
    assert "9000" in changed.text
    assert seller.post(address, _cost("")).status_code == 422
    assert (Cost.objects.count(), Event.objects.count(), DoneForm.objects.count()) == (1, events, 1)

    # On purpose: a page opened anew, and somebody else whose browser made the same key.
    assert seller.post(address, _cost(other_key)).status_code == 302
    assert sign_in(cast.university_owner).post(address, _cost(key)).status_code == 302
    assert Cost.objects.count() == 3


def test_what_was_done_is_forgotten_when_no_session_can_send_it_any_more(cast: Cast, now: datetime) -> None:
    person = cast.university_agent.person
    for key, age in (("young", KEPT), ("aged", KEPT + timedelta(seconds=1))):
        DoneForm.objects.create(person=person, key=key, fingerprint="f", led_to="/", done_at=now - age)
    forget_old_forms(now)
    assert [form.key for form in DoneForm.objects.all()] == ["young"]


def test_a_double_click_enters_one_cost(committed_db: None, now: datetime) -> None:
    cast = Cast()
    settlement = a_delivered_settlement(cast, now, paid=True)
    address = reverse("settlement:enter_cost", args=[settlement.key])
    clients = [signed_in(cast.university_agent) for _click in range(2)]

    def click() -> HttpResponse:
        return clients.pop().post(address, _cost("key-of-the-page"))

    outcome = twice(click)
    assert (outcome.errors, outcome.refusals) == ([], [])
    assert {(each.status_code, each.headers["Location"]) for each in outcome.results} == {(302, settlement.get_absolute_url())}
    assert (Cost.objects.count(), DoneForm.objects.count()) == (1, 1)


def _form(**changed: Any) -> SentForm:
    return SentForm(**{"person": 1, "key": "k", "act": "a", "about": {"key": "x"}, "fields": {"b": ["1"], "a": ["2"]}, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"act": "b"},
        {"about": {"key": "y"}},
        {"fields": {"b": ["1"], "a": ["3"]}},
        {"fields": {"b": ["1", "2"], "a": ["2"]}},
        {"fields": {"b": ["1"]}},
        {"fields": {"b": ["2"], "a": ["1"]}},
        {"files": {"a": ["d"]}},
    ],
)
def test_other_contents_are_seen(changed: dict[str, Any]) -> None:
    assert fingerprint(_form(**changed)) != fingerprint(_form())


def test_the_order_of_the_fields_and_the_key_do_not_count() -> None:
    assert fingerprint(_form(fields={"a": ["2"], "b": ["1"]}, key="other")) == fingerprint(_form())


@pytest.mark.parametrize(
    ("text", "is_one"), [("a" * 8, True), ("a" * 64, True), ("", False), ("a" * 65, False), ("é" * 9, False)]
)
def test_a_key_is_letters_digits_and_dashes(text: str, is_one: bool) -> None:
    assert is_key(text) is is_one
