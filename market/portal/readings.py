"""What of the editors' pages does a search find? News, policies and guides whose title or summary has every word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from market.portal.models.articles import GuidePage, NewsPage, PolicyPage
from market.portal.models.frame import PortalPage
from search.highlights import excerpt, marked
from search.query import Query
from search.sources import Reading, Source


def _pages_of(model: type[PortalPage], order: str) -> Callable[[Query, int], Sequence[Reading]]:
    def find(query: Query, most: int) -> Sequence[Reading]:
        locale = Locale.objects.filter(language_code=get_language()).first()
        pages = model.objects.live().public().filter(locale=locale)
        for term in query.terms:
            pages = pages.filter(_has(term.words))
        for term in query.excluded:
            pages = pages.exclude(_has(term.words))
        return [
            Reading(marked(page.title, query), excerpt(page.summary, query), page.url or "")
            for page in pages.order_by(order, "pk")[:most]
        ]

    return find


def _has(words: str) -> Q:
    return Q(title__icontains=words) | Q(summary__icontains=words)


SOURCES = (
    Source("portal.policies", _("Policies"), _pages_of(PolicyPage, "-valid_from")),
    Source("portal.guides", _("Guides"), _pages_of(GuidePage, "path")),
    Source("portal.news", _("News"), _pages_of(NewsPage, "-published_on")),
)
