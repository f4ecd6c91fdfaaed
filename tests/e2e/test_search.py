"""Searching in the browser: half a word, a suggestion, filters, two listings side by side, a saved search, and a live alert."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from listings.kinds import Maturity
from listings.models.listings import Listing
from market.letters.models import Letter
from search.models import Rhythm
from search.queries import Notice
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.listings.builders import a_listing, an_achievement
from tests.search.indexes import fresh_engine

pytestmark = pytest.mark.e2e


def a_titled(market: LiveMarket, title: str, *, on_notice: bool = True, **changes: object) -> Listing:
    now = timezone.now()
    achievement = an_achievement(market.cast, now, title=title, patents=(), **changes)
    return a_listing(market.cast, now, achievement=achievement, on_notice=on_notice)


def build(market: LiveMarket) -> Listing:
    """Two that fit, two that do not; the draft that will be published later."""
    for title, maturity in (("循环流化床布风板", "pilot_scale"), ("循环流化床回料阀", "mass_production")):
        a_titled(market, title, maturity=maturity)
    a_titled(market, "小米加工", industry="agriculture", keywords=("小米",), abstract="谷物脱壳。" * 40)
    a_titled(market, "循环流化床点火", maturity="in_research")
    return a_titled(market, "循环流化床稳燃", on_notice=False)


def server_of_search() -> int:
    """The process of the Elasticsearch that this run has, by the port among its arguments."""
    port = str(urlsplit(django_settings.ELASTICSEARCH_URL).port)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "market.DevNode" in arguments and port in arguments:
            return int(folder.name)
    raise AssertionError("the server of this run is not found")


def searches_through_an_outage(person: Person) -> None:
    """Elasticsearch stands still: the page says so and gives what the database finds; when it goes on, all is as before."""
    notice = person.page.get_by_text(str(Notice.WITHOUT_ENGINE.sentence))
    server = server_of_search()
    os.kill(server, signal.SIGSTOP)
    try:
        person.open("/search/?q=循环流化床")
        notice.wait_for()
        person.reads("循环流化床布风板")
        person.picture("without-engine")
    finally:
        os.kill(server, signal.SIGCONT)
    for _ in range(20):
        person.open("/search/?q=循环流化床")
        if not notice.count():
            break
        person.page.wait_for_timeout(1000)
    assert notice.count() == 0
    person.reads("循环流化床布风板")


def test_an_enterprise_searches_compares_saves_and_is_alerted_live(
    live_market: LiveMarket, sit_down: Callable[..., Person], settings: Settings
) -> None:
    settings.SEARCH_SECONDS = 2.0
    fresh_engine()
    draft = live_market.ask(lambda: build(live_market))
    live_market.work()
    buyer = sit_down("enterprise")
    buyer.sign_in(live_market.cast.enterprise_agent)

    # Half a word in pinyin, by the keyboard alone.
    buyer.open("/search/")
    buyer.page.locator("#search-text").press_sequentially("xunhuanliu")
    buyer.page.locator("main [role=option]").first.wait_for()
    buyer.page.keyboard.press("ArrowDown")
    with buyer.page.expect_navigation():
        buyer.page.keyboard.press("Enter")
    buyer.reads("循环流化床布风板", "循环流化床回料阀", "循环流化床点火")
    buyer.follow("maturity=pilot_scale")
    buyer.follow("maturity=mass_production")
    assert "循环流化床点火" not in buyer.page.locator("main .entries").first.inner_text()
    buyer.picture("filtered")

    # Two of them side by side.
    picks = buyer.page.locator("main .compare-pick input")
    for at in range(2):
        picks.nth(at).check()
    with buyer.page.expect_navigation():
        buyer.page.locator("#compare-form button").click()
    buyer.reads("循环流化床布风板", "循环流化床回料阀", Maturity.PILOT_SCALE.label, Maturity.MASS_PRODUCTION.label)
    assert buyer.page.locator("tr.differs", has_text=str(Maturity.PILOT_SCALE.label)).count() == 1
    buyer.picture("compared")

    # Kept, to be told at once.
    buyer.open("/search/?q=循环流化床&maturity=pilot_scale")
    buyer.page.locator("#save-search summary").click()
    buyer.fill(rhythm=Rhythm.AT_ONCE.value)
    with buyer.page.expect_navigation():
        buyer.page.locator("#save-search form button").click()
    buyer.reads("循环流化床")

    if django_settings.ELASTICSEARCH_URL:
        searches_through_an_outage(buyer)

    # A university publishes what fits, while the enterprise reads something else.
    buyer.open("/catalogue/")
    seller = sit_down("university")
    seller.sign_in(live_market.cast.university_agent)
    seller.open(f"/market/listings/{draft.number}/")
    seller.press(f"/{draft.number}/publish/")
    live_market.work(until=lambda: Letter.objects.filter(text__contains="循环流化床稳燃").exists())
    notice = buyer.page.locator("#notices .notice", has_text="循环流化床稳燃")
    notice.wait_for()
    assert buyer.page.locator("[data-notices-count]").inner_text() == "1"
    buyer.picture("alerted")
    with buyer.page.expect_navigation():
        notice.locator("a").click()
    buyer.reads("循环流化床稳燃")
    assert [trouble for person in live_market.people for trouble in person.troubles] == []
