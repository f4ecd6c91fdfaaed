"""What is asked and what is answered: one typed query that either engine runs, and one kind of result."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from search import text

PER_PAGE = 12
# Engines refuse or crawl beyond some ten thousand results; nobody reads so far.
DEEPEST_PAGE = 500
# The share of several words, and of the pairs of one word, that an entry must have when none has them all.
_SHARE_OF_WORDS = 0.5
_SHARE_OF_A_WORD = 0.6


class Kind(enum.StrEnum):
    """What can be found."""

    LISTING = "listing"
    DEMAND = "demand"
    ACHIEVEMENT = "achievement"


class Sort(enum.StrEnum):
    """In which order. By relevance and by age, what can still be had comes first; without words there is no relevance."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class Facet(enum.StrEnum):
    """By what a search is narrowed down; each is a field of every entry."""

    KIND = "kind"
    INDUSTRY = "industry"
    MATURITY = "maturity"
    STATE = "state"


class Key(NamedTuple):
    """Which entry: its kind and the key of its row."""

    kind: Kind
    pk: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens that must stand side by side; with `is_prefix` the last one may go on."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it was typed, or a phrase in quotes."""

    words: str
    is_phrase: bool = False

    @property
    def units(self) -> tuple[Unit, ...]:
        """What an entry must have: the phrase as a whole, or every pair and word."""
        if self.is_phrase:
            whole = self.whole
            return (whole,) if whole else ()
        return tuple(
            Unit((piece,), is_prefix=is_cjk and len(run) == 1)
            for run, is_cjk in text.runs(self.words)
            for piece in (text.pairs(run) if is_cjk else [run])
        )

    @property
    def whole(self) -> Unit | None:
        """All of it side by side; nothing when there is no letter in it."""
        found = list(text.runs(self.words))
        if not found:
            return None
        last, is_cjk = found[-1]
        tokens = text.tokens(self.words)
        if is_cjk and len(last) > 1:
            # The last character alone stands in the text only where its run ends there too.
            tokens = tokens[:-1]
        return Unit(tuple(tokens), is_prefix=is_cjk and len(last) == 1)


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood. An empty filter lets everything through; several values of one filter are alternatives."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    typed: str = ""
    was_cut: bool = False

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for term in self.terms for unit in term.units)

    @property
    def parts(self) -> tuple[tuple[Unit, ...], ...]:
        """What may be missing when nothing has everything: one of several words, or some pairs of a single one. Phrases may not."""
        plain = [term.units for term in self.terms if not term.is_phrase]
        return tuple((unit,) for unit in plain[0]) if len(plain) == 1 else tuple(plain)

    @property
    def needed(self) -> int:
        """How many of the parts an entry needs then."""
        is_one_word = sum(not term.is_phrase for term in self.terms) == 1
        return math.ceil(len(self.parts) * (_SHARE_OF_A_WORD if is_one_word else _SHARE_OF_WORDS))

    @property
    def may_relax(self) -> bool:
        """True when needing less would mean anything."""
        return 0 < self.needed < len(self.parts)

    @property
    def order(self) -> Sort:
        """The order that applies: relevance means something only where there are words."""
        return Sort.NEWEST if self.sort is Sort.RELEVANCE and not self.terms else self.sort

    @property
    def offset(self) -> int:
        return (self.page - 1) * PER_PAGE

    def chosen(self, facet: Facet) -> tuple[str, ...]:
        return self.filters.get(facet, ())


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine found. Counts of a facet leave its own filter out, so that several values can be chosen in turn."""

    keys: Sequence[Key]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    is_relaxed: bool = False
