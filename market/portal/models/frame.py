"""What do all pages of the portal have in common?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Page as NumberedPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from wagtail.models import Page, PageViewRestriction

from market.portal.outline import outline_of

PER_PAGE = 20


class PortalPage(Page):
    """A page of the public site."""

    # Set by whoever has just seen in this request that nothing keeps the page to some people.
    is_open = False

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Who may read the page, not asked again where that is everybody."""
        if self.is_open:
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"trail": self.trail(request)}

    def trail(self, request: HttpRequest, *, below: str = "") -> list[dict[str, str]]:
        """The way from the first page to this one, or to what it answers below itself; where one is has no address."""
        outline = outline_of(request)
        above = outline.above(self) if outline.knows(self) else self.get_ancestors().filter(depth__gt=1)
        pages = [*above, self]
        steps = [{"label": page.title, "url": page.get_url(request) or ""} for page in pages]
        return [*steps, {"label": below, "url": ""}] if below else [*steps[:-1], {"label": self.title, "url": ""}]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as it would be, under its own strict policy, but allowed within a frame of the editors' interface."""
        response: HttpResponse = super().serve_preview(request, mode_name)
        response._csp_config = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}  # type: ignore[attr-defined]
        return response


def numbered(entries: QuerySet[Any], request: HttpRequest) -> NumberedPage[Any]:
    """The page of these entries that the address asks for; the first or last one for a number that is none."""
    return Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))


def chosen(request: HttpRequest, name: str, allowed: list[str]) -> str:
    """The value of a filter in the address, or nothing for one that does not exist."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""
