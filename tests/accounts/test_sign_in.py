"""The doors: signing up, signing in, resetting a password, and what whoever guesses meets there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from market.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from market.accounts.models import Person
from tests.people import PASSWORD, Cast, Member

LOGIN = "/accounts/login/"
STRONG = "seven quiet rivers meet"


def register_address(person: Person) -> None:
    """The address counts as verified, as after the mail of the sign-up."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


@pytest.fixture
def person(cast: Cast) -> Person:
    person = cast.university_agent.person
    register_address(person)
    return person


def try_password(email: str, password: str, client: Client | None = None, **headers: str) -> int:
    """The status of one try."""
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, **headers).status_code  # type: ignore[arg-type]


def test_the_right_password_leads_to_the_workbench(person: Person, client: Client) -> None:
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("accounts:workbench"))


def test_the_sixth_wrong_try_for_one_account_is_refused_from_wherever_it_comes(person: Person) -> None:
    tries = [
        try_password(
            person.email.upper() if n % 2 else person.email,
            "wrong",
            REMOTE_ADDR=f"192.0.2.{n}",
            HTTP_HOST=f"localhost:{n + 1000}",
        )
        for n in range(6)
    ]
    assert tries == [200] * 5 + [429]
    # The right password does not help the guesser past the limit either.
    assert try_password(person.email, PASSWORD, REMOTE_ADDR="192.0.2.77") == 429


