"""A passkey in a real browser: made, named, asked for on the next sign-in, and removed, with nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Request

from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.people import PASSWORD, Member

pytestmark = pytest.mark.e2e


class VirtualDevice:
    """An authenticator inside this person's browser, as `WebAuthn.addVirtualAuthenticator` makes one."""

    def __init__(self, person: Person) -> None:
        self._session = person.context.new_cdp_session(person.page)
        self._session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        self._id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def credentials(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})[
            "credentials"
        ]
        return found

    def lose(self) -> None:
        """The device keeps no passkey any more."""
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._id})


def begin_to_sign_in(person: Person, member: Member) -> None:
    """From no session at all to the second step."""
    person.context.clear_cookies()
    person.open(f"/accounts/login/?next={person.prefix}/catalogue/")
    person.page.locator("main [name=login]").fill(member.person.email)
    person.page.locator("main [name=password]").fill(PASSWORD)
    person._leave(person.page.locator("main form:has([name=password]) button[type=submit]"))


def prove_who_it_is(person: Person) -> None:
    """With the password, before a change of the second factor."""
    person.picture("proof")
    person.fill(password=PASSWORD)
    person.submit()


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 360)])
def test_a_supervisor_makes_a_passkey_and_signs_in_with_it(
    live_market: LiveMarket, sit_down: Callable[..., Person], language: str, width: int
) -> None:
    # Browsers make passkeys for names only, and without encryption for this one alone.
    live_market.address = live_market.address.replace("127.0.0.1", "localhost")
    supervisor = live_market.cast.supervisor
    person = sit_down("supervisor", language=language, width=width)
    device = VirtualDevice(person)
    person.sign_in(supervisor, with_code=True)
    person.open("/accounts/2fa/")
    person.picture("index")
    person.follow("/2fa/webauthn/add/")
    prove_who_it_is(person)
    person.fill(name="办公室电脑")
    person.picture("add")
    person._leave(person.page.locator("#passkey-act"))
    assert len(device.credentials()) == 1
    person.picture("added")
    person.open("/accounts/2fa/webauthn/")
    assert "办公室电脑" in person.text
    person.picture("list")

    begin_to_sign_in(person, supervisor)
    person.picture("second-step")
    person._leave(person.page.locator("#passkey-act"))
    assert person.page.url.endswith("/catalogue/")
    assert device.credentials()[0]["signCount"] == 2

    person.open("/accounts/2fa/webauthn/")
    person.follow("/edit/")
    # This time with the passkey.
    person.follow("/2fa/webauthn/reauthenticate/")
    person.picture("proof-by-passkey")
    person._leave(person.page.locator("#passkey-act"))
    person.fill(name="家用电脑")
    person.submit()
    assert "家用电脑" in person.text
    person.picture("renamed")

    begin_to_sign_in(person, supervisor)
    _fail_without_the_device(person, device)
    assert not person.troubles


def _fail_without_the_device(person: Person, device: VirtualDevice) -> None:
    """The page says so, nothing is sent, and the way with a code is open still."""
    device.lose()
    sent: list[Request] = []
    person.page.on("request", lambda request: sent.append(request))
    trouble = person.page.locator("[data-passkey-trouble]")
    assert not trouble.is_visible()
    person.page.locator("#passkey-act").click()
    trouble.wait_for(state="visible")
    person.picture("no-answer")
    assert not [request for request in sent if request.method == "POST"]
    assert person.page.locator("[name=code]").is_visible()


def test_a_browser_that_knows_no_passkeys_is_told_so(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    person = sit_down("supervisor")
    person.context.add_init_script("delete window.PublicKeyCredential")
    person.sign_in(live_market.cast.supervisor, with_code=True)
    person.open("/accounts/2fa/webauthn/add/")
    prove_who_it_is(person)
    person.picture("not-here")
    assert not person.page.locator("#passkey-act").is_visible()
    assert person.page.locator("[data-passkey-missing]").is_visible()
    assert not person.troubles
