"""What did somebody mean by what they typed? Words, "phrases", -exclusions and filters; anything can be typed, nothing is an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from django.http import QueryDict

from listings.kinds import Industry, Maturity, Route, Transaction
from listings.states.listings import ListingState
from market.accounts.models import OrganisationKind
from market.values.numbers import whole_number
from search.documents import SHOWN
from search.needs import Term, is_measure, is_numbered_name
from search.query import BANDS, DAYS_LEFT, DEEPEST_PAGE, Facet, Kind, Query, Sort
from search.synonyms import plain, same_as
from search.trees import is_branch, is_tree

LONGEST = 100
# Of how many words a term of the trade may consist.
_LONGEST_NAME = 6
# Nobody means them, and a feed may not contain them.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"') | dict.fromkeys("－−", "-") | {"！": "!"})
# As other search engines want them written, in capitals; here every word is wanted anyway, and where too few have all, some do.
_OPERATORS = {"AND", "OR", "NOT"}
_PART = re.compile(r'(?P<minus>(?<!\S)[-!])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_PRICE = re.compile(r"\d{1,7}(\.\d{1,6})?", re.ASCII)
_ALLOWED = {
    Facet.KIND: frozenset(Kind),
    Facet.INDUSTRY: frozenset(Industry.values),
    Facet.MATURITY: frozenset(Maturity.values),
    Facet.STATE: frozenset(ListingState(state).value for state in SHOWN),
    Facet.ROUTE: frozenset(Route.values),
    Facet.TRANSACTION: frozenset(Transaction.values),
    Facet.OWNER: frozenset(OrganisationKind.values),
    Facet.BAND: frozenset(map(str, BANDS)),
    Facet.ENDS: frozenset(map(str, DAYS_LEFT)),
}
# More values of one facet than anybody would choose.
_MOST_VALUES = 30
# Where the time makes no difference.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Parameters(Protocol):
    """A query string, such as `request.GET`."""

    def get(self, name: str, default: str, /) -> str | list[object]: ...

    def getlist(self, name: str, /) -> list[str]: ...


def parse(typed: str) -> Query:
    """The query of these words. What is longer than `LONGEST` characters is cut, and the query says so."""
    typed = " ".join(_CONTROLS.sub(" ", typed).split())
    terms: list[Term] = []
    excluded: list[Term] = []
    is_negated = False
    for part in _PART.finditer(typed[:LONGEST].translate(_QUOTES)):
        is_phrase = part["phrase"] is not None
        if part["word"] in _OPERATORS:
            is_negated = part["word"] == "NOT"
            continue
        term = Term(part["phrase"] if is_phrase else part["word"], is_phrase)
        if term.whole:
            (excluded if part["minus"] or is_negated else terms).append(term)
        is_negated = False
    return Query(tuple(_joined(terms)), tuple(excluded), typed=typed[:LONGEST], was_cut=len(typed) > LONGEST)


def _joined(terms: list[Term]) -> Iterator[Term]:
    """Words that mean one thing together become one: circulating fluidised bed, 300 MW."""
    at = 0
    while at < len(terms):
        for stop in range(min(len(terms), at + _LONGEST_NAME), at + 1, -1):
            together = terms[at:stop]
            words = " ".join(term.words for term in together)
            if not any(term.is_phrase for term in together) and _is_one(words):
                yield Term(words)
                at = stop
                break
        else:
            yield terms[at]
            at += 1


def _is_one(words: str) -> bool:
    """These words mean one thing together."""
    return bool(same_as(plain(words))) or is_measure(words) or is_numbered_name(words)


def read(parameters: Parameters, *, now: datetime, kind: Kind | None = None) -> Query:
    """The query of an address: ?q=…&industry=…&ipc=…&from=…&to=…&sort=…&p=…; what makes no sense is left out."""
    words = parse(str(parameters.get("q", "")))
    filters = {facet: _values(parameters, facet) for facet in Facet}
    if kind is not None:
        filters[Facet.KIND] = (kind.value,)
    sort, page = str(parameters.get("sort", "")), str(parameters.get("p", ""))
    return replace(
        words,
        filters={facet: values for facet, values in filters.items() if values},
        prices=(_fen(parameters, "from"), _fen(parameters, "to")),
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=max(1, min(whole_number(page) or 1, DEEPEST_PAGE)),
        at=int(now.timestamp()),
    )


def parse_address(address: str, *, now: datetime) -> Query:
    """The query of an address as it is kept: what stands after the question mark."""
    return read(QueryDict(address), now=now)


def kept_address(address: str) -> str:
    """The address with what narrows the search down and nothing else; nothing when it would find everything."""
    typed = QueryDict(address[:2000])
    query = read(typed, now=_ANY_TIME)
    kept = QueryDict(mutable=True)
    if query.terms or query.excluded:
        kept["q"] = query.typed
    for facet, values in query.filters.items():
        kept.setlist(facet.value, list(values))
    for name, bound in zip(("from", "to"), query.prices, strict=True):
        if bound is not None:
            kept[name] = typed[name].strip()
    return kept.urlencode()


def _values(parameters: Parameters, facet: Facet) -> tuple[str, ...]:
    typed = dict.fromkeys(parameters.getlist(facet.value)[:_MOST_VALUES])
    if is_tree(facet):
        return tuple(value for value in typed if is_branch(facet, value))
    return tuple(value for value in typed if value in _ALLOWED[facet])


def _fen(parameters: Parameters, name: str) -> int | None:
    """A price in units of ten thousand yuan, in fen."""
    typed = unicodedata.normalize("NFKC", str(parameters.get(name, ""))).strip()
    return int(Decimal(typed) * 1_000_000) if _PRICE.fullmatch(typed) else None
