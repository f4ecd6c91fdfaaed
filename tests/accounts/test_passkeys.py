"""Passkeys as the second factor: setting up, signing in, naming and removing, and what does not pass for one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core import mail
from django.test import Client
from django.urls import reverse

from market.accounts.models import Person
from market.accounts.permissions import has_second_factor
from tests.accounts.test_mfa import AUTHENTICATE, is_in, with_password
from tests.accounts.test_sign_in import LOGIN, STRONG, _link
from tests.passkey_device import Device
from tests.people import PASSWORD, Cast

ADD = "/accounts/2fa/webauthn/add/"
LIST = "/accounts/2fa/webauthn/"


@pytest.fixture
def official(cast: Cast) -> Person:
    """Without a second factor as yet."""
    person = cast.registrar.person
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def proved(person: Person) -> Client:
    """Signed in with a password just now."""
    client = Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def asked_by(client: Client, address: str, which: str) -> dict[str, Any]:
    """What the page asks the device."""
    page = client.get(address)
    assert page.status_code == 200, page.headers.get("Location")
    options: dict[str, Any] = json.loads(json.dumps(page.context["js_data"][which]))
    return options


def with_passkey(person: Person, device: Device, *, name: str = "工作电脑") -> Client:
    """The person has this passkey, and is signed in."""
    client = proved(person)
    answer = device.make(asked_by(client, ADD, "creation_options"))
    assert client.post(ADD, {"name": name, "credential": answer}).status_code == 302
    return client


def try_passkey(client: Client, device: Device, **options: Any) -> int:
    answer = device.use(asked_by(client, AUTHENTICATE, "request_options"), **options)
    return client.post(AUTHENTICATE, {"credential": answer}).status_code


def test_an_official_sets_up_a_passkey_instead_of_an_app_and_gets_recovery_codes(official: Person) -> None:
    client = Client()
    client.post(LOGIN, {"login": official.email, "password": PASSWORD})
    assert not is_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert f'href="{ADD}"' in client.get(reverse("mfa_activate_totp")).text
    answer = Device().make(asked_by(client, ADD, "creation_options"))
    done = client.post(ADD, {"name": "", "credential": answer})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert {each.type for each in Authenticator.objects.filter(user=official)} == {"webauthn", "recovery_codes"}
    assert is_in(client)


def test_the_password_and_the_passkey_sign_in_and_the_password_alone_does_not(official: Person) -> None:
    device = Device()
    with_passkey(official, device)
    client = with_password(official)
    assert not is_in(client)
    assert try_passkey(client, device) == 302
    assert is_in(client)
    assert Authenticator.objects.get(user=official, type="webauthn").last_used_at is not None


def test_an_answer_of_the_device_is_good_for_one_use(official: Person) -> None:
    device = Device()
    with_passkey(official, device)
    client = with_password(official)
    answer = device.use(asked_by(client, AUTHENTICATE, "request_options"))
    assert client.post(AUTHENTICATE, {"credential": answer}).status_code == 302
    second = with_password(official)
    asked_by(second, AUTHENTICATE, "request_options")
    page = second.post(AUTHENTICATE, {"credential": answer})
    assert page.status_code == 200
    assert "data-passkey-trouble hidden" not in " ".join(page.text.split())
    assert not is_in(second)


def test_another_persons_passkey_and_a_forged_page_do_not_sign_in(official: Person, cast: Cast) -> None:
    device, others = Device(), Device()
    with_passkey(official, device)
    supervisor = cast.supervisor.person
    EmailAddress.objects.create(user=supervisor, email=supervisor.email, verified=True, primary=True)
    with_passkey(supervisor, others)
    client = with_password(official)
    assert try_passkey(client, others) == 200
    assert try_passkey(client, device, origin="https://testserver.forged.example") == 200
    assert not is_in(client)


def test_a_passkey_of_a_forged_page_is_not_registered(official: Person) -> None:
    client = proved(official)
    answer = Device().make(asked_by(client, ADD, "creation_options"), origin="https://forged.example")
    assert client.post(ADD, {"name": "x", "credential": answer}).status_code == 200
    assert not has_second_factor(official.pk)


def test_the_sixth_wrong_answer_is_refused_and_the_right_one_after_it_too(official: Person) -> None:
    device = Device()
    with_passkey(official, device)
    client = with_password(official)
    assert [try_passkey(client, Device()) for _ in range(6)] == [200] * 5 + [429]
    answer = device.use(asked_by(client, AUTHENTICATE, "request_options"))
    assert client.post(AUTHENTICATE, {"credential": answer}).status_code == 429


MALFORMED = [
    "",
    "x",
    "null",
    "1",
    '"text"',
    "[]",
    "[1]",
    "{}",
    '{"id": "a"}',
    '{"id": "a", "rawId": "b"}',
    '{"id": "a", "rawId": "a", "response": null}',
    '{"id": "YQ", "rawId": "YQ", "response": {}, "type": "public-key", "clientExtensionResults": {}}',
    '{"rawId": "YQ", "response": {"clientDataJSON": "YQ", "attestationObject": "YQ", "authenticatorData": "YQ", "signature": "YQ"}}',
    '{"rawId": "YQ", "response": {"clientDataJSON": 1, "attestationObject": 2, "authenticatorData": 3, "signature": []}}',
]


@pytest.mark.parametrize("sent", MALFORMED)
def test_what_no_device_sends_is_a_wrong_answer_and_no_failure(official: Person, sent: str) -> None:
    client = with_passkey(official, Device())
    asked_by(client, ADD, "creation_options")
    assert client.post(ADD, {"name": "x", "credential": sent}).status_code == 200
    again = reverse("mfa_reauthenticate_webauthn")
    asked_by(client, again, "request_options")
    assert client.post(again, {"credential": sent}).status_code in {200, 302}
    entering = with_password(official)
    asked_by(entering, AUTHENTICATE, "request_options")
    assert entering.post(AUTHENTICATE, {"credential": sent}).status_code == 200
    assert not is_in(entering)
    assert Authenticator.objects.filter(user=official, type="webauthn").count() == 1


def test_passkeys_are_listed_renamed_and_removed(official: Person) -> None:
    device, second = Device(), Device()
    client = with_passkey(official, device)
    answer = second.make(asked_by(client, ADD, "creation_options"))
    assert client.post(ADD, {"name": "安全密钥", "credential": answer})["Location"] == reverse("mfa_index")
    assert "工作电脑" in client.get(LIST).text
    assert "安全密钥" in client.get(LIST).text
    kept, lost = Authenticator.objects.filter(user=official, type="webauthn").order_by("pk")
    assert client.post(f"{LIST}keys/{kept.pk}/edit/", {"name": "办公室电脑"})["Location"] == LIST
    assert client.post(f"{LIST}keys/{lost.pk}/remove/")["Location"] == LIST
    text = client.get(LIST).text
    assert "办公室电脑" in text
    assert "安全密钥" not in text
    told = [each.body for each in mail.outbox if each.subject == "您的两步验证方式已变更" and each.to == [official.email]]
    assert [any(word in body for body in told) for word in ("通行密钥已添加", "通行密钥已移除")] == [True, True]
    entering = with_password(official)
    assert try_passkey(entering, second) == 200
    assert try_passkey(entering, device) == 302


def test_a_name_is_not_empty_and_not_longer_than_a_table_can_show(official: Person) -> None:
    client = with_passkey(official, Device())
    key = Authenticator.objects.get(user=official, type="webauthn")
    for name in ("", "长" * 61):
        assert client.post(f"{LIST}keys/{key.pk}/edit/", {"name": name}).status_code == 200
    key.refresh_from_db()
    assert WebAuthn(key).name == "工作电脑"


@pytest.mark.parametrize("act", ["edit", "remove"])
def test_another_persons_passkey_is_not_there(official: Person, cast: Cast, act: str) -> None:
    with_passkey(official, Device())
    key = Authenticator.objects.get(user=official, type="webauthn")
    other = cast.supervisor.person
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    client = with_passkey(other, Device())
    assert client.get(f"{LIST}keys/{key.pk}/{act}/").status_code == 404
    assert client.post(f"{LIST}keys/{key.pk}/{act}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def _grown_old(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()


@pytest.mark.parametrize("act", ["add/", "keys/{key}/edit/", "keys/{key}/remove/"])
def test_changing_passkeys_asks_for_a_proof_not_older_than_five_minutes(official: Person, act: str) -> None:
    client = with_passkey(official, Device())
    key = Authenticator.objects.get(user=official, type="webauthn")
    _grown_old(client)
    for response in (
        client.get(f"{LIST}{act.format(key=key.pk)}"),
        client.post(f"{LIST}{act.format(key=key.pk)}", {"name": "x"}),
    ):
        assert "reauthenticate" in response["Location"]
    key.refresh_from_db()
    assert WebAuthn(key).name == "工作电脑"


def test_the_passkey_is_that_proof_as_well(official: Person) -> None:
    device = Device()
    client = with_passkey(official, device)
    _grown_old(client)
    again = reverse("mfa_reauthenticate_webauthn")
    answer = device.use(asked_by(client, again, "request_options"))
    assert client.post(again, {"credential": answer, "next": ADD})["Location"] == ADD
    assert client.get(ADD).status_code == 200


def test_removing_the_last_one_leaves_an_official_nothing_but_setting_one_up(official: Person) -> None:
    client = with_passkey(official, Device())
    key = Authenticator.objects.get(user=official, type="webauthn")
    client.post(f"{LIST}keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(user=official).exists(), "recovery codes alone are no second factor"
    assert client.get(reverse("accounts:workbench"))["Location"] == reverse("mfa_activate_totp")


def test_a_password_reset_does_not_go_round_the_passkey(official: Person) -> None:
    device = Device()
    with_passkey(official, device)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": official.email})
    form = client.get(_link(str(mail.outbox[-1].body)), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
    assert not is_in(client)
    entering = with_password(official, STRONG)
    assert not is_in(entering)
    assert try_passkey(entering, device) == 302


def test_a_passkey_alone_does_not_sign_in(client: Client, db: None) -> None:
    assert client.get(f"{LIST}login/").status_code == 404
