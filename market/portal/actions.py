"""Building a new site's page tree in both languages. Afterwards it belongs to the editors, whose history Wagtail keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from market.portal import catalogue
from market.portal.models.articles import (
    GuideIndexPage,
    GuidePage,
    NewsIndexPage,
    NewsPage,
    PolicyIndexPage,
    PolicyPage,
    StandardPage,
)
from market.portal.models.home import HomePage
from market.portal.models.places import CataloguePage, DemandsPage
from market.portal.texts import ENGLISH, Entry, SiteTexts

_SECTIONS: dict[str, type[Page]] = {
    "catalogue": CataloguePage,
    "demands": DemandsPage,
    "policies": PolicyIndexPage,
    "guides": GuideIndexPage,
    "news": NewsIndexPage,
}
_FEATURED = 3


@transaction.atomic
def build_site(texts: SiteTexts, *, hostname: str = "localhost", port: int = 8000) -> Site:
    """The site has its page tree in Chinese and English. A tree that stands already is left exactly as editors keep it."""
    chinese, _ = Locale.objects.get_or_create(language_code="zh-hans")
    english, _ = Locale.objects.get_or_create(language_code="en")
    home = HomePage.objects.filter(locale=chinese).order_by("depth", "pk").first()
    if home is None:
        _clear_welcome_page()
        home = _build_tree(texts, chinese, english)
    return _site_of(home, hostname=hostname, port=port)


def _clear_welcome_page() -> None:
    """Wagtail's first migration leaves a welcome page and a site for it; no editor can make a page of that bare type."""
    for page in Page.objects.filter(depth=2):
        if page.specific_class is Page and page.is_leaf():
            page.delete()


def _site_of(home: Page, *, hostname: str, port: int) -> Site:
    site: Site | None = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site.objects.create(hostname=hostname, port=port, root_page=home, is_default_site=True, site_name=home.title)
    return site


def _build_tree(texts: SiteTexts, chinese: Locale, english: Locale) -> HomePage:
    root = Page.get_first_root_node()
    home: HomePage = _add_page(root, HomePage, texts.home, english, locale=chinese)
    for kind, entry in texts.sections.items():
        section = _add_page(home, _SECTIONS[kind], entry, english, show_in_menus=True)
        _add_entries(section, kind, texts, english)
    for entry in texts.plain:
        _add_page(home, StandardPage, entry, english)
    return home


def _add_entries(section: Page, kind: str, texts: SiteTexts, english: Locale) -> None:
    entries: Mapping[str, tuple[type[Page], Iterable[Entry]]] = {
        "news": (NewsPage, texts.news),
        "policies": (PolicyPage, texts.policies),
        "guides": (GuidePage, texts.guides),
    }
    model, pages = entries.get(kind, (Page, ()))
    for entry in pages:
        _add_page(section, model, entry, english)


def _add_page(parent: Page, model: type[Page], entry: Entry, english: Locale, **fields: Any) -> Any:
    """The page stands under the parent and is published, and so does its translation under the parent's."""
    page = model(slug=entry.slug, **entry.fields, **fields, **_words(model, entry, "zh"))
    parent.add_child(instance=page)
    page.save_revision().publish()
    translation = page.copy_for_translation(english)
    for name, value in _words(model, entry, ENGLISH).items():
        setattr(translation, name, value)
    translation.save_revision().publish()
    return page


def _words(model: type[Page], entry: Entry, language: str) -> dict[str, Any]:
    words = entry.words(language)
    values: dict[str, Any] = {"title": words.title, "search_description": words.summary, **words.fields}
    names = {field.name for field in model._meta.get_fields()}
    if "summary" in names:
        values["summary"] = words.summary
    if "body" in names:
        values["body"] = json.dumps([*_with_featured(words.body)])
    return values


def _with_featured(body: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """A block of featured listings without a choice gets some of the running ones; with none on the market it is left out."""
    for block in body:
        if block["type"] != "featured_listings" or block["value"].get("listings"):
            yield block
            continue
        keys = catalogue.listing_keys_to_feature(_FEATURED)
        if keys:
            yield {**block, "value": {**block["value"], "listings": keys}}
