"""What is offered while somebody types, what was meant when nothing is found, and the results as a feed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from wagtail.models import Site

from listings.actions.achievements import revoke_achievement
from listings.actions.listings import withdraw_listing
from listings.models.listings import Listing
from search.words import corrections, initials, sound, suggested_words
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast


def test_words_are_known_by_their_sound() -> None:
    assert sound("循环流化床") == "xunhuanliuhuachuang"
    assert initials("循环流化床") == "xhlhc"
    assert (sound("SCR脱硝"), initials("SCR脱硝")) == ("scrtuoxiao", "scrtx")
    assert sound("——") == ""


@pytest.fixture
def known(cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    a_listing(cast, now, achievement=an_achievement(cast, now, title="布风板", keywords=("循环流化床", "稳燃"), patents=()))
    a_demand(cast, now, title="飞灰含碳量在线检测", keywords=("循环流化床", "飞灰"))
    an_achievement(cast, now, registered=False, title="机密成果", keywords=("机密词",), patents=())
    search_index()


@pytest.mark.parametrize("typed", ["循环", "循環流", "xunhuan", "XHL", "xhlhc", "xun huan liu"])
def test_half_a_word_is_enough_in_characters_pinyin_or_initials(known: None, typed: str) -> None:
    assert suggested_words(typed, 5) == ["循环流化床"]


def test_what_nobody_may_see_is_not_suggested(known: None, cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    assert suggested_words("机密", 5) == []
    assert suggested_words("", 5) == suggested_words("　", 5) == []
    assert suggested_words("稳燃", 5) == ["稳燃"]
    withdraw_listing(Listing.objects.get(), reason="不再转让", actor=cast.university_agent.actor, now=now)
    revoke_achievement(Listing.objects.get().achievement, reason="登记材料不实", actor=cast.registrar.actor, now=now)
    search_index()
    assert suggested_words("稳燃", 5) == []


def test_what_sounds_the_same_is_offered_as_a_correction(known: None) -> None:
    assert corrections("循还流化床", 3) == ["循环流化床"]
    assert corrections("循环流床", 3) == ["循环流化床"]
    assert corrections("循环流化床", 3) == []
    assert corrections("区块链", 3) == []


def test_the_box_offers_words_and_entries(known: None, client: Client) -> None:
    offered = client.get("/search/suggestions/", {"q": "循环流化"}).json()["suggestions"]
    assert offered[0] == {"text": "循环流化床", "url": "/search/?q=%E5%BE%AA%E7%8E%AF%E6%B5%81%E5%8C%96%E5%BA%8A", "kind": ""}
    assert {one["text"] for one in offered[1:]} == {"布风板", "飞灰含碳量在线检测"}
    assert all(one["kind"] and one["url"].startswith("/market/") for one in offered[1:])
    assert client.get("/search/suggestions/").json() == {"suggestions": []}
    assert client.get("/search/suggestions/", {"q": "x" * 5000 + '"\x00'}).status_code == 200


def test_the_page_asks_whether_another_word_was_meant(client: Client, built_site: int, known: None) -> None:
    html = client.get("/en/search/", {"q": "循还流化床"}).content.decode()
    assert "Did you mean:" in html
    assert "Did you mean:" not in client.get("/en/search/", {"q": "循环流化床"}).content.decode()
    assert Site.objects.exists()


def test_results_are_a_feed(known: None, client: Client) -> None:
    response = client.get("/search/feed/", {"q": "循环流化床"})
    assert response["Content-Type"].startswith("application/atom+xml")
    names = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.fromstring(response.content)
    titles = {entry.findtext("a:title", namespaces=names) for entry in feed.findall("a:entry", names)}
    assert titles == {"布风板", "飞灰含碳量在线检测"}
    assert "机密" not in response.content.decode()
    assert client.get("/search/feed/", {"q": '"', "p": "9999", "kind": "x"}).status_code == 200
