"""What was found? By the engine, or by the database where there is none or it does not answer; the page is told which."""

from __future__ import annotations

import enum
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from search.documents import (
    findable_achievements,
    findable_brokers,
    findable_contracts,
    findable_demands,
    findable_listings,
    findable_organisations,
)
from search.engines import Engine, EngineAwayError, database, engine
from search.highlights import excerpt, marked
from search.models import Digest, Hit, Rhythm, SavedSearch
from search.query import DEEPEST_PAGE, PER_PAGE, Facet, Key, Kind, Query, Results

log = logging.getLogger(__name__)

NOTHING_SOUGHT = Query()


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
    # These have only some of the words, where few have all; they are in no count.
    near: Sequence[Key] = ()

    @property
    def page(self) -> int:
        return self.query.page

    @property
    def is_poor(self) -> bool:
        """Nothing has all of the words: perhaps others were meant."""
        return bool(self.query.terms) and (not self.total or Notice.RELAXED in self.notices)

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list of all kinds shows of one entry; what was sought is marked in title and excerpt."""

    kind: Kind
    pk: int
    title: str
    excerpt: str
    url: str
    organisation: str
    industry: str
    plain_title: str
    published_at: datetime | None
    # Of a listing or demand, by which it is known.
    number: str = ""


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
    if results.is_relaxed and results.total:
        notices.append(Notice.RELAXED)
    if query.was_cut:
        notices.append(Notice.CUT)
    whole = len(results.keys) - results.near
    return Found(query, results.keys[:whole], results.total, pages, results.counts, tuple(notices), results.keys[whole:])


def finds(query: Query, key: Key) -> bool:
    """Does this entry answer the query? Raises `EngineAwayError`: whoever asks this can wait."""
    only = replace(query, only=key, page=1)
    index = engine()
    return bool((index.search(only) if index else database.search(only)).total)


def searches_to_tell(now: datetime) -> QuerySet[SavedSearch]:
    """Those that found something not yet told, and whose time has come."""
    due = Q(rhythm=Rhythm.AT_ONCE)
    due |= Q(rhythm=Rhythm.DAILY, told_at__lte=now - timedelta(days=1))
    due |= Q(rhythm=Rhythm.WEEKLY, told_at__lte=now - timedelta(days=7))
    untold = Hit.objects.filter(saved=OuterRef("pk"), told_at__isnull=True)
    return SavedSearch.objects.filter(due, Exists(untold)).order_by("pk")


def digests_to_tell(now: datetime) -> QuerySet[Digest]:
    """Those of whom a week has gone by since they were told last."""
    return Digest.objects.filter(told_at__lte=now - timedelta(days=7)).order_by("pk")


def _asked(index: Engine, query: Query) -> Results | None:
    try:
        return index.search(query)
    except EngineAwayError as error:
        log.warning("search engine %s is away: %s", index.name, error)
        return None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a list tells of a row, before what was sought is marked in it."""

    title: str
    text: str
    organisation: Organisation | None
    industry: str = ""
    published_at: datetime | None = None


_TOLD: Mapping[Kind, tuple[Callable[[], QuerySet[Any]], Callable[[Any], _Told]]] = {
    Kind.LISTING: (
        findable_listings,
        lambda row: _Told(
            row.achievement.title, row.achievement.abstract, row.seller, row.achievement.get_industry_display(), row.published_at
        ),
    ),
    Kind.DEMAND: (
        findable_demands,
        lambda row: _Told(row.title, row.problem, row.organisation, row.get_industry_display(), row.published_at),
    ),
    Kind.ACHIEVEMENT: (
        findable_achievements,
        lambda row: _Told(row.title, row.abstract, row.organisation, row.get_industry_display(), row.decided_at),
    ),
    Kind.BROKER: (
        findable_brokers,
        lambda row: _Told(row.person.name, row.introduction, row.institution, published_at=row.decided_at),
    ),
    Kind.CONTRACT: (
        findable_contracts,
        lambda row: _Told(
            row.listing.achievement.title,
            f"{row.get_kind_display()} · {row.number}",
            row.listing.seller,
            row.listing.achievement.get_industry_display(),
            row.registered_at,
        ),
    ),
    Kind.ORGANISATION: (findable_organisations, lambda row: _Told(row.name, row.introduction, None, row.get_kind_display())),
}


def entries(answer: Found) -> tuple[list[Entry], list[Entry]]:
    """What was found and what has only some of the words, in order and as it is now; what may no longer be found is left out.

    One statement for each kind there is.
    """
    shown = {(entry.kind, entry.pk): entry for entry in entries_of([*answer.keys, *answer.near], answer.query)}
    return [shown[key] for key in answer.keys if key in shown], [shown[key] for key in answer.near if key in shown]


def entries_of(keys: Sequence[Key], query: Query = NOTHING_SOUGHT) -> list[Entry]:
    """These entries as they are now, those that everybody may find, in this order."""
    shown: dict[Key, Entry] = {}
    for kind, (rows, told) in _TOLD.items():
        wanted = [key.pk for key in keys if key.kind is kind]
        for row in rows().filter(pk__in=wanted) if wanted else ():
            shown[Key(kind, row.pk)] = _entry(Key(kind, row.pk), row, told(row), query)
    return [shown[key] for key in keys if key in shown]


def _entry(key: Key, row: Any, told: _Told, query: Query) -> Entry:
    return Entry(
        kind=key.kind,
        pk=key.pk,
        title=marked(told.title, query),
        excerpt=excerpt(told.text, query),
        url=row.get_absolute_url(),
        organisation=told.organisation.name if told.organisation else "",
        industry=told.industry,
        plain_title=told.title,
        published_at=told.published_at,
        number=getattr(row, "number", ""),
    )
