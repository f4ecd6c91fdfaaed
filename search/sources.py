"""What else is there to read? Apps above name what visitors find beside the entries of the index: news, policies, guides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from search.query import Query

# Beside the entries there is room for a few.
MOST = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read that was found."""

    title: str
    excerpt: str
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Readings of one kind, under their heading."""

    label: str | Promise
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look for readings; `find` gives the public ones in the language of the moment, so many of each kind, no empty shelf."""

    name: str
    find: Callable[[Query, int], Sequence[Shelf]]


_SOURCES: dict[str, Source] = {}


def offer(source: Source) -> None:
    """Makes this source known; called once, when its app is ready. Raises ValueError for a name that is taken."""
    if _SOURCES.setdefault(source.name, source) is not source:
        raise ValueError(f"source {source.name} is offered twice")


def readings(query: Query) -> list[Shelf]:
    """A few of each kind for these words; nothing where there are no words."""
    return [shelf for source in _SOURCES.values() for shelf in source.find(query, MOST)] if query.terms else []
