"""What is in the index? The public words and facts of listings, demands, registered achievements, brokers, institutions and
registered contracts.

Reserve prices, buyers' papers, inventors' names and drafts are in no document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import override

from brokers.models import Broker
from brokers.permissions import visible_brokers
from contracts.kinds import ContractKind
from contracts.models import Registration
from contracts.permissions import public_registrations
from listings.demands.models.demands import Demand
from listings.demands.permissions import visible_demands
from listings.demands.states import DemandState
from listings.kinds import Industry
from listings.models.achievements import Achievement, Patent
from listings.models.listings import Listing, Notice
from listings.permissions.achievements import visible_achievements
from listings.permissions.listings import visible_listings
from listings.states.achievements import AchievementState
from listings.states.listings import RUNNING, ListingState
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import visible_organisations
from market.values.actor import ANONYMOUS
from search import text
from search.query import Key, Kind, band_of
from search.trees import ipc_leaf, served_leaf

# Listings that can be found: what was withdrawn or terminated keeps its page but leaves the results.
SHOWN = (*RUNNING, ListingState.CONCLUDED, ListingState.LAPSED)
# Searched fields and their weight: a word in the title says more than the same in the text.
WEIGHTS: Mapping[str, float] = {"title": 10, "keywords": 6, "names": 4, "body": 1}
_AT_ONCE = 1000
# Names, keywords and titles up to so many characters stand in several entries, and are cut once.
_SHORT = 60


@dataclass(frozen=True)
class Document:
    """An entry of the index. The searched fields hold tokens of `search.text`; `published` and `ends` are in seconds, `price` in fen."""

    kind: str
    pk: int
    title: str
    keywords: str
    names: str
    body: str
    published: int
    is_running: bool = True
    industry: str = ""
    maturity: str = ""
    state: str = ""
    route: str = ""
    transaction: str = ""
    owner: str = ""
    region: str = ""
    # Codes of the trees' leaves, several where it has several patents.
    served: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    price: int | None = None
    ends: int | None = None
    # As they are written, to be suggested; they stand in no index.
    words: tuple[str, ...] = ()

    @property
    def band(self) -> str:
        return band_of(self.price)

    @property
    def key(self) -> Key:
        return Key(Kind(self.kind), self.pk)

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WEIGHTS}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FACTS} | {"band": self.band}

    @cached_property
    def digest(self) -> str:
        """Changes with anything in the document, and with the way texts are cut."""
        content = repr((text.VERSION, [(field, getattr(self, field)) for field in _FIELDS]))
        return f"{text.VERSION}:{hashlib.sha256(content.encode()).hexdigest()[:24]}"


_FIELDS = sorted(field.name for field in fields(Document))
_FACTS = [field for field in _FIELDS if field not in {*WEIGHTS, "words"}]


def findable_listings() -> QuerySet[Listing]:
    """The listings that everybody may find."""
    return visible_listings(ANONYMOUS).filter(state__in=SHOWN)


def findable_demands() -> QuerySet[Demand]:
    return visible_demands(ANONYMOUS).filter(state=DemandState.OPEN)


def findable_achievements() -> QuerySet[Achievement]:
    return visible_achievements(ANONYMOUS).filter(state=AchievementState.REGISTERED)


def findable_brokers() -> QuerySet[Broker]:
    return visible_brokers(ANONYMOUS)


def findable_organisations() -> QuerySet[Organisation]:
    """Those that offer, mediate or serve: an enterprise is found by what it seeks."""
    return visible_organisations(ANONYMOUS).exclude(kind__in=[OrganisationKind.ENTERPRISE, OrganisationKind.GOVERNMENT])


def findable_contracts() -> QuerySet[Registration]:
    return public_registrations()


def documents(kind: Kind, keys: Iterable[int] | None = None) -> Iterator[Document]:
    """The documents of these rows (all of the kind without keys) as they are now; of what may not be found there is none.

    Read in batches: memory stays the same however many there are.
    """
    rows, made = _SOURCES[kind]
    found = rows()
    yield from map(made, found.order_by("pk").iterator(chunk_size=_AT_ONCE) if keys is None else found.filter(pk__in=list(keys)))


def everything() -> Iterator[Document]:
    for kind in Kind:
        yield from documents(kind)


def count() -> int:
    """How many documents `everything` gives."""
    return sum(rows().count() for rows, _made in _SOURCES.values())


# Only what is told: whole rows with all their lists take twice the time to read.
_OF_ORGANISATIONS = ("name", "name_en", "kind", "region")
_OF_ACHIEVEMENTS = ("title", "keywords", "industry", "abstract", "certificate_number", "maturity", "gbt4754", "decided_at")
_PATENTS = Patent.objects.only("achievement_id", "title", "number", "ipc").order_by()


def _of(path: str, names: Iterable[str]) -> list[str]:
    return [f"{path}__{name}" for name in names]


def _listings() -> QuerySet[Listing]:
    notices = Notice.objects.filter(closed_at__isnull=True).only("listing_id", "ends_at")
    own = ("number", "state", "route", "transaction", "published_at", "price_fen")
    told = [*own, *_of("achievement", _OF_ACHIEVEMENTS), *_of("seller", _OF_ORGANISATIONS)]
    # Who is named as buyer is read by nobody here.
    rows = findable_listings().select_related(None).select_related("achievement", "seller").only(*told)
    patents = Prefetch("achievement__patents", _PATENTS)
    return rows.prefetch_related(patents, Prefetch("notices", notices, to_attr="open_notices"))


def _achievements() -> QuerySet[Achievement]:
    rows = findable_achievements().select_related(None).select_related("organisation")
    told = [*_OF_ACHIEVEMENTS, *_of("organisation", _OF_ORGANISATIONS)]
    return rows.only(*told).prefetch_related(Prefetch("patents", _PATENTS))


def _listing(listing: Listing) -> Document:
    achievement, seller = listing.achievement, listing.seller
    notice: Notice | None = next(iter(listing.open_notices), None)  # type: ignore[attr-defined]
    return Document(
        kind=Kind.LISTING.value,
        pk=listing.pk,
        **_texts_of(achievement, [listing.number, seller.name, seller.name_en]),
        **_facts_of(achievement, seller),
        state=listing.state,
        route=listing.route,
        transaction=listing.transaction,
        is_running=listing.state in RUNNING,
        published=_seconds(listing.published_at) or 0,
        price=listing.price_fen,
        ends=_seconds(notice.ends_at) if notice else None,
    )


def _achievement(achievement: Achievement) -> Document:
    owner = achievement.organisation
    return Document(
        kind=Kind.ACHIEVEMENT.value,
        pk=achievement.pk,
        **_texts_of(achievement, [owner.name, owner.name_en]),
        **_facts_of(achievement, owner),
        published=_seconds(achievement.decided_at) or 0,
    )


def _facts_of(achievement: Achievement, owner: Organisation) -> dict[str, Any]:
    return {
        "industry": achievement.industry,
        "maturity": achievement.maturity,
        "owner": owner.kind,
        "region": owner.region,
        "served": tuple(filter(None, [served_leaf(achievement.gbt4754)])),
        "words": (*achievement.keywords, owner.name),
        "ipc": tuple(sorted({leaf for patent in achievement.patents.all() if (leaf := ipc_leaf(patent.ipc))})),
    }


def _texts_of(achievement: Achievement, names: list[str]) -> dict[str, Any]:
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
    owner = demand.organisation
    return Document(
        kind=Kind.DEMAND.value,
        pk=demand.pk,
        title=_tokens([demand.title]),
        keywords=_tokens([*demand.keywords, *industry_names(demand.industry)]),
        names=_tokens([demand.number, owner.name, owner.name_en]),
        body=_tokens([demand.problem, demand.targets, demand.expected]),
        industry=demand.industry,
        owner=owner.kind,
        region=owner.region,
        published=_seconds(demand.published_at) or 0,
        price=demand.budget_fen,
        ends=_seconds(demand.ends_at),
        words=(*demand.keywords, owner.name),
    )


def _broker(broker: Broker) -> Document:
    """Name, fields and introduction; the certificate's number is not public."""
    fields = [name for field in broker.fields for name in (industry_names(field) if field in Industry.values else (field,))]
    return Document(
        kind=Kind.BROKER.value,
        pk=broker.pk,
        title=_tokens([broker.person.name]),
        keywords=_tokens(fields),
        names=_tokens([broker.institution.name, broker.institution.name_en]),
        body=_tokens([broker.introduction]),
        owner=broker.institution.kind,
        region=broker.institution.region,
        published=_seconds(broker.decided_at) or 0,
        words=(broker.person.name,),
    )


