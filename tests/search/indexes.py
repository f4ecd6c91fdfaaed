"""Search engines for tests: emptied, filled, caught up with the log, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from market.events.models import Event
from search import engines
from search.documents import Document
from search.engines import Engine
from search.indexing import follow_events, reader
from search.parse import parse
from search.query import Facet
from search.text import tokens


def fresh_engine() -> None:
    """No failure of an earlier test is remembered."""
    engines._elasticsearch.cache_clear()


def catch_up() -> None:
    """The index has heard of every event, as the worker would see to, and what it took in can be found.

    Not by `advance`: on PostgreSQL readers see committed events only, and most tests never commit.
    """
    follow_events(list(Event.objects.filter(name__in=list(reader().handlers)).order_by("pk")))


def hear(handle: Callable[[Event], None], *events: Event) -> None:
    """This reader hears of these events when the index has, as the worker would see to."""
    for event in events:
        follow_events([event])
        handle(event)


def throw_away() -> None:
    """Nothing of this test stays on a search server; a database is rolled back or copied anew."""
    if settings.ELASTICSEARCH_URL:
        from search.engines.elasticsearch import ElasticsearchEngine

        client = ElasticsearchEngine(settings.ELASTICSEARCH_URL).client.options(request_timeout=30)
        names = list(client.indices.get(index=f"{settings.SEARCH_INDEX}*"))
        if names:
            client.indices.delete(index=names)
    fresh_engine()


def a_document(pk: int, title: str, body: str = "", **facts: object) -> Document:
    """A document of these words; facts as given, else those of a coal listing on notice."""
    words = {name: " ".join(tokens(str(facts.pop(name, "")))) for name in ("keywords", "names")}
    rest: dict[str, object] = {
        "kind": "listing",
        "industry": "coal",
        "maturity": "pilot_scale",
        "state": "on_notice",
        "is_running": True,
        "published": 1_000_000 + pk,
        "price": 100_000,
    }
    texts = {"title": " ".join(tokens(title)), "body": " ".join(tokens(body))}
    return Document(pk=pk, **texts, **words, **(rest | facts))  # type: ignore[arg-type]


def found(index: Engine, typed: str, **changes: object) -> list[int]:
    """The keys found for these words, in order, without those that lack some of them where others have all."""
    results = index.search(replace(parse(typed), **changes))  # type: ignore[arg-type]
    return [key.pk for key in results.keys[: len(results.keys) - results.near]]


def found_listings(index: Engine, typed: str) -> list[int]:
    return found(index, typed, filters={Facet.KIND: ("listing",)})
