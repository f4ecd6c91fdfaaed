"""The one view of the portal: every page of the editors' tree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.views import serve as serve_page

from market.portal.outline import find_route


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view with all that is hooked to it, which finds the way already found where the outline knows it."""
    if (route := find_route(request, path)) is not None:
        request._wagtail_route_for_request = route  # type: ignore[attr-defined]
    response: HttpResponse = serve_page(request, path)
    return response
