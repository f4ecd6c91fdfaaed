"""The engine for the real thing: Elasticsearch, a versioned index behind an alias, holding the tokens of `search.text`.

Texts are cut by the application, as for the embedded engine, and the index splits them at spaces only: both engines then find the
same, the mapping needs no plugin, and any change to how Chinese is cut is made once.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, dsl
from elasticsearch.dsl import query as q
from elasticsearch.helpers import BulkIndexError, bulk, scan

from search import text
from search.documents import WEIGHTS, Document
from search.engines import EngineAwayError, NoIndexError
from search.engines.breaker import Breaker
from search.needs import TYPED_COUNTS, WHOLE_COUNTS, Need, Unit
from search.query import DAY, DAYS_LEFT, PER_PAGE, Facet, Key, Kind, Query, Results, Sort, widened
from search.trees import branches

_BULK_SECONDS = 30
# So many operations in a batch, and so many batches under way while an index is filled.
_AT_ONCE, _UNDER_WAY = 500, 2
# A prefix of one character stands for every pair that begins with it.
_MOST_EXPANSIONS = 5000
# Where the weight of a field multiplies the score and not, as for words, how often they stand there, it must grow as that does.
_SATURATED = {name: weight * 2.2 / (weight + 1.2) for name, weight in WEIGHTS.items()}
# The name of what is counted together.
_SHARED = "shared"
# More than any facet has values on one market: of the patent classification there are some 650 subclasses.
_MOST_VALUES = 1000
_ORDERS: dict[Sort, tuple[str, ...]] = {
    Sort.RELEVANCE: ("-is_running", "-_score", "-published", "row"),
    Sort.NEWEST: ("-is_running", "-published", "row"),
    Sort.ENDING: ("ends", "-published", "row"),
    Sort.CHEAPEST: ("price", "-published", "row"),
    Sort.DEAREST: ("-price", "-published", "row"),
}


class Entry(dsl.Document):
    """The mapping. Words are searched, facts are filtered, counted and sorted by."""

    title = dsl.Text(analyzer="whitespace")
    keywords = dsl.Text(analyzer="whitespace")
    names = dsl.Text(analyzer="whitespace")
    body = dsl.Text(analyzer="whitespace")
    kind = dsl.Keyword()
    pk = dsl.Long()
    row = dsl.Keyword()
    industry = dsl.Keyword()
    maturity = dsl.Keyword()
    state = dsl.Keyword()
    route = dsl.Keyword()
    transaction = dsl.Keyword()
    owner = dsl.Keyword()
    # Every branch of the trees.
    region = dsl.Keyword()
    served = dsl.Keyword()
    ipc = dsl.Keyword()
    band = dsl.Keyword()
    is_running = dsl.Boolean()
    published = dsl.Long()
    price = dsl.Long()
    ends = dsl.Long()
    digest = dsl.Keyword()


class ElasticsearchEngine:
    """`alias` leads to the index in use; while a new one is filled, `alias-next` leads there, and writes go to both."""

    name = "elasticsearch"

    def __init__(self, address: str) -> None:
        self.breaker = Breaker(self._try)
        self._fills = False
        self.client = Elasticsearch(
            address, request_timeout=settings.SEARCH_SECONDS, max_retries=0, retry_on_timeout=False, sniff_on_start=False
        )

    @property
    def alias(self) -> str:
        return str(settings.SEARCH_INDEX)

    @property
    def next_alias(self) -> str:
        return f"{self.alias}-next"

    def search(self, query: Query) -> Results:
        return widened(query, self._run)

    def put(self, documents: Iterable[Document]) -> None:
        kept = list(documents)
        for index in self._written():
            self._bulk(_insertions(index, kept))

    def remove(self, keys: Iterable[Key]) -> None:
        kept = list(keys)
        for index in self._written():
            self._bulk({"_op_type": "delete", "_index": index, "_id": _row(key)} for key in kept)

    def rebuild(self, documents: Iterable[Document], *, catch_up: Callable[[], None]) -> None:
        """A new index is filled and takes the writes that come in meanwhile; then the alias is turned in one step, the old one goes."""
        fresh = f"{self.alias}-{text.VERSION}-{secrets.token_hex(4)}"
        with _told(), self._sole_rebuild(fresh):
            self._stream(_insertions(fresh, documents))
            self._fills = True
            try:
                catch_up()
            finally:
                self._fills = False
            self._patient.indices.put_settings(index=fresh, settings={"refresh_interval": "1s"})
            self._patient.indices.refresh(index=fresh)
            self._turn_to(fresh)

    def digests(self) -> Iterator[tuple[Key, str]]:
        self.settle()
        with _told():
            query = {"query": {"match_all": {}}, "_source": ["kind", "pk", "digest"]}
            for hit in scan(self._patient, index=self.alias, query=query):
                source = hit["_source"]
                yield Key(Kind(source["kind"]), source["pk"]), source["digest"]

    def is_current(self) -> bool:
        with _told():
            try:
                mappings = self.client.indices.get_mapping(index=self.alias)
            except NotFoundError:
                return False
            return all(mapping["mappings"].get("_meta", {}).get("version") == text.VERSION for mapping in mappings.values())

    def settle(self) -> None:
        with _told():
            self._patient.indices.refresh(index=self.alias, ignore_unavailable=True)

    @property
    def _patient(self) -> Elasticsearch:
        return self.client.options(request_timeout=_BULK_SECONDS)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Somebody waits for the answer: while the breaker is open the service is not even asked."""
        if not self.breaker.lets_through():
            raise EngineAwayError("Elasticsearch failed a moment ago")
        try:
            with _told():
                yield
        except EngineAwayError:
            self.breaker.failed()
            raise
        self.breaker.succeeded()

    def _run(self, query: Query, share: float, is_counted: bool) -> Results:
        with self._guarded():
            return self._asked(query, share, is_counted)

    def _try(self) -> None:
        """What everybody asks for who opens the page: all entries with all counts."""
        with _told():
            self._asked(Query(), 1, True)

    def _asked(self, query: Query, share: float, is_counted: bool) -> Results:
        body: dict[str, Any] = {
            "query": _words(query, share).to_dict(),
            "sort": [{name.lstrip("-"): "desc" if name[0] == "-" else "asc"} for name in _ORDERS[query.order]],
            "from": query.offset,
            "size": PER_PAGE,
            # The key says which entry it is; the words themselves stay where they are.
            "_source": False,
            "track_total_hits": True,
        }
        if filters := _filters(query):
            body["post_filter"] = q.Bool(filter=filters).to_dict()
        if is_counted:
            body["aggs"] = _aggregations(query)
        answer = self.client.search(index=self.alias, body=body)
        return _results(answer.body, is_relaxed=share < 1, is_counted=is_counted)

    def _bulk(self, operations: Iterable[dict[str, Any]]) -> None:
        with _told():
            bulk(self._patient, operations, chunk_size=_AT_ONCE, ignore_status=(404,), max_retries=3, initial_backoff=0.5)

    def _stream(self, operations: Iterable[dict[str, Any]]) -> None:
        """All of them, some batches under way while the next is read; a slow server slows the reading down."""
        under_way: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_UNDER_WAY) as senders:
            for batch in batched(operations, _AT_ONCE):
                if len(under_way) >= _UNDER_WAY:
                    under_way.popleft().result()
                under_way.append(senders.submit(self._bulk, batch))
            for sent in under_way:
                sent.result()

    def _written(self) -> list[str]:
        """The indexes that take writes: the one in use, and one that is being filled."""
        with _told():
            answer = self.client.options(ignore_status=404).indices.get_alias(name=[self.alias, self.next_alias])
            # Where one of the two is missing, the answer says so beside the other.
            held = {name: told["aliases"] for name, told in answer.body.items() if isinstance(told, dict)}
            # Where there was no index yet, the one that is being filled is all there is to catch up.
            if not self._fills and not any(self.alias in aliases for aliases in held.values()):
                raise NoIndexError(f"nothing is behind the alias {self.alias}")
            return list(held)

    def _behind(self, alias: str) -> list[str]:
        try:
            return list(self._patient.indices.get_alias(name=alias))
        except NotFoundError:
            return []

    def _create(self, name: str, alias: str) -> None:
        """An index to be filled: nothing in it can be found before it is refreshed."""
        mappings = Entry._doc_type.mapping.to_dict() | {"_meta": {"version": text.VERSION}}  # type: ignore[attr-defined]
        settings = {"number_of_replicas": 0, "refresh_interval": "-1"}
        self._patient.indices.create(index=name, mappings=mappings, settings=settings, aliases={alias: {}})

    @contextmanager
    def _sole_rebuild(self, fresh: str) -> Iterator[None]:
        """What an earlier rebuild left half done is thrown away first; so is this one when it fails."""
        for leftover in self._behind(self.next_alias):
            self._patient.indices.delete(index=leftover)
        self._create(fresh, self.next_alias)
        try:
            yield
        except BaseException:
            self._patient.indices.delete(index=fresh, ignore_unavailable=True)
            raise

    def _turn_to(self, fresh: str) -> None:
        actions: list[dict[str, Any]] = [{"remove_index": {"index": old}} for old in self._behind(self.alias)]
        actions += [
            {"add": {"index": fresh, "alias": self.alias}},
            {"remove": {"index": fresh, "alias": self.next_alias}},
        ]
        self._patient.indices.update_aliases(actions=actions)


