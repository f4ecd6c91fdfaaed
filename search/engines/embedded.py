"""The engine that needs nothing: SQLite's FTS5 over the tokens of `search.text`, in the database's own file and transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import connection, transaction

from search import text
from search.documents import WEIGHTS, Document
from search.models import Entry
from search.needs import TYPED_COUNTS, WHOLE_COUNTS, Need, Unit
from search.query import DAY, DAYS_LEFT, PER_PAGE, Facet, Key, Kind, Query, Results, Sort, widened
from search.trees import branches, is_tree

_KINDS = list(Kind)
_AT_ONCE = 500
_RANK = f"bm25(search_text, {', '.join(str(weight) for weight in WEIGHTS.values())})"
_ORDERS = {
    Sort.RELEVANCE: f"e.is_running DESC, {_RANK}, e.published DESC, e.id",
    Sort.NEWEST: "e.is_running DESC, e.published DESC, e.id",
    Sort.ENDING: "e.ends IS NULL, e.ends, e.published DESC, e.id",
    Sort.CHEAPEST: "e.price IS NULL, e.price, e.published DESC, e.id",
    Sort.DEAREST: "e.price IS NULL, e.price DESC, e.published DESC, e.id",
}
# Facets with few values stand in one column together too, to be counted at once; the trees, which have many, by themselves.
_TOGETHER = (
    Facet.KIND, Facet.INDUSTRY, Facet.MATURITY, Facet.STATE, Facet.ROUTE, Facet.TRANSACTION, Facet.OWNER, Facet.BAND,
)  # fmt: skip
_LISTED = ("facts", Facet.REGION.value, Facet.SERVED.value, Facet.IPC.value)
_BETWEEN = "/"

type Condition = tuple[str, list[Any]]


class Embedded:
    """The words are in the virtual table `search_text`, the facts in `search_entry`, one row each under the same key."""

    name = "embedded"

    def search(self, query: Query) -> Results:
        return widened(query, self._run)

    def put(self, documents: Iterable[Document]) -> None:
        for batch in batched(documents, _AT_ONCE):
            with transaction.atomic():
                self.remove([document.key for document in batch])
                self._add(batch)

    def remove(self, keys: Iterable[Key]) -> None:
        for batch in batched(keys, _AT_ONCE):
            rows = [_row(key) for key in batch]
            with transaction.atomic(), connection.cursor() as cursor:
                Entry.objects.filter(pk__in=rows).delete()
                cursor.execute(f"DELETE FROM search_text WHERE rowid IN ({_marks(rows)})", rows)  # noqa: S608

    @transaction.atomic
    def rebuild(self, documents: Iterable[Document], *, catch_up: Callable[[], None]) -> None:
        """In one transaction: readers see the old index until it ends, and nobody else writes, so there is nothing to catch up."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_text")
        Entry.objects.all().delete()
        for batch in batched(documents, _AT_ONCE):
            self._add(batch)

    def digests(self) -> Iterator[tuple[Key, str]]:
        for kind, pk, digest in Entry.objects.order_by("pk").values_list("kind", "pk_of_kind", "digest").iterator():
            yield Key(Kind(kind), pk), digest

    def is_current(self) -> bool:
        digest = Entry.objects.values_list("digest", flat=True).first()
        return digest is not None and digest.startswith(f"{text.VERSION}:")

    def settle(self) -> None:
        """Nothing to wait for: what is committed is found."""

    def _add(self, batch: Sequence[Document]) -> None:
        rows: list[list[Any]] = [[_row(document.key), *document.texts.values()] for document in batch]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO search_text(rowid, {', '.join(WEIGHTS)}) VALUES ({_marks([0, *WEIGHTS])})", rows)  # noqa: S608
        Entry.objects.bulk_create(map(_entry, batch))

    def _run(self, query: Query, share: float, is_counted: bool) -> Results:
        conditions = _conditions(query, share)
        if not is_counted:
            return Results(self._keys(query, conditions), 0, {})
        total, running, counts = self._counts(query, conditions)
        if not total:
            return Results((), 0, counts, is_relaxed=share < 1)
        if query.order in {Sort.RELEVANCE, Sort.NEWEST} and running >= query.offset + PER_PAGE:
            # They come first and fill the page: nobody need rank the others.
            conditions = [*conditions, ("e.is_running", [])]
        return Results(self._keys(query, conditions), total, counts, is_relaxed=share < 1)

    def _keys(self, query: Query, conditions: list[Condition]) -> list[Key]:
        """The page's keys in order."""
        tables = "search_entry e"
        order = query.order
        if order is Sort.RELEVANCE:
            tables = "search_text JOIN search_entry e ON e.id = search_text.rowid"
            conditions = _ranked(query, conditions)
        where, values = _joined([*conditions, *_chosen(query)])
        statement = f"SELECT e.kind, e.pk_of_kind FROM {tables} WHERE {where} ORDER BY {_ORDERS[order]} LIMIT %s OFFSET %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, PER_PAGE, query.offset])
            return [Key(Kind(kind), pk) for kind, pk in cursor.fetchall()]

    def _counts(self, query: Query, conditions: list[Condition]) -> tuple[int, int, dict[Facet, Counter[str]]]:
        """The total, how many of it are still to be had, and the counts of every facet; one statement.

        A facet that is chosen from is counted by itself, without its own filter; all others are counted together. SQLite hands
        the values over as one long text of each column: counting them here is quicker than grouping them there, column by column.
        """
        every = _chosen(query)
        own = [facet for facet in Facet if len(_chosen(query, facet)) < len(every)]
        passes = [_pass(_LISTED, query, [*conditions, *every])]
        passes += [_pass((_column_of(facet),), query, [*conditions, *_chosen(query, facet)]) for facet in own]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(sql for sql, _ in passes), [value for _, values in passes for value in values])
            (total, running, *shared), *others = cursor.fetchall()
        counts = _tallied(_LISTED, shared)
        for facet, (_total, _running, *found) in zip(own, others, strict=True):
            counts[facet] = _tallied((_column_of(facet),), found)[facet]
        return total, running or 0, counts


