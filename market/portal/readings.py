"""What of the editors' pages does a search find? News, policies and guides whose title or summary has every word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, TextField
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction

from search.highlights import excerpt, marked
from search.query import Query
from search.sources import Reading, Shelf, Source

# The kinds of pages by the table that holds what is their own.
_KINDS = {"policypage": _("Policies"), "guidepage": _("Guides"), "newspage": _("News")}
# More pages than this have the words: then those come first that began to count last.
_MOST_READ = 200


def _find(query: Query, most: int) -> Sequence[Shelf]:
    """The public pages in the language of the moment, by kind, the newest first; one statement."""
    restricted = PageViewRestriction.objects.alias(below=ExpressionWrapper(OuterRef("path"), CharField())).filter(
        below__startswith=F("page__path")
    )
    pages = Page.objects.live().filter(~Exists(restricted), locale__language_code=get_language()).select_related("locale")
    pages = pages.annotate(told=Coalesce(*(f"{kind}__summary" for kind in _KINDS), output_field=TextField()))
    pages = pages.annotate(**{f"is_{kind}": F(f"{kind}__pk") for kind in _KINDS}).filter(told__isnull=False)
    for term in query.terms:
        pages = pages.filter(_has(term.words))
    for term in query.excluded:
        pages = pages.exclude(_has(term.words))
    newest = (F("policypage__valid_from").desc(nulls_last=True), F("newspage__published_on").desc(nulls_last=True), "path")
    found = list(pages.order_by(*newest)[:_MOST_READ])
    shelves = []
    for kind, label in _KINDS.items():
        own = islice((page for page in found if getattr(page, f"is_{kind}")), most)
        shelves.append(
            Shelf(label, [Reading(marked(page.title, query), excerpt(page.told, query), page.url or "") for page in own])
        )
    return [shelf for shelf in shelves if shelf.readings]


def _has(words: str) -> Q:
    return Q(title__icontains=words) | Q(told__icontains=words)


SOURCES = (Source("portal", _find),)
