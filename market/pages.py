"""Long lists come in pages."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def page_of[T: Model](entries: QuerySet[T], request: HttpRequest) -> Page[Any]:
    """The page that the address asks for by `p`; the nearest there is for a number out of range or no number at all."""
    ordered = entries if entries.ordered else entries.order_by("pk")
    return Paginator(ordered, PER_PAGE).get_page(request.GET.get("p"))
