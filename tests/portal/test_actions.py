"""Building the tree of a new site."""

from __future__ import annotations

from wagtail.models import Locale, Page, Site

from market.portal.actions import build_site
from market.portal.models.articles import PolicyPage
from market.portal.models.home import HomePage
from tests.portal.sites import some_texts


def test_every_page_stands_in_both_languages(site: Site) -> None:
    chinese, english = Locale.objects.get(language_code="zh-hans"), Locale.objects.get(language_code="en")
    pages = Page.objects.filter(depth__gt=1)
    assert {page.translation_key for page in pages.filter(locale=chinese)} == {
        page.translation_key for page in pages.filter(locale=english)
    }
    assert pages.filter(live=False).count() == 0
    assert pages.filter(locale=english).count() == 10


def test_words_are_translated_and_facts_are_shared(site: Site) -> None:
    chinese = PolicyPage.objects.get(locale__language_code="zh-hans")
    english = chinese.get_translation(Locale.objects.get(language_code="en"))
    assert (chinese.title, english.title) == ("若干规定", "Some provisions")
    assert chinese.document_number == english.document_number == "国发〔2016〕16号"
    assert "First paragraph." in str(english.body)


def test_the_welcome_page_gives_way_and_the_site_is_the_default(site: Site) -> None:
    assert (site.hostname, site.port, site.is_default_site) == ("localhost", 8000, True)
    assert isinstance(site.root_page.specific, HomePage)
    assert site.root_page.slug == "home"
    assert site.root_page.locale.language_code == "zh-hans"
    assert {page.specific_class for page in Page.objects.filter(depth=2)} == {HomePage}


def test_building_again_leaves_the_editors_work_alone(site: Site) -> None:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    home.title = "编辑改过的标题"
    home.save_revision().publish()
    PolicyPage.objects.first().delete()
    before = set(Page.objects.values_list("pk", "title"))
    again = build_site(some_texts())
    assert again == site
    assert set(Page.objects.values_list("pk", "title")) == before


def test_chinese_is_the_language_of_the_untranslated_addresses(site: Site) -> None:
    assert {page.url for page in HomePage.objects.all()} == {"/", "/en/"}
