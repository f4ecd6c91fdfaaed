"""How the branches of the trees are called: on English pages by English names, or with their code and in Chinese that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils.translation import override

from listings.codes import english_names, industry_names, ipc_titles
from search.query import Facet
from search.trees import label, language_of
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast


def test_every_upper_branch_has_an_english_name_and_no_other() -> None:
    upper = {("ipc", code) for code in ipc_titles() if len(code) < 4} | {
        ("gbt4754", code) for code in industry_names() if len(code) < 3
    }
    assert set(english_names()) == upper
    assert all(name.isascii() and name[0].isupper() for name in english_names().values())


@pytest.mark.parametrize(
    ("facet", "code", "chinese", "english", "language"),
    [
        (Facet.IPC, "F", "F 机械工程", "F Mechanical engineering; lighting; heating; weapons; blasting", ""),
        (Facet.IPC, "F23", "F23 燃烧设备", "F23 Combustion apparatus; combustion processes", ""),
        (Facet.SERVED, "D", "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water supply", ""),
        (Facet.SERVED, "B06", "煤炭开采和洗选业", "Mining and washing of coal", ""),
        (Facet.SERVED, "B061", "烟煤和无烟煤开采洗选", "061 烟煤和无烟煤开采洗选", "zh-Hans"),
        (Facet.REGION, "1406", "朔州市", "Shuozhou", ""),
    ],
)
def test_a_branch_is_called_in_the_language_of_the_page(
    facet: Facet, code: str, chinese: str, english: str, language: str
) -> None:
    assert (label(facet, code), language_of(facet, code)) == (chinese, "")
    with override("en"):
        assert (label(facet, code), language_of(facet, code)) == (english, language)


def test_a_chinese_name_on_an_english_page_says_that_it_is_chinese(
    built_site: int, search_index: Callable[[], None], cast: Cast, now: datetime, client: Client
) -> None:
    for title, code in (("甲", "0610"), ("乙", "44")):
        a_listing(cast, now, achievement=an_achievement(cast, now, title=title, patents=(), gbt4754=code))
    search_index()
    html = client.get("/en/catalogue/", {"served": "B06"}).content.decode()
    assert '<span lang="zh-Hans">061 ' in html
    assert "<span>Mining and washing of coal</span>" in html
