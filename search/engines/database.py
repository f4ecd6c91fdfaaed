"""Without an engine: the database's own filter. Finds words as they stand, knows no relevance, and serves until an engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet

from search.documents import findable_achievements, findable_demands, findable_listings
from search.query import PER_PAGE, Facet, Key, Kind, Query, Results, Sort


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the words and facts of one kind stand."""

    rows: Callable[[], QuerySet[Any]]
    words: tuple[str, ...]
    fields: dict[Facet, str]
    published: str
    price: str = ""


_SOURCES = {
    Kind.LISTING: _Source(
        findable_listings,
        ("achievement__title", "achievement__abstract", "number", "seller__name"),
        {Facet.INDUSTRY: "achievement__industry", Facet.MATURITY: "achievement__maturity", Facet.STATE: "state"},
        "published_at",
        "price_fen",
    ),
    Kind.DEMAND: _Source(
        findable_demands,
        ("title", "problem", "targets", "number", "organisation__name"),
        {Facet.INDUSTRY: "industry"},
        "published_at",
        "budget_fen",
    ),
    Kind.ACHIEVEMENT: _Source(
        findable_achievements,
        ("title", "abstract", "organisation__name"),
        {Facet.INDUSTRY: "industry", Facet.MATURITY: "maturity"},
        "decided_at",
    ),
}


def search(query: Query) -> Results:
    """The entries that hold every word as it was typed, newest first or by price, one kind after the other."""
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    keys: list[Key] = []
    total = 0
    for kind, source in _SOURCES.items():
        rows = _matching(query, source)
        found = _filtered(rows, query, source, without=None)
        number = found.count()
        if number:
            counts[Facet.KIND][kind.value] = number
        if query.chosen(Facet.KIND) and kind.value not in query.chosen(Facet.KIND):
            continue
        total += number
        keys += [Key(kind, pk) for pk in _ordered(found, query, source)[: query.offset + PER_PAGE]]
        for facet, column in source.fields.items():
            for value, many in _counted(_filtered(rows, query, source, without=facet), column):
                counts[facet][value] = counts[facet].get(value, 0) + many
    return Results(keys[query.offset : query.offset + PER_PAGE], total, counts)


def _matching(query: Query, source: _Source) -> QuerySet[Any]:
    rows = source.rows()
    for term in query.terms:
        rows = rows.filter(_has(source, term.words))
    for term in query.excluded:
        rows = rows.exclude(_has(source, term.words))
    return rows


def _has(source: _Source, words: str) -> Q:
    condition = Q()
    for field in source.words:
        condition |= Q(**{f"{field}__icontains": words})
    return condition


def _filtered[M: Model](rows: QuerySet[M], query: Query, source: _Source, *, without: Facet | None) -> QuerySet[M]:
    for facet, values in query.filters.items():
        if facet in {Facet.KIND, without}:
            continue
        field = source.fields.get(facet)
        rows = rows.filter(**{f"{field}__in": values}) if field else rows.none()
    return rows


def _counted(rows: QuerySet[Any], column: str) -> Iterable[tuple[str, int]]:
    found: Iterable[tuple[str, int]] = rows.order_by().values_list(column).annotate(number=Count("pk"))
    return found


def _ordered(rows: QuerySet[Any], query: Query, source: _Source) -> QuerySet[Any, int]:
    newest = F(source.published).desc(nulls_last=True)
    if source.price and query.order is Sort.CHEAPEST:
        rows = rows.order_by(F(source.price).asc(nulls_last=True), newest, "pk")
    elif source.price and query.order is Sort.DEAREST:
        rows = rows.order_by(F(source.price).desc(nulls_last=True), newest, "pk")
    else:
        rows = rows.order_by(newest, "pk")
    return rows.values_list("pk", flat=True)
