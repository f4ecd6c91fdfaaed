"""What did somebody mean by what they typed? Words, "phrases", -exclusions and filters; anything can be typed, nothing is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from listings.kinds import Industry, Maturity
from listings.states.listings import ListingState
from search.documents import SHOWN
from search.needs import Term, is_measure
from search.query import DEEPEST_PAGE, Facet, Kind, Query, Sort
from search.synonyms import plain, same_as

LONGEST = 100
# Of how many words a term of the trade may consist.
_LONGEST_NAME = 6
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"') | dict.fromkeys("－−", "-"))
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_ALLOWED = {
    Facet.KIND: frozenset(Kind),
    Facet.INDUSTRY: frozenset(Industry.values),
    Facet.MATURITY: frozenset(Maturity.values),
    Facet.STATE: frozenset(ListingState(state).value for state in SHOWN),
}


class Parameters(Protocol):
    """A query string, such as `request.GET`."""

    def get(self, name: str, default: str, /) -> str | list[object]: ...

    def getlist(self, name: str, /) -> list[str]: ...


def parse(typed: str) -> Query:
    """The query of these words. What is longer than `LONGEST` characters is cut, and the query says so."""
    typed = " ".join(typed.replace("\x00", " ").split())
    terms: list[Term] = []
    excluded: list[Term] = []
    for part in _PART.finditer(typed[:LONGEST].translate(_QUOTES)):
        is_phrase = part["phrase"] is not None
        term = Term(part["phrase"] if is_phrase else part["word"], is_phrase)
        if term.whole:
            (excluded if part["minus"] else terms).append(term)
    return Query(tuple(_joined(terms)), tuple(excluded), typed=typed[:LONGEST], was_cut=len(typed) > LONGEST)


def _joined(terms: list[Term]) -> Iterator[Term]:
    """Words that mean one thing together become one: circulating fluidised bed, 300 MW."""
    at = 0
    while at < len(terms):
        for stop in range(min(len(terms), at + _LONGEST_NAME), at + 1, -1):
            together = terms[at:stop]
            words = " ".join(term.words for term in together)
            if not any(term.is_phrase for term in together) and (same_as(plain(words)) or is_measure(words)):
                yield Term(words)
                at = stop
                break
        else:
            yield terms[at]
            at += 1


def read(parameters: Parameters, *, kind: Kind | None = None) -> Query:
    """The query of an address: ?q=…&industry=…&maturity=…&state=…&sort=…&p=…; what makes no sense is left out."""
    words = parse(str(parameters.get("q", "")))
    filters = {
        facet: tuple(dict.fromkeys(value for value in parameters.getlist(facet.value) if value in allowed))
        for facet, allowed in _ALLOWED.items()
    }
    if kind is not None:
        filters[Facet.KIND] = (kind.value,)
    sort, page = str(parameters.get("sort", "")), str(parameters.get("p", ""))
    return Query(
        words.terms,
        words.excluded,
        filters={facet: values for facet, values in filters.items() if values},
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=max(1, min(int(page), DEEPEST_PAGE)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        typed=words.typed,
        was_cut=words.was_cut,
    )
