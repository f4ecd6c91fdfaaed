"""What was found? By the engine, or by the database where there is none or it does not answer; the page is told which."""

from __future__ import annotations

import enum
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.engines import Engine, EngineAwayError, database, engine
from search.query import DEEPEST_PAGE, PER_PAGE, Facet, Key, Query, Results

log = logging.getLogger(__name__)


class Notice(enum.Enum):
    """What the visitor should know about how the results came about."""

    WITHOUT_ENGINE = enum.auto()
    RELAXED = enum.auto()
    CUT = enum.auto()

    @property
    def sentence(self) -> str | Promise:
        return _SENTENCES[self]


_SENTENCES = {
    Notice.WITHOUT_ENGINE: _(
        "The search engine is not available at the moment. These are the entries that contain your words exactly; "
        "they are not sorted by relevance."
    ),
    Notice.RELAXED: _("No entry contains all of your words. These contain some of them."),
    Notice.CUT: _("Your text was too long: only its first hundred characters were searched for."),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of keys, to be read by whoever may see them, with what surrounds them."""

    query: Query
    keys: Sequence[Key]
    total: int
    pages: int
    counts: Mapping[Facet, Mapping[str, int]]
    notices: tuple[Notice, ...]


def found(query: Query) -> Found:
    """The results of this query; a page beyond the last is the last. Never fails for want of an engine."""
    index = engine()
    results = _asked(index, query) if index else None
    notices = [Notice.WITHOUT_ENGINE] if results is None else []
    if results is None:
        index, results = None, database.search(query)
    pages = min(max(1, math.ceil(results.total / PER_PAGE)), DEEPEST_PAGE)
    if query.page > pages:
        query = replace(query, page=pages)
        results = (_asked(index, query) if index else database.search(query)) or results
    if results.is_relaxed:
        notices.append(Notice.RELAXED)
    if query.was_cut:
        notices.append(Notice.CUT)
    return Found(query, results.keys, results.total, pages, results.counts, tuple(notices))


def _asked(index: Engine, query: Query) -> Results | None:
    try:
        return index.search(query)
    except EngineAwayError as error:
        log.warning("search engine %s is away: %s", index.name, error)
        return None
