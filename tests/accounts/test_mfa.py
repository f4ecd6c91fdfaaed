"""The second factor: compulsory for officials and brokers, asked for at every door, each code good for one use."""

from __future__ import annotations

import time

import pytest
from allauth.account import app_settings as account_settings
from allauth.account.app_settings import LoginMethod
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from market.accounts.models import Person
from market.secrets_at_rest import opened
from tests.accounts.test_sign_in import LOGIN, STRONG, _link
from tests.people import PASSWORD, Cast, Member
from tests.second_factor import SECRET, give_second_factor

AUTHENTICATE = "/accounts/2fa/authenticate/"


def code_of(moment: float | None = None) -> str:
    """What the authenticator shows at this moment."""
    return format_hotp_value(hotp_value(SECRET, int(moment or time.time()) // 30))


@pytest.fixture
def official(cast: Cast) -> Person:
    person = cast.registrar.person
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    give_second_factor(person)
    return person


def with_password(person: Person, password: str = PASSWORD) -> Client:
    client = Client()
    response = client.post(LOGIN, {"login": person.email, "password": password})
    assert response["Location"] == AUTHENTICATE
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:workbench")).status_code == 200


@pytest.fixture
def _still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code must not change between two lines of a test."""
    at = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: at)


def test_the_password_alone_does_not_sign_an_official_in(official: Person) -> None:
    client = with_password(official)
    assert not is_in(client)
    assert client.get("/cms/").status_code == 302


def test_proofs_are_apps_passkeys_and_recovery_codes_and_never_a_text_message() -> None:
    assert set(app_settings.SUPPORTED_TYPES) == {"totp", "webauthn", "recovery_codes"}
    assert LoginMethod.PHONE not in account_settings.LOGIN_METHODS


@pytest.mark.usefixtures("_still_clock")
@pytest.mark.parametrize("seconds", [-30, 30])
def test_the_code_of_half_a_minute_before_or_after_is_refused(official: Person, seconds: int) -> None:
    client = with_password(official)
    assert client.post(AUTHENTICATE, {"code": code_of(time.time() + seconds)}).status_code == 200
    assert not is_in(client)


def test_secrets_of_the_second_factor_are_sealed_in_the_database(official: Person) -> None:
    codes = RecoveryCodes.activate(official).get_unused_codes()
    stored = str(list(Authenticator.objects.filter(user=official).values_list("data", flat=True)))
    assert SECRET not in stored
    assert not any(code in stored for code in codes)
    assert opened(Authenticator.objects.get(user=official, type="totp").data["secret"]) == SECRET
    seed = Authenticator.objects.get(user=official, type="recovery_codes").data["seed"]
    assert len(opened(seed)) < len(seed)


@pytest.mark.usefixtures("_still_clock")
def test_the_code_signs_in_once_and_is_refused_when_used_again(official: Person) -> None:
    client = with_password(official)
    code = code_of()
    assert client.post(AUTHENTICATE, {"code": code}).status_code == 302
    assert is_in(client)
    second = with_password(official)
    assert second.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert not is_in(second)


def test_a_recovery_code_is_good_for_one_use(official: Person) -> None:
    codes = RecoveryCodes.activate(official).get_unused_codes()
    assert [len(code) for code in codes] == [8] * 10
    client = with_password(official)
    assert client.post(AUTHENTICATE, {"code": codes[0]}).status_code == 302
    assert is_in(client)
    second = with_password(official)
    assert second.post(AUTHENTICATE, {"code": codes[0]}).status_code == 200
    assert not is_in(second)


def test_the_sixth_wrong_code_is_refused(official: Person) -> None:
    client = with_password(official)
    tries = [client.post(AUTHENTICATE, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]
    assert tries == [200] * 5 + [429]


def test_a_password_reset_does_not_go_round_the_second_factor(official: Person) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": official.email})
    form = client.get(_link(str(mail.outbox[-1].body)), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
    assert not is_in(client)
    assert not is_in(with_password(official, STRONG))


@pytest.mark.parametrize("name", ["registrar", "supervisor", "administrator", "broker"])
def test_officials_and_brokers_without_a_second_factor_reach_nothing_but_setting_it_up(cast: Cast, name: str) -> None:
    member: Member = getattr(cast, name)
    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    setting_up = reverse("mfa_activate_totp")
    for address in (
        "/",
        "/organisations/",
        "/market/achievements/desk/",
        "/contracts/desk/",
        "/cms/",
        "/accounts/email/",
        "/search/",
    ):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, setting_up), address
        assert client.post(address)["Location"] == setting_up, address


def test_whoever_becomes_an_official_needs_the_second_factor_with_the_next_request(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.outsider.person, backend="django.contrib.auth.backends.ModelBackend")
    assert is_in(client)
    cast.outsider.person.memberships.create(organisation=cast.bureau, role="registrar")
    assert client.get(reverse("accounts:workbench"))["Location"] == reverse("mfa_activate_totp")


def test_staff_need_it_too(cast: Cast) -> None:
    Person.objects.filter(pk=cast.outsider.person.pk).update(is_staff=True)
    client = Client()
    client.force_login(cast.outsider.person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/cms/")["Location"] == reverse("mfa_activate_totp")


def test_setting_it_up_gives_recovery_codes_and_a_mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    person = cast.administrator.person
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).status_code == 302
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    secret = client.session["mfa.totp.secret"]
    assert secret in page.text
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    # A test never commits; a real request does before it is answered.
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert {each.type for each in Authenticator.objects.filter(user=person)} == {"totp", "recovery_codes"}
    assert is_in(client)
    told = [each for each in mail.outbox if each.to == [person.email]]
    assert {each.subject for each in told} == {"您的两步验证方式已变更"}
    assert any("身份验证器应用已启用" in each.body and person.name in each.body and "127.0.0.1" in each.body for each in told)


def test_changing_the_second_factor_asks_for_the_password_again(official: Person) -> None:
    client = with_password(official)
    client.post(AUTHENTICATE, {"code": code_of()})
    address = reverse("mfa_deactivate_totp")
    asked = client.post(address)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=official, type="totp").exists()
    # Once proved, the act that waited goes on.
    client.post(asked["Location"], {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=official, type="totp").exists()
