"""Without an engine: the database's own filter. Finds words as they stand, knows no relevance, and serves until an engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, Model, Q, QuerySet, When

from search import documents
from search.query import BANDS, PER_PAGE, Facet, Key, Kind, Query, Results, Sort

MOST = 1000
# From a registration to what was sold.
_LISTED = "contract__deal__listing__"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the words and facts of one kind stand. Of trees only the filter is served, not the counts."""

    rows: Callable[[], QuerySet[Any]]
    words: tuple[str, ...]
    fields: Mapping[Facet, str] = field(default_factory=dict)
    trees: Mapping[Facet, str] = field(default_factory=dict)
    published: str = ""
    price: str = ""
    ends: str = ""


_SOURCES = {
    Kind.LISTING: _Source(
        documents.findable_listings,
        ("achievement__title", "achievement__abstract", "number", "seller__name"),
        {
            Facet.INDUSTRY: "achievement__industry",
            Facet.MATURITY: "achievement__maturity",
            Facet.STATE: "state",
            Facet.ROUTE: "route",
            Facet.TRANSACTION: "transaction",
            Facet.OWNER: "seller__kind",
        },
        {Facet.REGION: "seller__region", Facet.IPC: "achievement__patents__ipc", Facet.SERVED: "achievement__gbt4754"},
        published="published_at",
        price="price_fen",
        ends="notices__ends_at",
    ),
    Kind.DEMAND: _Source(
        documents.findable_demands,
        ("title", "problem", "targets", "number", "organisation__name"),
        {Facet.INDUSTRY: "industry", Facet.OWNER: "organisation__kind"},
        {Facet.REGION: "organisation__region"},
        published="published_at",
        price="budget_fen",
        ends="ends_at",
    ),
    Kind.ACHIEVEMENT: _Source(
        documents.findable_achievements,
        ("title", "abstract", "organisation__name"),
        {Facet.INDUSTRY: "industry", Facet.MATURITY: "maturity", Facet.OWNER: "organisation__kind"},
        {Facet.REGION: "organisation__region", Facet.IPC: "patents__ipc", Facet.SERVED: "gbt4754"},
        published="decided_at",
    ),
    Kind.BROKER: _Source(
        documents.findable_brokers,
        ("person__name", "introduction", "institution__name"),
        {Facet.OWNER: "institution__kind"},
        {Facet.REGION: "institution__region"},
        published="decided_at",
    ),
    Kind.CONTRACT: _Source(
        documents.findable_contracts,
        (f"{_LISTED}achievement__title", "number", f"{_LISTED}number", f"{_LISTED}seller__name"),
        {
            Facet.INDUSTRY: f"{_LISTED}achievement__industry",
            Facet.MATURITY: f"{_LISTED}achievement__maturity",
            Facet.OWNER: f"{_LISTED}seller__kind",
        },
        {Facet.REGION: f"{_LISTED}seller__region", Facet.SERVED: f"{_LISTED}achievement__gbt4754"},
        published="registered_at",
    ),
    Kind.ORGANISATION: _Source(
        documents.findable_organisations, ("name", "name_en", "introduction"), {Facet.OWNER: "kind"}, {Facet.REGION: "region"}
    ),
}


def search(query: Query) -> Results:
    """The entries that hold every word as it was typed: those with them in the title first, else the newest or by price, one kind
    after the other. Of each kind at most `MOST` are found and counted: the words are looked for once, row by row.
    """
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    keys: list[Key] = []
    total = 0
    for kind, source in _SOURCES.items():
        if query.only and query.only.kind is not kind:
            continue
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
    if query.only:
        rows = rows.filter(pk=query.only.pk)
    if query.terms and query.share is not None:
        rows = rows.filter(reduce(or_, (_has(source, term.words) for term in query.terms)))
    for term in query.terms if query.share is None else ():
        rows = rows.filter(_has(source, term.words))
    for term in query.excluded:
        rows = rows.exclude(_has(source, term.words))
    if query.terms or query.excluded:
        rows = source.rows().filter(pk__in=list(_ordered(rows, query, source)[:MOST]))
    return rows


def _has(source: _Source, words: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__icontains": words}) for field in source.words))


def _filtered[M: Model](rows: QuerySet[M], query: Query, source: _Source, *, without: Facet | None) -> QuerySet[M]:
    for facet, values in query.filters.items():
        if facet not in {Facet.KIND, without}:
            condition = _condition(facet, values, query, source)
            # By keys: what is joined to a row once for each patent is counted once all the same.
            rows = (
                rows.none() if condition is None else rows.filter(pk__in=source.rows().filter(condition).order_by().values("pk"))
            )
    least, most = query.prices
    if least is not None or most is not None:
        rows = rows.filter(_between(source.price, least, most)) if source.price else rows.none()
    return rows


def _condition(facet: Facet, values: Sequence[str], query: Query, source: _Source) -> Q | None:
    """Nothing where this kind of entry has no such facet."""
    if facet in source.trees:
        codes = (value.lstrip("ABCDEFGHIJKLMNOPQRST") if facet is Facet.SERVED else value for value in values)
        return reduce(or_, (Q(**{f"{source.trees[facet]}__startswith": code}) for code in codes))
    if facet is Facet.BAND and source.price:
        return reduce(or_, (_band(source.price, int(value)) for value in values))
    if facet is Facet.ENDS and source.ends and query.last_end is not None:
        first, last = (datetime.fromtimestamp(at, UTC) for at in (query.at, query.last_end))
        open_only = {"notices__closed_at__isnull": True} if source.ends.startswith("notices__") else {}
        return Q(**{f"{source.ends}__gte": first, f"{source.ends}__lt": last}, **open_only)
    return Q(**{f"{source.fields[facet]}__in": values}) if facet in source.fields else None


def _band(price: str, begin: int) -> Q:
    after = next((other for other in BANDS if other > begin), None)
    return _between(price, begin * 1_000_000, None if after is None else after * 1_000_000 - 1)


def _between(column: str, least: int | None, most: int | None) -> Q:
    bounds = ({} if least is None else {f"{column}__gte": least}) | ({} if most is None else {f"{column}__lte": most})
    return Q(**bounds)


def _counted(rows: QuerySet[Any], column: str) -> Iterable[tuple[str, int]]:
    found: Iterable[tuple[str, int]] = rows.order_by().values_list(column).annotate(number=Count("pk"))
    return found


def _ordered(rows: QuerySet[Any], query: Query, source: _Source) -> QuerySet[Any, int]:
    newest: list[Any] = [F(source.published).desc(nulls_last=True)] if source.published else []
    if source.price and query.order is Sort.CHEAPEST:
        rows = rows.order_by(F(source.price).asc(nulls_last=True), *newest, "pk")
    elif source.price and query.order is Sort.DEAREST:
        rows = rows.order_by(F(source.price).desc(nulls_last=True), *newest, "pk")
    else:
        titled = Q(*(Q(**{f"{source.words[0]}__icontains": term.words}) for term in query.terms))
        ranked = [Case(When(titled, then=0), default=1)] if query.order is Sort.RELEVANCE and query.terms else []
        rows = rows.order_by(*ranked, *newest, "pk")
    return rows.values_list("pk", flat=True)
