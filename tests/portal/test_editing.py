"""What editors can do, and nobody else: the editors' interface, and the chooser of listings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from wagtail.models import Locale, Site
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from market.accounts.models import Person
from market.portal.models.articles import NewsIndexPage, NewsPage
from market.portal.models.home import HomePage
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast, Member

CHOOSER = "/cms/listing-chooser/"


@pytest.fixture
def editor(cast: Cast, sign_in: Callable[[Member], Client]) -> Client:
    """An administrator who also edits the portal."""
    person = cast.administrator.person
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    person.refresh_from_db()
    return sign_in(cast.administrator)


@pytest.mark.parametrize("path", ["/cms/", "/cms/pages/", CHOOSER, f"{CHOOSER}results/"])
def test_nobody_but_editors_gets_in(client: Client, cast: Cast, sign_in: Callable[[Member], Client], path: str) -> None:
    for somebody in (client, sign_in(cast.university_agent), sign_in(cast.registrar)):
        assert somebody.get(path).status_code in {302, 403}


def test_an_editor_gets_in_under_the_editors_policy(editor: Client, site: Site) -> None:
    response = editor.get("/cms/")
    assert response.status_code == 200
    assert "'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in editor.get("/").headers["Content-Security-Policy"]


def test_the_chooser_offers_public_listings_only(editor: Client, cast: Cast, now: datetime) -> None:
    shown = a_listing(cast, now)
    draft = a_listing(cast, now, on_notice=False, achievement=an_achievement(cast, now, title="未公开的成果", patents=()))
    html = editor.get(CHOOSER).json()["html"]
    assert shown.number in html
    assert draft.number not in html
    assert editor.get(f"{CHOOSER}chosen/{shown.pk}/").json()["result"]["id"] == str(shown.pk)
    assert editor.get(f"{CHOOSER}chosen/{draft.pk}/").status_code == 404


def test_the_chooser_searches_numbers_and_titles(editor: Client, cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    for text, found in ((listing.number, True), ("循环流化床", True), ("没有这个词", False)):
        assert (listing.number in editor.get(f"{CHOOSER}results/", {"q": text}).content.decode()) is found


def test_the_home_page_can_be_edited_and_previewed(editor: Client, site: Site) -> None:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    response = editor.get(f"/cms/pages/{home.pk}/edit/")
    assert response.status_code == 200
    assert "listing_chooser" in response.content.decode() or CHOOSER in response.content.decode()
    preview = editor.get(f"/cms/pages/{home.pk}/view_draft/")
    assert preview.status_code == 200
    policy = preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "'unsafe-inline'" not in policy


def test_editors_translate_new_pages_and_the_home_page_with_its_chosen_listings(site: Site, cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    home = HomePage.objects.get(locale__language_code="zh-hans")
    block = {"type": "featured_listings", "value": {"heading": "推荐", "text": "", "listings": [listing.pk]}}
    home.body = json.dumps([block])
    home.save_revision().publish()
    index = NewsIndexPage.objects.get(locale__language_code="zh-hans")
    news = index.add_child(instance=NewsPage(title="新消息", slug="new", published_on="2026-03-09", summary="摘要"))
    english = Locale.objects.get(language_code="en")
    for page, field, chinese, words in ((home, "body", "推荐", "Chosen"), (news, "summary", "摘要", "In short")):
        source, _ = TranslationSource.update_or_create_from_instance(page)
        translation = Translation.objects.create(source=source, target_locale=english)
        string = source.stringsegment_set.get(string__data=chinese)
        StringTranslation.objects.create(translation_of=string.string, locale=english, context=string.context, data=words)
        translation.save_target(publish=False)
        translated = page.get_translation(english).get_latest_revision_as_object()
        assert words in str(getattr(translated, field))
