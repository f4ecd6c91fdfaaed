"""Which pages stand at the head of the site: the first page of each language and those right below it? One query for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult


@dataclass(frozen=True, slots=True)
class Outline:
    """The root of the site, and all pages of its level, the next, and those above, drafts too; asked anew for each request."""

    root: Page | None = None
    pages: tuple[Page, ...] = ()
    below: dict[str, list[Page]] = field(default_factory=dict)

    def home(self, language: str | None) -> Page | None:
        """The first page in this language, or the site's own root while there is none that the public may see."""
        return (self.translation(self.root, language) or self.root) if self.root else None

    def children(self, page: Page) -> list[Page]:
        """The public's pages right below this first page, in the editors' order."""
        return [child for child in self.below.get(page.path, []) if child.live]

    def above(self, page: Page) -> list[Page]:
        """The first page above this one that the outline knows; nothing above a first page."""
        return [entry for entry in self.pages if entry.path in self.below and page.is_child_of(entry)]

    def translation(self, page: Page, language: str | None) -> Page | None:
        """The same page in this language, if the public may see it."""
        same = (entry for entry in self.pages if entry.translation_key == page.translation_key)
        return next((entry for entry in same if entry.live and _language(entry) == language), None)

    def knows(self, page: Page) -> bool:
        """True for pages of the levels that are here."""
        return any(entry.pk == page.pk for entry in self.pages)

    def is_open(self, page: Page) -> bool:
        """True where neither the page nor one above it is kept to some people, nor repeats one that may be."""
        over = [entry for entry in self.pages if page.path.startswith(entry.path)]
        return self.knows(page) and not any(entry.is_restricted or entry.alias_of_id for entry in over)  # type: ignore[attr-defined]


def outline_of(request: HttpRequest) -> Outline:
    """The outline of the site that this request is for, read once per request."""
    if not hasattr(request, "_portal_outline"):
        request._portal_outline = _read(Site.find_for_request(request))  # type: ignore[attr-defined]
    outline: Outline = request._portal_outline  # type: ignore[attr-defined]
    return outline


def find_route(request: HttpRequest, path: str) -> RouteResult | None:
    """The page that answers this path with its arguments, begun where the outline ends; none for a path it does not know.

    What Wagtail finds by itself takes a query for each step from the root.
    """
    outline, steps = outline_of(request), [step for step in path.split("/") if step]
    start = outline.home(get_language())
    if start is None:
        return None
    if steps:
        start = next((page for page in outline.children(start) if page.slug == steps[0]), None)
    if start is None:
        return None
    # A place shows what others wrote: its own few fields are asked for when a template shows them.
    page = start.specific_deferred if issubclass(start.specific_class, RoutablePageMixin) else start.specific
    try:
        found: RouteResult = page.route(request, steps[1:])
    except Http404:
        return None
    found.page.is_open = outline.is_open(found.page)
    return found


def _read(site: Site | None) -> Outline:
    root: Page | None = site.root_page if site else None
    if root is None:
        return Outline()
    restrictions = PageViewRestriction.objects.filter(page_id=OuterRef("pk"))
    rows: Any = Page.objects.filter(depth__lte=root.depth + 1).order_by("path")
    pages = tuple(rows.annotate(is_restricted=Exists(restrictions), language=F("locale__language_code")))
    below: dict[str, list[Page]] = {page.path: [] for page in pages if page.depth == root.depth}
    for page in pages:
        if page.depth > root.depth and (siblings := below.get(page.path[: -page.steplen])) is not None:
            siblings.append(page)
    return Outline(next((page for page in pages if page.pk == root.pk), root), pages, below)


def _language(page: Page) -> str:
    return page.language  # type: ignore[attr-defined,no-any-return]