def _organisation(organisation: Organisation) -> Document:
    """Name and introduction; whom to call is not for searching."""
    return Document(
        kind=Kind.ORGANISATION.value,
        pk=organisation.pk,
        title=_tokens([organisation.name, organisation.name_en]),
        keywords="",
        names="",
        body=_tokens([organisation.introduction]),
        owner=organisation.kind,
        region=organisation.region,
        published=0,
        words=(organisation.name, organisation.name_en),
    )


def _contract(registration: Registration) -> Document:
    """Kind, field and number, and what the listing says anyway: neither its own title nor its value, and not the buyer."""
    listing = registration.listing
    achievement, seller = listing.achievement, listing.seller
    return Document(
        kind=Kind.CONTRACT.value,
        pk=registration.pk,
        title=_tokens([achievement.title]),
        keywords=_tokens(
            [*achievement.keywords, *industry_names(achievement.industry), *_labels(ContractKind(registration.kind))]
        ),
        names=_tokens([registration.number, listing.number, seller.name, seller.name_en]),
        body="",
        is_running=False,
        industry=achievement.industry,
        maturity=achievement.maturity,
        owner=seller.kind,
        region=seller.region,
        served=tuple(filter(None, [served_leaf(achievement.gbt4754)])),
        published=_seconds(registration.registered_at) or 0,
    )


_SOURCES: Mapping[Kind, tuple[Callable[[], QuerySet[Any]], Callable[[Any], Document]]] = {
    Kind.LISTING: (_listings, _listing),
    Kind.DEMAND: (findable_demands, _demand),
    Kind.ACHIEVEMENT: (_achievements, _achievement),
    Kind.BROKER: (findable_brokers, _broker),
    Kind.ORGANISATION: (findable_organisations, _organisation),
    Kind.CONTRACT: (findable_contracts, _contract),
}


def industry_names(industry: str) -> tuple[str, ...]:
    """Its label in every language: who types one finds all that belongs to it."""
    return _labels(Industry(industry))


@lru_cache
def _labels(choice: Industry | ContractKind) -> tuple[str, ...]:
    names = []
    for code, _label in settings.LANGUAGES:
        with override(code):
            names.append(str(choice.label))
    return tuple(names)


def _tokens(parts: list[str]) -> str:
    cut = (_cut_once(part) if len(part) <= _SHORT else _cut(part) for part in parts)
    return " ".join(filter(None, cut))


def _cut(part: str) -> str:
    return " ".join(text.tokens(part))


_cut_once = lru_cache(maxsize=20_000)(_cut)


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None
