"""What is in the index? The public words and facts of listings, demands and registered achievements, and nothing else.

Reserve prices, buyers' papers, inventors' names and drafts are in no document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from listings.kinds import Industry
from listings.models.achievements import Achievement
from listings.models.demands import Demand
from listings.models.listings import Listing
from listings.permissions.achievements import visible_achievements
from listings.permissions.demands import visible_demands
from listings.permissions.listings import visible_listings
from listings.states.achievements import AchievementState
from listings.states.demands import DemandState
from listings.states.listings import RUNNING, ListingState
from market.values.actor import ANONYMOUS
from search import text
from search.query import Key, Kind

# Listings that can be found: what was withdrawn or terminated keeps its page but leaves the results.
SHOWN = (*RUNNING, ListingState.CONCLUDED, ListingState.LAPSED)
# Searched fields and their weight: a word in the title says more than the same in the text.
WEIGHTS: Mapping[str, float] = {"title": 10, "keywords": 6, "names": 4, "body": 1}
_AT_ONCE = 500


@dataclass(frozen=True)
class Document:
    """An entry of the index. The searched fields hold tokens of `search.text`; `published` is in seconds, `price` in fen."""

    kind: str
    pk: int
    title: str
    keywords: str
    names: str
    body: str
    industry: str
    maturity: str
    state: str
    is_running: bool
    published: int
    price: int | None

    @property
    def key(self) -> Key:
        return Key(Kind(self.kind), self.pk)

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WEIGHTS}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name not in WEIGHTS}

    @cached_property
    def digest(self) -> str:
        """Changes with anything in the document, and with the way texts are cut."""
        content = repr((text.VERSION, sorted(asdict(self).items())))
        return f"{text.VERSION}:{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def findable_listings() -> QuerySet[Listing]:
    """The listings that everybody may find."""
    return visible_listings(ANONYMOUS).filter(state__in=SHOWN)


def findable_demands() -> QuerySet[Demand]:
    return visible_demands(ANONYMOUS).filter(state=DemandState.OPEN)


def findable_achievements() -> QuerySet[Achievement]:
    return visible_achievements(ANONYMOUS).filter(state=AchievementState.REGISTERED)


def documents(kind: Kind, keys: Iterable[int] | None = None) -> Iterator[Document]:
    """The documents of these rows (all of the kind without keys) as they are now; of what may not be found there is none.

    Read in batches: memory stays the same however many there are.
    """
    match kind:
        case Kind.LISTING:
            yield from map(_listing, _rows(findable_listings().prefetch_related("achievement__patents"), keys))
        case Kind.DEMAND:
            yield from map(_demand, _rows(findable_demands(), keys))
        case Kind.ACHIEVEMENT:
            yield from map(_achievement, _rows(findable_achievements().prefetch_related("patents"), keys))


def everything() -> Iterator[Document]:
    for kind in Kind:
        yield from documents(kind)


def count() -> int:
    """How many documents `everything` gives."""
    return findable_listings().count() + findable_demands().count() + findable_achievements().count()


def _rows(rows: QuerySet[Any], keys: Iterable[int] | None) -> Iterable[Any]:
    return rows.order_by("pk").iterator(chunk_size=_AT_ONCE) if keys is None else rows.filter(pk__in=list(keys))


def _listing(listing: Listing) -> Document:
    achievement = listing.achievement
    return Document(
        kind=Kind.LISTING.value,
        pk=listing.pk,
        **_texts_of(achievement, [listing.number, listing.seller.name, listing.seller.name_en]),
        industry=achievement.industry,
        maturity=achievement.maturity,
        state=listing.state,
        is_running=listing.state in RUNNING,
        published=_seconds(listing.published_at),
        price=listing.price_fen,
    )


def _achievement(achievement: Achievement) -> Document:
    return Document(
        kind=Kind.ACHIEVEMENT.value,
        pk=achievement.pk,
        **_texts_of(achievement, [achievement.organisation.name, achievement.organisation.name_en]),
        industry=achievement.industry,
        maturity=achievement.maturity,
        state="",
        is_running=True,
        published=_seconds(achievement.decided_at),
        price=None,
    )


def _texts_of(achievement: Achievement, names: list[str]) -> dict[str, str]:
    patents = list(achievement.patents.all())
    return {
        "title": _tokens([achievement.title]),
        "keywords": _tokens(
            [*achievement.keywords, *(patent.title for patent in patents), *industry_names(achievement.industry)]
        ),
        "names": _tokens(
            [
                *names,
                achievement.certificate_number or "",
                *(patent.number for patent in patents),
                *(patent.ipc for patent in patents),
            ]
        ),
        "body": _tokens([achievement.abstract]),
    }


def _demand(demand: Demand) -> Document:
    return Document(
        kind=Kind.DEMAND.value,
        pk=demand.pk,
        title=_tokens([demand.title]),
        keywords=_tokens([*demand.keywords, *industry_names(demand.industry)]),
        names=_tokens([demand.number, demand.organisation.name, demand.organisation.name_en]),
        body=_tokens([demand.problem, demand.targets, demand.expected]),
        industry=demand.industry,
        maturity="",
        state="",
        is_running=True,
        published=_seconds(demand.published_at),
        price=demand.budget_fen,
    )


@lru_cache
def industry_names(industry: str) -> tuple[str, ...]:
    """Its label in every language: who types one finds all that belongs to it."""
    names = []
    for code, _label in settings.LANGUAGES:
        with override(code):
            names.append(str(Industry(industry).label))
    return tuple(names)


def _tokens(parts: list[str]) -> str:
    return " ".join(token for part in parts for token in text.tokens(part))


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0
