"""What visitors get: every kind of page in both languages, menu and language switch, catalogue and demands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape
from wagtail.models import Locale, Page, Site

from listings.models.achievements import Achievement
from market.portal.models.home import HomePage
from market.portal.models.places import CataloguePage
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast, Member

PATHS = {
    "/": ("让成果落地", "Put results to use"),
    "/catalogue/": ("挂牌项目", "Listings"),
    "/demands/": ("技术需求", "Demands"),
    "/policies/": ("若干规定", "Some provisions"),
    "/policies/sixteen/": ("国发〔2016〕16号", "国发〔2016〕16号"),
    "/guides/": ("如何挂牌", "How to list"),
    "/guides/sell/": ("第一段。", "First paragraph."),
    "/news/": ("市场开通", "The market opens"),
    "/news/opening/": ("2026年3月1日", "1 March 2026"),
    "/about/": ("关于", "About"),
}


def test_every_kind_of_page_renders_in_both_languages_without_inline_style_or_script(client: Client, site: Site) -> None:
    for path, (chinese, english) in PATHS.items():
        for address, words, language in ((path, chinese, "zh-Hans"), (f"/en{path}", english, "en")):
            response = client.get(address)
            html = response.content.decode()
            assert response.status_code == 200, address
            assert words in html, address
            assert f'<html lang="{language}">' in html, address
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html), address


def test_steps_and_questions_say_what_they_hold(client: Client, site: Site) -> None:
    html = client.get("/guides/sell/").content.decode()
    assert "填写表单" in html
    assert "多久？" in html
    assert "二十个工作日。" in html


def test_the_menu_is_that_of_the_language(client: Client, site: Site) -> None:
    chinese = [(entry.label, entry.url) for entry in client.get("/policies/").context["navigation"]]
    english = [(entry.label, entry.url) for entry in client.get("/en/policies/").context["navigation"]]
    assert ("政策", "/policies/") in chinese
    assert ("Policies", "/en/policies/") in english
    assert len(chinese) == len(english) == 5


def test_the_menu_marks_where_one_is(client: Client, site: Site) -> None:
    entries = client.get("/policies/sixteen/").context["navigation"]
    assert [entry.label for entry in entries if entry.is_current] == ["政策"]


def test_pages_outside_the_tree_have_the_menu_too(client: Client, site: Site) -> None:
    response = client.get("/en/plan-figures/")
    assert "Policies" in [entry.label for entry in response.context["navigation"]]
    assert [entry.url for entry in response.context["languages"]] == ["/plan-figures/", "/en/plan-figures/"]


@pytest.mark.django_db
def test_without_any_site_a_page_still_comes(client: Client) -> None:
    Site.objects.all().delete()
    cache.clear()
    response = client.get("/plan-figures/")
    assert response.status_code == 200
    assert list(response.context["navigation"]) == []


def test_the_language_switch_leads_to_the_translation(client: Client, site: Site) -> None:
    languages = client.get("/en/guides/sell/").context["languages"]
    assert [(entry.code, entry.url, entry.is_current) for entry in languages] == [
        ("zh-hans", "/guides/sell/", False),
        ("en", "/en/guides/sell/", True),
    ]


def test_the_language_switch_keeps_what_was_searched(client: Client, site: Site) -> None:
    languages = client.get("/catalogue/?q=coal&industry=power").context["languages"]
    assert languages[1].url == "/en/catalogue/?q=coal&industry=power"


def test_a_page_without_translation_leads_to_the_nearest_ancestor(client: Client, site: Site) -> None:
    english = Page.objects.get(slug="sell", locale__language_code="en")
    english.unpublish()
    assert client.get("/guides/sell/").context["languages"][1].url == "/en/guides/"


def test_the_catalogue_finds_by_text_and_industry(
    client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    listing = a_listing(cast, now)
    search_index()
    assert listing.number in client.get("/catalogue/", {"q": "循环流化床"}).content.decode()
    assert listing.number in client.get("/en/catalogue/", {"industry": "power"}).content.decode()
    assert listing.number not in client.get("/catalogue/", {"industry": "culture"}).content.decode()


def test_the_catalogue_bears_any_address(client: Client, site: Site) -> None:
    for query in ("p=0", "p=-1", "p=99999999", "p=²", "industry=nonsense", "q=%00", "q=" + "a" * 5000):
        assert client.get(f"/catalogue/?{query}").status_code == 200, query


def test_a_listing_has_its_page_under_the_catalogue(client: Client, site: Site, cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    for prefix in ("", "/en"):
        response = client.get(f"{prefix}/catalogue/{listing.number}/")
        assert response.status_code == 200
        assert escape(listing.achievement.title) in response.content.decode()
    assert response.context["languages"][0].url == f"/catalogue/{listing.number}/"


def test_a_listing_in_the_catalogue_shows_its_notice_and_leads_on(
    client: Client, site: Site, cast: Cast, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    listing = a_listing(cast, now)
    address = f"/catalogue/{listing.number}/"
    for visitor, step in (
        (client, f'href="/accounts/login/?next={address}"'),
        (sign_in(cast.enterprise_agent), f'href="/market/listings/{listing.number}/intents/new/"'),
    ):
        html = visitor.get(address).content.decode()
        assert step in html
        assert "挂牌公告" in html
        assert listing.terms in html


def test_a_draft_is_not_there_for_strangers(client: Client, site: Site, cast: Cast, now: datetime) -> None:
    draft = a_listing(cast, now, on_notice=False)
    assert client.get(f"/catalogue/{draft.number}/").status_code == 404
    assert client.get("/catalogue/nothing/").status_code == 404
    assert draft.number not in client.get("/catalogue/").content.decode()


def test_a_demand_has_its_page(client: Client, site: Site, cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    demand = a_demand(cast, now)
    search_index()
    assert f"/demands/{demand.number}/" in client.get("/demands/", {"q": "飞灰"}).content.decode()
    response = client.get(f"/demands/{demand.number}/")
    assert response.status_code == 200
    assert demand.problem in response.content.decode()
    assert client.get("/demands/nothing/").status_code == 404


def test_editors_feature_listings_by_choice(client: Client, site: Site, cast: Cast, now: datetime) -> None:
    shown, hidden = a_listing(cast, now), a_listing(cast, now, on_notice=False, achievement=_another(cast, now))
    block = {"type": "featured_listings", "value": {"heading": "推荐", "text": "", "listings": [shown.pk, hidden.pk, 10**6]}}
    _put_on_home(block)
    html = client.get("/").content.decode()
    assert f"/catalogue/{shown.number}/" in html
    assert hidden.number not in html


def test_what_is_no_longer_public_disappears_from_the_choice(client: Client, site: Site) -> None:
    _put_on_home({"type": "featured_listings", "value": {"heading": "推荐栏目", "text": "", "listings": [12345]}})
    assert "推荐栏目" not in client.get("/").content.decode()


def test_the_home_page_asks_the_database_equally_often_for_many_listings(
    client: Client, site: Site, cast: Cast, now: datetime, django_assert_max_num_queries: object
) -> None:
    a_listing(cast, now)
    client.get("/")
    with django_assert_max_num_queries(60) as captured:  # type: ignore[operator]
        client.get("/")
    before = len(captured)
    for number in range(2):
        a_listing(cast, now, achievement=_another(cast, now, number))
    with django_assert_max_num_queries(before) as captured:  # type: ignore[operator]
        client.get("/")


def test_policies_are_filtered_by_level_and_field(client: Client, site: Site) -> None:
    assert "若干规定" in client.get("/policies/?level=national&field=conversion").content.decode()
    assert "若干规定" not in client.get("/policies/?level=city").content.decode()
    assert "若干规定" in client.get("/policies/?level=nonsense").content.decode()


def test_the_catalogue_stands_once_per_language(site: Site) -> None:
    english = Locale.objects.get(language_code="en")
    assert CataloguePage.objects.filter(locale=english).count() == 1
    assert not CataloguePage.can_create_at(HomePage.objects.get(locale=english))


def _another(cast: Cast, now: datetime, number: int = 0) -> Achievement:
    return an_achievement(cast, now, title=f"另一项成果{number}", patents=())


def _put_on_home(block: dict[str, object]) -> None:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    home.body = json.dumps([block])
    home.save_revision().publish()
