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
class Source:
    """Where to look for readings, and under which heading; `find` gives the public ones in the language of the moment."""

    name: str
    label: str | Promise
    find: Callable[[Query, int], Sequence[Reading]]


_SOURCES: dict[str, Source] = {}


def offer(source: Source) -> None:
    """Makes this source known; called once, when its app is ready. Raises ValueError for a name that is taken."""
    if _SOURCES.setdefault(source.name, source) is not source:
        raise ValueError(f"source {source.name} is offered twice")


def readings(query: Query) -> list[tuple[Source, Sequence[Reading]]]:
    """A few of each source for these words, sources without any left out; nothing where there are no words."""
    if not query.terms:
        return []
    found = [(source, source.find(query, MOST)) for source in _SOURCES.values()]
    return [(source, some) for source, some in found if some]