def _pass(columns: Sequence[str], query: Query, conditions: list[Condition]) -> Condition:
    """How many entries these conditions leave, how many of them are running or end in so many days, what stands in these columns."""
    listed = [f"group_concat(e.{name}, char(10))" for name in columns] + ["NULL"] * (len(_LISTED) - len(columns))
    ends = ["sum(e.ends >= %s AND e.ends < %s)"] * len(DAYS_LEFT)
    spans = [value for days in DAYS_LEFT for value in (query.at, query.at + days * DAY)]
    # By no index: it would lead through all entries of a kind, to look up each among those found.
    where, values = _joined(conditions, table="+e")
    told = ", ".join(["count(*)", "sum(e.is_running)", *listed, *ends])
    return f"SELECT {told} FROM search_entry e WHERE {where}", [*spans, *values]  # noqa: S608


def _column_of(facet: Facet) -> str:
    """The column to list for this facet alone; the ends are counted anyway."""
    return "kind" if facet is Facet.ENDS else facet.value


def _tallied(columns: Sequence[str], row: Sequence[Any]) -> dict[Facet, Counter[str]]:
    """The counts that a row of `_pass` tells of. What has no value is counted nowhere."""
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for name, listed in zip(columns, row, strict=False):
        facets = _TOGETHER if name == "facts" else (Facet(name),)
        for values, number in Counter((listed or "").split("\n")).items():
            for facet, value in zip(facets, values.split(_BETWEEN), strict=False):
                for own in _values(facet, value):
                    counts[facet][own] += number
    counts[Facet.ENDS] = Counter(
        {str(days): number for days, number in zip(DAYS_LEFT, row[len(_LISTED) :], strict=True) if number}
    )
    return counts


def _entry(document: Document) -> Entry:
    facts = document.facts | {facet.value: _bars(getattr(document, facet.value)) for facet in (Facet.SERVED, Facet.IPC)}
    together = _BETWEEN.join(facts[facet.value] for facet in _TOGETHER)
    return Entry(**facts | {"pk": _row(document.key), "pk_of_kind": document.pk}, facts=together, digest=document.digest)


def _values(facet: Facet, value: str) -> Iterable[str]:
    """What an entry with this value counts for: of a tree all the branches it stands on; nothing for no value."""
    if is_tree(facet):
        return branches(facet, value.strip("|").split("|"))
    return (value,) if value else ()


def _bars(leaves: Sequence[str]) -> str:
    return f"|{'|'.join(leaves)}|" if leaves else ""


def _conditions(query: Query, share: float) -> list[Condition]:
    found: list[Condition] = [("e.id = %s", [_row(query.only)])] if query.only else []
    required = query.phrases if share < 1 else query.needs
    if required:
        found.append(_has_all(required))
    if share < 1:
        found.append(_has_some(query, share))
    if query.excluded:
        found.append(_has_none(query))
    return found


