"""What do all pages of the portal have in common?"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as NumberedPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

PER_PAGE = 20


class PortalPage(Page):
    """A page of the public site."""

    class Meta:
        abstract = True


def numbered(entries: QuerySet[Any], request: HttpRequest) -> NumberedPage[Any]:
    """The page of these entries that the address asks for; the first or last one for a number that is none."""
    return Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))


def chosen(request: HttpRequest, name: str, allowed: list[str]) -> str:
    """The value of a filter in the address, or nothing for one that does not exist."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""