def _results(answer: dict[str, Any], *, is_relaxed: bool, is_counted: bool) -> Results:
    keys = [_key(hit["_id"]) for hit in answer["hits"]["hits"]]
    counted = answer["aggregations"] if is_counted else {}
    shared = counted.get(_SHARED, counted)
    counts = {}
    for facet in Facet if is_counted else ():
        values = counted[facet.value][facet.value] if facet.value not in shared else shared[facet.value]
        counts[facet] = {
            bucket["key"]: bucket["doc_count"] for bucket in values["buckets"] if bucket["key"] and bucket["doc_count"]
        }
    return Results(keys, answer["hits"]["total"]["value"], counts, is_relaxed)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the service does wrong becomes `EngineAwayError`; an answer without what was asked for too."""
    try:
        yield
    except (TransportError, ApiError, BulkIndexError, KeyError) as error:
        raise EngineAwayError(f"{type(error).__name__}: {error}") from error


def _words(query: Query, share: float) -> q.Query:
    """What must, may and must not be in an entry."""
    if share < 1:
        must = [_need(need) for need in query.phrases]
        must.append(q.Bool(should=[_need(need) for need in query.parts], minimum_should_match=query.enough(share)))
    else:
        must = [_need(need) for need in query.needs]
    return q.Bool(
        filter=[q.Ids(values=[_row(query.only)])] if query.only else [],
        must=must or [q.MatchAll()],
        should=[q.Bool(must=[_unit(whole)], boost=WHOLE_COUNTS) for whole in query.wholes],
        must_not=[_unit(term.whole) for term in query.excluded if term.whole],
    )


def _need(need: Need) -> q.Query:
    """One of the alternatives; what was typed counts for more than another word for it."""
    first, *others = [q.Bool(must=[_unit(unit) for unit in units]) for units in need.alternatives]
    if not others:
        return first
    return q.Bool(should=[q.Bool(must=[first], boost=TYPED_COUNTS), *others], minimum_should_match=1)


def _unit(unit: Unit) -> q.Query:
    """Found in any of the searched fields; of two entries, that with the word in the weightier field comes first."""
    words = " ".join(unit.tokens)
    if len(unit.tokens) == 1 and not unit.is_prefix:
        return q.CombinedFields(query=words, fields=[f"{name}^{weight:g}" for name, weight in WEIGHTS.items()])
    if len(unit.tokens) == 1:
        return q.DisMax(queries=[q.Prefix(**{name: {"value": words, "boost": boost}}) for name, boost in _SATURATED.items()])
    fields = [f"{name}^{boost:.2f}" for name, boost in _SATURATED.items()]
    # Lucene adds up the weights of a phrase's tokens; FTS5 counts the phrase as one. One behaviour is wanted.
    share = 1 / len(unit.tokens)
    if unit.is_prefix:
        return q.MultiMatch(query=words, fields=fields, type="phrase_prefix", max_expansions=_MOST_EXPANSIONS, boost=share)
    return q.MultiMatch(query=words, fields=fields, type="phrase", boost=share)


def _aggregations(query: Query) -> dict[str, Any]:
    """Counts of every facet among what the other filters leave; the facets that all filters hold for are counted together."""
    every = _filters(query)
    own = {facet: filters for facet in Facet if len(filters := _filters(query, facet)) < len(every)}
    made = {facet.value: _among(filters, {facet.value: _counted(facet, query)}) for facet, filters in own.items()}
    shared = {facet.value: _counted(facet, query) for facet in Facet if facet not in own}
    return made | {_SHARED: _among(every, shared)} if every else shared


def _among(filters: list[q.Query], counted: dict[str, Any]) -> dict[str, Any]:
    return {"filter": q.Bool(filter=filters).to_dict(), "aggs": counted}


def _counted(facet: Facet, query: Query) -> dict[str, Any]:
    if facet is Facet.ENDS:
        spans = [{"key": str(days), "from": query.at, "to": query.at + days * DAY} for days in DAYS_LEFT]
        return {"range": {"field": facet.value, "ranges": spans}}
    return {"terms": {"field": facet.value, "size": _MOST_VALUES}}


def _filters(query: Query, without: Facet | None = None) -> list[q.Query]:
    """The filters, without those on this facet."""
    found = [_filter(facet, values, query) for facet, values in query.filters.items() if facet is not without]
    least, most = query.prices
    bounds = ({} if least is None else {"gte": least}) | ({} if most is None else {"lte": most})
    return [*found, q.Range(price=bounds)] if bounds and without is not Facet.BAND else found


def _filter(facet: Facet, values: tuple[str, ...], query: Query) -> q.Query:
    if facet is Facet.ENDS:
        return q.Range(ends={"gte": query.at, "lt": query.last_end})
    chosen: dict[str, Any] = {facet.value: list(values)}
    return q.Terms(**chosen)


def _branches(document: Document) -> dict[str, tuple[str, ...]]:
    leaves = {Facet.REGION: (document.region,), Facet.SERVED: document.served, Facet.IPC: document.ipc}
    return {facet.value: branches(facet, own) for facet, own in leaves.items()}


def _insertions(index: str, documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    for document in documents:
        source = {**document.texts, **document.facts, **_branches(document), "digest": document.digest, "row": _row(document.key)}
        yield {"_op_type": "index", "_index": index, "_id": source["row"], "_source": source}


def _row(key: Key) -> str:
    return f"{key.kind.value}:{key.pk}"


def _key(row: str) -> Key:
    kind, _, pk = row.partition(":")
    return Key.of(kind, int(pk))