def test_a_forged_forwarded_address_does_not_change_who_is_counted(person: Person) -> None:
    tries = [try_password(f"nobody{n}@a.example", "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(11)]
    assert tries == [200] * 10 + [429]


def test_behind_a_proxy_its_own_word_counts_and_not_what_a_guesser_says_before_it(person: Person, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = [f"198.51.100.{n}, 203.0.113.9" for n in range(11)]
    tries = [try_password(f"nobody{n}@a.example", "wrong", HTTP_X_FORWARDED_FOR=said) for n, said in enumerate(forged)]
    assert tries == [200] * 10 + [429]
    assert try_password("nobody@a.example", "wrong", HTTP_X_FORWARDED_FOR="203.0.113.10") == 200


def test_the_password_is_guessed_no_more_often_where_it_is_asked_again(person: Person) -> None:
    client = Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    again = reverse("account_reauthenticate")
    tries = [client.post(again, {"password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]
    assert tries == [200] * 5 + [429]
    assert try_password(person.email, PASSWORD, REMOTE_ADDR="192.0.2.99") == 429, "it is one count"


def test_resets_and_sign_ups_are_limited_too(person: Person) -> None:
    address = reverse("account_reset_password")
    resets = [Client().post(address, {"email": person.email}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]
    assert resets == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    sign_ups = [_sign_up(Client(), f"new{n}@elsewhere.example").status_code for n in range(21)]
    assert sign_ups == [302] * 20 + [429]


def test_other_accounts_still_sign_in_while_one_is_being_guessed(person: Person, cast: Cast) -> None:
    register_address(cast.enterprise_agent.person)
    for n in range(6):
        try_password(person.email, "wrong", REMOTE_ADDR=f"192.0.2.{n}")
    assert try_password(cast.enterprise_agent.person.email, PASSWORD, REMOTE_ADDR="192.0.2.90") == 302


def _link(body: str) -> str:
    found = re.search(r"https?://[^/\s]+((?:/en)?/accounts/\S+)", body)
    assert found, body
    return found[1]


def test_who_is_shut_out_by_a_guesser_gets_in_by_the_link_in_a_mail(person: Person, client: Client) -> None:
    for n in range(6):
        try_password(person.email, "wrong", REMOTE_ADDR=f"192.0.2.{n}")
    client.post(reverse("account_reset_password"), {"email": person.email})
    form = client.get(_link(str(mail.outbox[-1].body)), follow=True)
    typed = {"password1": STRONG, "password2": STRONG}
    assert client.post(form.redirect_chain[-1][0], typed).status_code == 302
    assert try_password(person.email, STRONG, Client()) == 302


def test_reset_links_work_once(person: Person, client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = _link(str(mail.outbox[-1].body))
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
    again = Client().get(link, follow=True)
    assert 'name="password1"' not in again.text


@pytest.mark.parametrize("door", ["/cms/login/", "/_util/login/", "/en/_util/login/"])
def test_there_is_one_door_for_signing_in(door: str, person: Person, client: Client) -> None:
    for response in (client.get(door), client.post(door, {"username": person.email, "password": PASSWORD})):
        assert response.status_code == 302
        assert response["Location"].split("?")[0].endswith(LOGIN)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("door", ["/admin/", "/admin/login/", "/django-admin/", "/api/", "/api/token/", "/accounts/login/code/"])
def test_there_is_no_other_door(door: str, person: Person, client: Client) -> None:
    typed = {"username": person.email, "login": person.email, "email": person.email, "password": PASSWORD}
    assert client.post(door, typed).status_code in {404, 405}
    assert "_auth_user_id" not in client.session


def test_the_door_for_resetting_in_the_editors_interface_is_the_same(client: Client, db: None) -> None:
    assert client.get("/cms/password_reset/")["Location"] == reverse("account_reset_password")


def _without_what_was_typed(text: str, *typed: str) -> str:
    for word in typed:
        text = text.replace(word, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_login_does_not_tell_whether_an_address_is_known(person: Person) -> None:
    bodies = {
        _without_what_was_typed(Client().post(LOGIN, {"login": email, "password": "wrong"}).text, email)
        for email in (person.email, "nobody@elsewhere.example")
    }
    assert len(bodies) == 1


def test_reset_does_not_tell_whether_an_address_is_known(person: Person) -> None:
    answers = []
    for email in (person.email, "nobody@elsewhere.example"):
        client = Client()
        first = client.post(reverse("account_reset_password"), {"email": email})
        answers.append((first.status_code, first["Location"], _without_what_was_typed(client.get(first["Location"]).text, email)))
    assert answers[0] == answers[1]


def _sign_up(client: Client, email: str, password: str = STRONG):  # type: ignore[no-untyped-def]
    typed = {"email": email, "password1": password, "password2": password, "name": "新用户"}
    return client.post(reverse("account_signup"), typed)


def test_sign_up_does_not_tell_whether_an_address_is_known(person: Person) -> None:
    answers = []
    for email in (person.email, "new@elsewhere.example"):
        client = Client()
        first = _sign_up(client, email)
        answers.append((first.status_code, first["Location"], _without_what_was_typed(client.get(first["Location"]).text, email)))
    assert answers[0] == answers[1]
    assert Person.objects.filter(email=person.email).count() == 1


def test_sign_up_needs_the_link_in_the_mail_before_signing_in(client: Client, db: None) -> None:
    assert _sign_up(client, "new@elsewhere.example").status_code == 302
    assert client.get(reverse("accounts:workbench")).status_code == 302
    assert Person.objects.get(email="new@elsewhere.example").name == "新用户"
    page = client.get(_link(str(mail.outbox[-1].body)))
    assert page.status_code == 200
    client.post(page.wsgi_request.path)
    assert Client().post(LOGIN, {"login": "new@elsewhere.example", "password": STRONG})["Location"] == reverse(
        "accounts:workbench"
    )


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("elevenchars", False),
        ("twelve chars", True),
        ("x" * 30 + "y" * 40, True),
        ("qwertyuiop123", False),
        ("new@elsewhere", False),
    ],
)
def test_passwords_have_twelve_characters_and_are_not_common(client: Client, db: None, password: str, is_taken: bool) -> None:
    response = _sign_up(client, "new@elsewhere.example", password)
    assert (response.status_code == 302) is is_taken
    assert Person.objects.filter(email="new@elsewhere.example").exists() is is_taken


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "技术交易市场"), ("en", "Technology Market")])
def test_mails_are_in_the_language_of_the_page_and_in_both_forms(
    person: Person, client: Client, language: str, word: str
) -> None:
    prefix = "/en" if language == "en" else ""
    client.post(f"{prefix}/accounts/password/reset/", {"email": person.email})
    message = mail.outbox[-1]
    assert word in message.body
    assert message.alternatives
    html = str(message.alternatives[0][0])
    assert word in html
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in html
    assert _link(message.body) in html


def _sent_back(client: Client, sign_in_at: datetime | None, seen_at: datetime | None) -> bool:
    session = client.session
    if sign_in_at:
        session[SIGNED_IN_AT] = sign_in_at.isoformat()
    if seen_at:
        session[SEEN_AT] = seen_at.isoformat()
    session.save()
    return client.get(reverse("accounts:workbench")).status_code == 302


@pytest.mark.parametrize(
    ("name", "idle", "is_out"),
    [("registrar", 14, False), ("registrar", 16, True), ("broker", 16, False), ("university_agent", 16, False)],
)
def test_officials_are_signed_out_after_a_quarter_of_an_hour_without_a_request(
    cast: Cast,
    sign_in,
    name: str,
    idle: int,
    is_out: bool,  # type: ignore[no-untyped-def]
) -> None:
    member: Member = getattr(cast, name)
    assert _sent_back(sign_in(member), None, timezone.now() - timedelta(minutes=idle)) is is_out


@pytest.mark.parametrize(("hours", "is_out"), [(11, False), (13, True)])
def test_everybody_signs_in_again_after_half_a_day(cast: Cast, sign_in, hours: int, is_out: bool) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(cast.university_agent)
    assert _sent_back(client, timezone.now() - timedelta(hours=hours), timezone.now()) is is_out


def test_the_limits_count_in_a_cache_that_all_processes_share(settings: Settings) -> None:
    from market.settings import base

    assert "locmem" not in base.CACHES["default"]["BACKEND"].lower()
