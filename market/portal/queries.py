"""Where in the portal are we, and where could we go: menu, languages, and the addresses of catalogue and demands."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from market.portal.models.places import CataloguePage, DemandsPage
from market.portal.outline import outline_of

# Each language by its own name, whatever language the page is in.
_OWN_NAMES = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the main navigation."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    """One language of the switch, with the address of this page in it."""

    code: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses in the language of the moment; empty while there is no such page."""

    home: str
    catalogue: str
    demands: str


def menu(request: HttpRequest) -> list[MenuEntry]:
    """The children of the first page that editors show in menus, in the language of the moment."""
    outline = outline_of(request)
    root = outline.home(get_language())
    if root is None:
        return []
    entries = []
    for page in outline.children(root):
        url = page.get_url(request) if page.show_in_menus and outline.is_open(page) else None
        if url:
            entries.append(MenuEntry(label=page.title, url=url, is_current=request.path.startswith(url)))
    return entries


def places(request: HttpRequest) -> Places:
    """Where search boxes and cards lead."""
    outline = outline_of(request)
    root = outline.home(get_language())
    if root is None:
        return Places("", "", "")
    mounts = {page.specific_class: page.get_url(request) or "" for page in outline.children(root)}
    return Places(root.get_url(request) or "", mounts.get(CataloguePage, ""), mounts.get(DemandsPage, ""))


def languages(request: HttpRequest) -> list[LanguageEntry]:
    """All languages, each with this page's address in it: its translation where there is one, else the same path under its prefix.

    A page of the tree without a translation leads to its nearest translated ancestor rather than to nothing.
    """
    here = current_page(request)
    current = get_language()
    return [
        LanguageEntry(
            code=code,
            label=_OWN_NAMES.get(code, gettext(str(label))),
            url=request.get_full_path() if code == current else _address_in(request, here, code),
            is_current=code == current,
        )
        for code, label in settings.LANGUAGES
    ]


def current_page(request: HttpRequest) -> Page | None:
    """The page of the tree that answers this request, if it is one that does."""
    match = request.resolver_match
    if match is None or match.url_name != "wagtail_serve":
        return None
    path = match.args[0] if match.args else match.kwargs.get("path", "")
    page: Page | None = Page.find_for_request(request, path)
    return page


def _address_in(request: HttpRequest, here: Page | None, code: str) -> str:
    if here is None:
        return str(translate_url(request.get_full_path(), code))
    nearest = _nearest_translation(request, here, code)
    if nearest is None:
        return str(translate_url(request.get_full_path(), code))
    url = nearest.get_url(request) or "/"
    # What a routable page answers below its own address has the same name in every language.
    own = here.get_url(request) or ""
    if nearest.translation_key == here.translation_key and own and request.get_full_path().startswith(own):
        return str(url) + request.get_full_path()[len(own) :]
    return str(url)


def _nearest_translation(request: HttpRequest, here: Page, code: str) -> Page | None:
    outline = outline_of(request)
    if outline.knows(here):
        nearest_first = (outline.translation(page, code) for page in (here, *outline.above(here)))
        return next((page for page in nearest_first if page is not None), None)
    keys = [page.translation_key for page in here.get_ancestors(inclusive=True)]
    translations = Page.objects.filter(translation_key__in=keys, locale__language_code=code, depth__gt=1).live()
    nearest: Page | None = translations.order_by("-depth").first()
    return nearest
