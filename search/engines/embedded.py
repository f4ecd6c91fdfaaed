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
        counts = self._counts(query, conditions)
        total = counts.pop(None)
        return Results(self._keys(query, conditions) if total else (), total, counts, is_relaxed=share < 1)

    def _keys(self, query: Query, conditions: list[Condition]) -> list[Key]:
        """The page's keys in order."""
        tables = "search_entry e"
        order = query.order
        if order is Sort.RELEVANCE:
            tables = "search_text JOIN search_entry e ON e.id = search_text.rowid"
            conditions = [("search_text MATCH %s", [_any_of(query)]), *conditions]
        where, values = _joined([*conditions, *_chosen(query)])
        statement = f"SELECT e.kind, e.pk_of_kind FROM {tables} WHERE {where} ORDER BY {_ORDERS[order]} LIMIT %s OFFSET %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, PER_PAGE, query.offset])
            return [Key(Kind(kind), pk) for kind, pk in cursor.fetchall()]

    def _counts(self, query: Query, conditions: list[Condition]) -> dict[Any, Any]:
        """The counts of every facet, and under None the total; one statement."""
        where, values = _joined(conditions)
        parts, arguments = [], list(values)
        for facet in (None, *Facet):
            column, before = _counted(facet, query)
            chosen, more = _joined(_chosen(query, facet), table="m")
            parts.append(f"SELECT '{facet.value if facet else ''}', {column}, count(*) FROM m WHERE {chosen} GROUP BY 2")  # noqa: S608
            arguments += [*before, *more]
        facts = ", ".join(f'e."{name}"' for name in (*(facet.value for facet in Facet), "price"))
        statement = f"WITH m AS MATERIALIZED (SELECT {facts} FROM search_entry e WHERE {where}) {' UNION ALL '.join(parts)}"  # noqa: S608
        counts: dict[Any, Any] = {None: 0} | {facet: Counter() for facet in Facet}
        with connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            for name, value, number in cursor.fetchall():
                if not name:
                    counts[None] = number
                elif value:
                    for own in _values(Facet(name), value):
                        counts[Facet(name)][own] += number
        return counts


def _entry(document: Document) -> Entry:
    facts = document.facts | {facet.value: _bars(getattr(document, facet.value)) for facet in (Facet.SERVED, Facet.IPC)}
    return Entry(**facts | {"pk": _row(document.key), "pk_of_kind": document.pk}, digest=document.digest)


def _bars(leaves: Sequence[str]) -> str:
    return f"|{'|'.join(leaves)}|" if leaves else ""


def _counted(facet: Facet | None, query: Query) -> Condition:
    """By what entries are counted together."""
    if facet is None:
        return "''", []
    if facet is not Facet.ENDS:
        return f'm."{facet.value}"', []
    steps = " ".join("WHEN m.ends < %s THEN %s" for _ in DAYS_LEFT)
    return f"CASE WHEN m.ends < %s THEN '' {steps} END", [
        query.at,
        *(value for days in DAYS_LEFT for value in (query.at + days * DAY, str(days))),
    ]


def _values(facet: Facet, value: str) -> Iterable[str]:
    """What an entry with this value counts for: all the branches it stands on, and every longer time."""
    if facet is Facet.ENDS:
        return [str(days) for days in DAYS_LEFT if days >= int(value)]
    return branches(facet, value.strip("|").split("|")) if is_tree(facet) else (value,)


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


def _any_of(query: Query) -> str:
    """What ranks: every unit counts, and words that stand side by side count again. What stands here twice counts twice."""
    units = [unit for need in query.needs for unit in need.units]
    for need in query.needs:
        if len(need.alternatives) > 1:
            units += need.alternatives[0] * (TYPED_COUNTS - 1)
    units += query.wholes * WHOLE_COUNTS
    return " OR ".join(map(_unit, units))


def _need(need: Need) -> str:
    return "(" + " OR ".join("(" + " AND ".join(map(_unit, units)) + ")" for units in need.alternatives) + ")"


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
