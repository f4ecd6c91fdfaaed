"""What every page shows of the portal: the main navigation, the language switch, and where listings and demands stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from market.portal import queries


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`, `languages` and `places`, each asked for once per request, and only by templates that show it."""
    return {
        "navigation": _once(request, "portal_navigation", queries.menu),
        "languages": _once(request, "portal_languages", queries.languages),
        "places": _once(request, "portal_places", queries.places),
    }


def _once[T](request: HttpRequest, name: str, ask: Callable[[HttpRequest], T]) -> Any:
    if not hasattr(request, name):
        setattr(request, name, SimpleLazyObject(lambda: ask(request)))
    return getattr(request, name)
