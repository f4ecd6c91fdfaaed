"""The results of a search as a feed: whoever keeps its address hears of what is new without an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext

from search.queries import Entry, entries, found
from search.query import Query, Sort


class ResultsFeed(Feed[Entry, Query]):
    """The newest that the search of the address finds, of whatever kind."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, query: Query) -> Query:  # type: ignore[override]
        return replace(query, sort=Sort.NEWEST, page=1)

    def title(self, query: Query) -> str:
        name = gettext("Technology Market")
        return f"{query.typed} · {name}" if query.typed else name

    def link(self, query: Query) -> str:
        return reverse("search:search_everything")

    def items(self, query: Query) -> Sequence[Entry]:
        return entries(found(query))[0]

    def item_title(self, item: Entry) -> str:
        return item.plain_title

    def item_description(self, item: Entry) -> str:
        return strip_tags(item.excerpt)

    def item_link(self, item: Entry) -> str:
        return item.url

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Entry) -> datetime | None:
        return item.published_at
