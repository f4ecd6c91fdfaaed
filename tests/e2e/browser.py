"""A person at a browser: fills forms, presses buttons, and notices whatever a console would complain of."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils.translation import override
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, Response

from market.values.money import Money
from tests.documents_made import PDF
from tests.people import PASSWORD, Member
from tests.second_factor import SECRET

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000
PICTURES = bool(os.environ.get("PICTURES"))
_MOST_TABS = 120
# Seconds that a loaded machine may need for it.
_TIME_TO_SEND = 5


def in_words(label: object, language: str = "zh-hans") -> str:
    """A label as the pages show it in this language."""
    with override(language):
        return str(label)


def a_file(name: str, content: bytes = PDF) -> dict[str, Any]:
    """What a person chooses for an upload."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


class Person:
    """Somebody with a browser of their own. `troubles` collects what must not happen while they use the site."""

    def __init__(
        self, browser: Browser, site: str, pictures: Path, *, name: str, width: int = 1440, language: str = "zh"
    ) -> None:
        self.site = site
        self.name = name
        self.width = width
        self.prefix = "/en" if language == "en" else ""
        self.pictures = pictures
        self.troubles: list[str] = []
        locale = "en-GB" if language == "en" else "zh-CN"
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)
        self.page: Page = self.context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refused policy is reported as an error too.
        if message.type in {"error", "warning"} and not _is_expected(message):
            self.troubles.append(f"console: {message.text} {message.location}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self.troubles.append(f"request elsewhere: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.url}")

    # --- Going about ------------------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """The page at this address of the site (Chinese address; the person's language is put before it)."""
        address = path if path.startswith("http") else f"{self.site}{self.prefix}{path}"
        self.page.goto(address)
        self._look()

    def follow(self, part_of_address: str) -> None:
        """Follows the first visible link whose address has this part."""
        self._leave(self.page.locator(f'main a[href*="{part_of_address}"]:visible').first)

    def sign_in(self, member: Member, *, with_code: bool = False) -> None:
        """Through the sign-in page, and with the second factor where one is compulsory."""
        self.open(f"/accounts/login/?next={self.prefix}/catalogue/")
        self.page.locator("main [name=login]").fill(member.person.email)
        self.page.locator("main [name=password]").fill(PASSWORD)
        self._leave(self.page.locator("main form:has([name=password]) button[type=submit]"))
        if with_code:
            self.page.locator("main [name=code]").fill(_present_code())
            self._leave(self.page.locator("main form:has([name=code]) button[type=submit]").first)
        assert urlsplit(self.page.url).path == f"{self.prefix}/catalogue/"

    def has_cookies(self, cookies: Mapping[str, str]) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.site} for name, value in cookies.items()])

    def picture(self, name: str) -> None:
        """Keeps the page as a file of the run, where somebody wants to look at it afterwards: nothing is tested by it."""
        if not PICTURES:
            return
        number = len(list(self.pictures.glob("*.png"))) + 1
        self.page.screenshot(path=self.pictures / f"{number:02d}-{self.name}-{name}.png", full_page=True)

    def reads(self, *sentences: object) -> None:
        """The page says this."""
        language = "en" if self.prefix else "zh-hans"
        for sentence in sentences:
            self.page.locator("main").get_by_text(in_words(sentence, language)).first.wait_for()

    def figure(self, row: object) -> Money:
        """The amount in the row of this name, of the first table that has one."""
        named = self.page.locator("main tr").filter(has=self.page.locator("th", has_text=in_words(row)))
        return Money.yuan("".join(re.findall(r"[\d.]", named.first.locator(".number").inner_text())))

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    # --- Forms ------------------------------------------------------------------------------------------------------

    def fill(self, **values: object) -> None:
        """Fills the fields of these names (two underscores stand for the hyphen of a row's field)."""
        for name, value in values.items():
            self._fill_one(name.replace("__", "-"), value)

    def _fill_one(self, name: str, value: object) -> None:
        control = self.page.locator(f'main [name="{name}"]')
        match control.first.evaluate("it => it.type"), value:
            case "checkbox", bool(checked):
                control.set_checked(checked)
            case "radio", _:
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            case ("select-one", _):
                control.select_option(str(value))
            case "file", list(files):
                control.set_input_files(files)
            case _:
                control.fill(str(value))

    def submit(self, *, refused: bool = False) -> None:
        """Sends the page's form."""
        self._leave(self.page.locator("main form[method=post] .form-actions button[type=submit]").first)
        self._see_whether_refused(refused)

    def press(self, part_of_action: str) -> None:
        """Presses the button that acts on this address, and agrees when asked once more."""
        button = self.page.locator(f'main form[action*="{part_of_action}"] button').first
        if button.get_attribute("data-confirm") is not None:
            button.click()
            button = self.page.locator("[data-confirm-agree]")
        self._leave(button)
        self._see_whether_refused(False)

    def leave_by(self, selector: str) -> None:
        """Presses the one button of a page that has several."""
        self._leave(self.page.locator(f"main {selector}").first)
        self._see_whether_refused(False)

    def download(self, part_of_address: str) -> bytes:
        with self.page.expect_download() as started:
            self.page.locator(f'main a[href*="{part_of_address}"]').first.click()
        return Path(started.value.path()).read_bytes()

    def type_with_keyboard(self, values: Mapping[str, str | bool]) -> None:
        """Fills the form without a mouse and sends it: Tab from field to field, Space on check boxes, Enter on the button."""
        keyboard = self.page.keyboard
        for name, value in values.items():
            self._tab_to(f'[name="{name}"]')
            if isinstance(value, bool):
                keyboard.press("Space")
            else:
                keyboard.press("Control+A")
                keyboard.insert_text(value)
        self._tab_to("main form[method=post] .form-actions button[type=submit]")
        with self.page.expect_navigation():
            keyboard.press("Enter")
        self._look()
        self._see_whether_refused(False)

    def _tab_to(self, selector: str) -> None:
        for _ in range(_MOST_TABS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by keyboard on {self.page.url}")

    def _leave(self, control: Locator) -> None:
        with self.page.expect_navigation():
            control.click()
        self._look()

    def _see_whether_refused(self, expected: bool) -> None:
        summary = self.page.locator("[data-error-summary]")
        if summary.count() != int(expected):
            raise AssertionError(f"{self.page.url}: {summary.all_inner_texts() or 'not refused'}")

    def _look(self) -> None:
        try:
            self._look_at_page()
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            # The page went on to its next state by itself in between.
            self.page.wait_for_load_state()
            self._look_at_page()

    def _look_at_page(self) -> None:
        """What must hold on every page: nothing sticks out sideways, and it says which language it is in."""
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            self.troubles.append(f"{too_wide} px too wide at {self.width}: {self.page.url}")
        if self.page.locator("html").get_attribute("lang") != ("en" if self.prefix else "zh-Hans"):
            self.troubles.append(f"not in the language asked for: {self.page.url}")


def _is_expected(message: ConsoleMessage) -> bool:
    """A refused form and a page that is not there are answers, not faults; the browser reports their status as an error."""
    return "status of 4" in message.text and any(code in message.text for code in ("404", "409", "422"))


def _present_code() -> str:
    """The code of the second factor, with time left to send it: the next one is another."""
    left = mfa_settings.TOTP_PERIOD - time.time() % mfa_settings.TOTP_PERIOD
    if left < _TIME_TO_SEND:
        time.sleep(left)
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))