def _has_all(needs: Sequence[Need]) -> Condition:
    return "e.id IN (SELECT rowid FROM search_text WHERE search_text MATCH %s)", [" AND ".join(map(_need, needs))]


def _has_some(query: Query, share: float) -> Condition:
    """Enough of the parts: FTS5 has no such operator, but the lists of rows can be counted."""
    lists = " UNION ALL ".join(["SELECT rowid FROM search_text WHERE search_text MATCH %s"] * len(query.parts))
    return (
        f"e.id IN (SELECT rowid FROM ({lists}) GROUP BY rowid HAVING count(*) >= %s)",  # noqa: S608
        [*map(_need, query.parts), query.enough(share)],
    )


def _has_none(query: Query) -> Condition:
    excluded = " OR ".join(_unit(term.whole) for term in query.excluded if term.whole)
    return "e.id NOT IN (SELECT rowid FROM search_text WHERE search_text MATCH %s)", [excluded]


def _ranked(query: Query, conditions: list[Condition]) -> list[Condition]:
    """The conditions, so that the rank can be had: by one expression where everything must be there, else beside the others."""
    required = _has_all(query.needs) if query.needs else None
    if required in conditions:
        return [("search_text MATCH %s", [_all_of(query)]), *(condition for condition in conditions if condition != required)]
    return [("search_text MATCH %s", [_any_of(query)]), *conditions]


def _all_of(query: Query) -> str:
    """All that is needed, and what ranks: it finds the same as the needs. What stands here twice counts twice."""
    terms = []
    for term in query.terms:
        needs = " AND ".join(_need(need, TYPED_COUNTS if len(need.alternatives) > 1 else 1) for need in term.needs)
        wholes = [_unit(whole) for whole in query.wholes if whole == term.whole]
        terms.append(f"({' OR '.join([f'({needs})', *wholes * WHOLE_COUNTS])})")
    return " AND ".join(terms)


def _any_of(query: Query) -> str:
    """What ranks: every unit counts, and words that stand side by side count again. What stands here twice counts twice."""
    units = [unit for need in query.needs for unit in need.units]
    for need in query.needs:
        if len(need.alternatives) > 1:
            units += need.alternatives[0] * (TYPED_COUNTS - 1)
    units += query.wholes * WHOLE_COUNTS
    return " OR ".join(map(_unit, units))


def _need(need: Need, typed: int = 1) -> str:
    """One of the alternatives; what was typed stands there so many times."""
    first, *others = need.alternatives
    return "(" + " OR ".join("(" + " AND ".join(map(_unit, units)) + ")" for units in (first * typed, *others)) + ")"


def _unit(unit: Unit) -> str:
    """Tokens hold letters, digits and characters only, so that nothing typed becomes an operator."""
    return '"' + " ".join(unit.tokens) + '"' + ("*" if unit.is_prefix else "")


def _chosen(query: Query, without: Facet | None = None) -> list[Condition]:
    """The filters, without those on this facet."""
    found = [_filter(facet, values, query) for facet, values in query.filters.items() if facet is not without]
    if without is not Facet.BAND:
        least, most = query.prices
        found += [] if least is None else [("{table}.price >= %s", [least])]
        found += [] if most is None else [("{table}.price <= %s", [most])]
    return found


def _filter(facet: Facet, values: Sequence[str], query: Query) -> Condition:
    if facet is Facet.ENDS:
        return "{table}.ends >= %s AND {table}.ends < %s", [query.at, query.last_end]
    if is_tree(facet):
        pattern = "%s%%" if facet is Facet.REGION else "%%|%s%%"
        return f"({' OR '.join([f'{{table}}."{facet.value}" LIKE %s'] * len(values))})", [pattern % value for value in values]
    return f'{{table}}."{facet.value}" IN ({_marks(values)})', list(values)


def _joined(conditions: Iterable[Condition], *, table: str = "e") -> Condition:
    texts, values = ["1"], []
    for sql, arguments in conditions:
        texts.append(sql.replace("{table}", table))
        values += arguments
    return " AND ".join(texts), values


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)


def _row(key: Key) -> int:
    """The row of this entry in both tables: one number line shared by all kinds, with room for more of them."""
    return key.pk * 16 + _KINDS.index(key.kind)
