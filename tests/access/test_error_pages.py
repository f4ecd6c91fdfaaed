"""The pages for what did not work lead on: to the thing as it is now, to the form once more, or home in the reader's language."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.matrix import ROLES, Visitors, address, class_of, entry_for, table, values_of
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes

pytestmark = pytest.mark.django_db

LATE = [route for route in routes() if (entry := entry_for(route)) and entry.late]
_BUTTON = re.compile(r'class="error-page".*?<a class="button" href="([^"]+)"', re.DOTALL)


def button_of(page: bytes) -> str:
    found = _BUTTON.search(page.decode())
    assert found, "the page leads nowhere"
    return found[1]


@pytest.mark.parametrize("route", LATE, ids=lambda route: route.name)
def test_an_act_out_of_turn_leads_to_the_present_state(route: Route, visitors: Visitors) -> None:
    """Asked for by a form that was opened too late, or by a button; a form, or the page of an auction, comes back as itself."""
    entry = table()[route.pattern]
    role = next(role for role in ROLES if entry.expected("POST", role) == "done")
    path = address(route, values_of(entry.late, visitors.world), language="en")
    answers = [
        visitors.ask(role, "GET", path),
        visitors.ask(role, "POST", path, payload_for(route.name, visitors.world)),
    ]
    pages = [answer.content for answer in answers if answer.status_code == 409 and b'class="error-page"' in answer.content]
    assert any(answer.status_code == 409 for answer in answers)
    for leads_to in map(button_of, pages):
        assert leads_to.startswith("/en/")
        assert class_of(visitors.ask(role, "GET", leads_to)) == "ok", leads_to


@pytest.fixture
def stale(visitors: Visitors) -> Client:
    """A browser whose form has lost its proof."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = visitors.clients["enterprise_agent"].cookies.copy()
    return client


@pytest.mark.parametrize(("prefix", "title"), [("", "该表单已失效"), ("/en", "This form is no longer valid")])
def test_a_form_without_its_proof_gives_back_what_was_typed(stale: Client, prefix: str, title: str) -> None:
    form = prefix + reverse("demands:publish_demand")
    page = stale.post(form, {"title": "稳燃技术", "problem": "飞灰偏高"}, headers={"Referer": f"http://testserver{form}"})
    text = page.content.decode()
    assert page.status_code == 403
    assert title in text
    assert "稳燃技术" in text
    assert "飞灰偏高" in text
    # It is the page of somebody who is signed in.
    assert reverse("account_logout") in text
    assert button_of(page.content) == f"http://testserver{form}"


def test_a_password_is_not_given_back() -> None:
    page = Client(enforce_csrf_checks=True).post("/en/accounts/signup/", {"email": "a@b.example", "password1": "a secret phrase"})
    assert page.status_code == 403
    assert "a secret phrase" not in page.content.decode()


def test_a_button_pressed_without_its_proof_leads_to_the_thing(stale: Client, visitors: Visitors) -> None:
    number = visitors.world.values("listing")["number"]
    page = stale.post(reverse("listings:publish_listing", args=[number]))
    assert page.status_code == 403
    assert button_of(page.content) == reverse("listings:listing_page", args=[number])


def test_what_another_site_sent_is_not_repeated(stale: Client) -> None:
    form = reverse("demands:publish_demand")
    page = stale.post(
        form, {"title": "稳燃技术"}, headers={"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}
    )
    assert page.status_code == 403
    assert "稳燃技术" not in page.content.decode()
    assert "elsewhere" not in page.content.decode()


def test_a_script_without_the_proof_is_told_in_data(stale: Client) -> None:
    answer = stale.post(reverse("demands:publish_demand"), {"title": "稳燃技术"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert [refusal["code"] for refusal in answer.json()["refusals"]] == ["market.form_expired"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_fault_of_ours_leads_home_in_the_readers_language(
    prefix: str, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("market.accounts.views.desks_of", fail)
    client = visitors.clients["enterprise_agent"]
    page = client.get(prefix + reverse("accounts:workbench"))
    assert page.status_code == 500
    assert button_of(page.content) == f"{prefix}/"
