"""What is asked and what is answered: one typed query that either engine runs, and one kind of result."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from search.needs import Need, Term, Unit

PER_PAGE = 12
# Engines refuse or crawl beyond some ten thousand results; nobody reads so far.
DEEPEST_PAGE = 500
# The share of the words and pairs that is enough where too little has them all, and where nothing has even that.
HALF, LITTLE = 0.5, 0.25


class Kind(enum.StrEnum):
    """What can be found."""

    LISTING = "listing"
    DEMAND = "demand"
    ACHIEVEMENT = "achievement"
    BROKER = "broker"
    ORGANISATION = "organisation"
    CONTRACT = "contract"


class Sort(enum.StrEnum):
    """In which order. By relevance and by age, what can still be had comes first; without words there is no relevance."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    ENDING = "ending"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class Facet(enum.StrEnum):
    """By what a search is narrowed down; each is a field of every entry."""

    KIND = "kind"
    INDUSTRY = "industry"
    # The industry served (GB/T 4754), the patents' classes and the region are trees: a code stands on its beginnings.
    SERVED = "served"
    IPC = "ipc"
    REGION = "region"
    MATURITY = "maturity"
    STATE = "state"
    ROUTE = "route"
    TRANSACTION = "transaction"
    OWNER = "owner"
    BAND = "band"
    ENDS = "ends"


# Bands of the price begin at so many times ten thousand yuan; what ends is told apart by so many days.
BANDS = (0, 1, 5, 10, 20, 50, 100, 200, 500, 1000)
DAYS_LEFT = (3, 7, 15, 30)
DAY = 86_400


def band_of(fen: int | None) -> str:
    """The band that this price is in, named by where it begins; nothing where there is no price."""
    return "" if fen is None else str(max(begin for begin in BANDS if begin * 1_000_000 <= fen))


class Key(NamedTuple):
    """Which entry: its kind and the key of its row."""

    kind: Kind
    pk: int

    @classmethod
    def of(cls, kind: str, pk: int) -> Key:
        return cls(Kind(kind), pk)


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood. An empty filter lets everything through; several values of one filter are alternatives."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    # In fen, both included; None leaves that end open.
    prices: tuple[int | None, int | None] = (None, None)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    # The instant, in seconds, from which days left are counted.
    at: int = 0
    # Nothing else is sought: does this entry answer?
    only: Key | None = None
    # This share of the words is enough, and nobody wants counts: for what is alike. None asks for all words, as people do.
    share: float | None = None
    typed: str = ""
    was_cut: bool = False

    @property
    def needs(self) -> tuple[Need, ...]:
        return tuple(need for term in self.terms for need in term.needs)

    @property
    def parts(self) -> tuple[Need, ...]:
        """What may be missing where too little has everything. Phrases may not."""
        needs = tuple(need for term in self.terms if not term.is_phrase for need in term.needs)
        return tuple(Need(((unit,),)) for unit in needs[0].alternatives[0]) if len(needs) == 1 else needs

    @property
    def phrases(self) -> tuple[Need, ...]:
        """What may never be missing."""
        return tuple(need for term in self.terms if term.is_phrase for need in term.needs)

    @property
    def wholes(self) -> list[Unit]:
        """What ranks higher for standing side by side as it was typed."""
        return [whole for term in self.terms if (whole := term.whole) and not term.is_phrase and len(whole.tokens) > 1]

    def enough(self, share: float) -> int:
        """How many of the parts are this share of them."""
        return math.ceil(len(self.parts) * share)

    @property
    def may_relax(self) -> bool:
        """True when needing less would mean anything."""
        return self.enough(HALF) < len(self.parts)

    @property
    def order(self) -> Sort:
        """The order that applies: relevance means something only where there are words."""
        return Sort.NEWEST if self.sort is Sort.RELEVANCE and not self.terms else self.sort

    @property
    def offset(self) -> int:
        return (self.page - 1) * PER_PAGE

    @property
    def last_end(self) -> int | None:
        """Until when what is sought must end; None when that is not asked."""
        days = [int(value) for value in self.chosen(Facet.ENDS)]
        return self.at + max(days) * DAY if days else None

    def chosen(self, facet: Facet) -> tuple[str, ...]:
        return self.filters.get(facet, ())


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine found. Counts of a facet leave its own filter out, so that several values can be chosen in turn.

    When all that answers the query does not fill a page, entries with some of the words follow: the last `near` of the keys,
    in no count and no total. `is_relaxed` when there is nothing else.
    """

    keys: Sequence[Key]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    is_relaxed: bool = False
    near: int = 0


def widened(query: Query, run: Callable[[Query, float, bool], Results]) -> Results:
    """The results as `run` gives them, needing everything; where that is too little for a page, also what has enough of it.

    `run` is told the share of the words that is enough, and whether anybody wants the counts.
    """
    if query.share is not None:
        return run(query, query.share, False)
    found = run(query, 1, True)
    if found.total >= PER_PAGE or (found.total and query.page > 1) or query.only or not query.may_relax:
        return found
    some = run(query, HALF, not found.total)
    if found.total:
        more = [key for key in some.keys if key not in found.keys][: PER_PAGE - found.total]
        return replace(found, keys=[*found.keys, *more], near=len(more))
    return some if some.total or query.enough(LITTLE) == query.enough(HALF) else run(query, LITTLE, True)
