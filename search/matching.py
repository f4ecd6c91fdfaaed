"""Who is brought together? What was just published is compared with what the engine holds to be near it, and what fits is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from listings.demands.models.demands import Demand
from listings.demands.permissions import visible_demands
from listings.demands.states import DemandState
from listings.models.achievements import Achievement
from listings.models.listings import Listing
from listings.states.listings import RUNNING
from market.values.actor import ANONYMOUS
from search.documents import findable_achievements, findable_demands, findable_listings
from search.engines import database, engine
from search.indexing import touched
from search.models import Match
from search.needs import Term
from search.query import Facet, Key, Kind, Query
from search.rules import Fit, Side, fit, likeness, subjects_of
from search.trees import ipc_leaf

# Of the words of an entry this share is enough to be looked at; the rule then judges.
_SHARE = 0.1
_MOST_WORDS = 12
# How many matches of one demand, or of one offer, are kept.
MOST_KEPT = 20
# So many demands of the past are looked at for who may buy.
_MOST_PAST = 60


def side_of_demand(demand: Demand) -> Side:
    """What everybody may know of it."""
    return Side(
        title=demand.title,
        keywords=demand.keywords,
        body=f"{demand.problem} {demand.targets} {demand.expected}",
        industry=demand.industry,
        fen=demand.budget_fen,
        way=demand.cooperation,
        region=demand.organisation.region,
    )


def side_of_achievement(achievement: Achievement) -> Side:
    """What everybody may know of it."""
    return Side(
        title=achievement.title,
        keywords=achievement.keywords,
        body=achievement.abstract,
        industry=achievement.industry,
        maturity=achievement.maturity,
        region=achievement.organisation.region,
        classes=sorted({leaf for patent in achievement.patents.all() if (leaf := ipc_leaf(patent.ipc))}),
    )


def side_of_listing(listing: Listing) -> Side:
    """What everybody may know of it: the announced price, never the reserve."""
    achievement = listing.achievement
    return Side(
        title=achievement.title,
        keywords=achievement.keywords,
        body=achievement.abstract,
        industry=achievement.industry,
        fen=listing.price_fen,
        maturity=achievement.maturity,
        way=listing.transaction,
        region=listing.seller.region,
        classes=sorted({leaf for patent in achievement.patents.all() if (leaf := ipc_leaf(patent.ipc))}),
    )


def note_matches(subject: str, *, now: datetime) -> None:
    """What fits what was just published, or changed, is kept, and nothing twice. Raises `EngineAwayError`."""
    note_matches_of(touched([subject]), now=now)


def note_matches_of(keys: Iterable[Key], *, now: datetime) -> None:
    """As `note_matches`, for these entries."""
    for key in keys:
        if key.kind is Kind.DEMAND:
            for demand in findable_demands().filter(pk=key.pk):
                _match_demand(demand, now=now)
        elif key.kind in {Kind.LISTING, Kind.ACHIEVEMENT}:
            for pk, offer in _offers([key]).items():
                _match_offer(pk, offer, now=now)


def match_all(progress: Callable[[Iterable[Key]], Iterable[Key]], *, now: datetime) -> None:
    """Every open demand and every offer is compared anew with what is there now. Raises `EngineAwayError`."""
    for key in progress(open_keys()):
        note_matches_of([key], now=now)


def open_keys() -> Iterator[Key]:
    """All that is compared: open demands, achievements and the listings that can still be had."""
    sides: Sequence[tuple[Kind, QuerySet[Any]]] = (
        (Kind.DEMAND, findable_demands()),
        (Kind.ACHIEVEMENT, findable_achievements()),
        (Kind.LISTING, findable_listings().filter(state__in=RUNNING)),
    )
    for kind, rows in sides:
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield Key(kind, pk)


def _match_demand(demand: Demand, *, now: datetime) -> None:
    wanted = side_of_demand(demand)
    offers = _offers([key for kind in (Kind.LISTING, Kind.ACHIEVEMENT) for key in near(wanted, kind)])
    found = [(key, judged) for key, offered in offers.items() if (judged := fit(wanted, offered))]
    best = sorted(found, key=lambda pair: (-pair[1].score, pair[0]))[:MOST_KEPT]
    _keep([_match(demand.pk, key, judged, now=now) for key, judged in best])


def _match_offer(key: Key, offered: Side, *, now: datetime) -> None:
    """With what is sought now, and with what was sought before: whoever sought it may still buy."""
    known = Match.objects.filter(kind=key.kind.value, pk_of_kind=key.pk)
    keys = {near_one.pk for near_one in near(offered, Kind.DEMAND)} | set(known.values_list("demand_id", flat=True))
    published = visible_demands(ANONYMOUS)
    past = published.exclude(state=DemandState.OPEN).filter(industry=offered.industry).order_by("-published_at", "-pk")
    demands = {demand.pk: demand for demand in (*published.filter(pk__in=keys), *past[:_MOST_PAST])}
    found = {pk: judged for pk, demand in demands.items() if (judged := fit(side_of_demand(demand), offered))}
    best = sorted(found, key=lambda pk: (-found[pk].score, -pk))[:MOST_KEPT]
    with transaction.atomic():
        known.exclude(demand_id__in=found).delete()
        _keep([_match(pk, key, found[pk], now=now) for pk in best])


def _match(demand: int, key: Key, judged: Fit, *, now: datetime) -> Match:
    reasons = [[reason.why.value, *reason.values] for reason in judged.reasons]
    return Match(demand_id=demand, kind=key.kind.value, pk_of_kind=key.pk, score=judged.score, reasons=reasons, found_at=now)


def _keep(matches: Sequence[Match]) -> None:
    """These are known; what was known before keeps the instant at which it was found."""
    Match.objects.bulk_create(
        matches, update_conflicts=True, update_fields=["score", "reasons"], unique_fields=["demand", "kind", "pk_of_kind"]
    )


def near(side: Side, *kinds: Kind) -> list[Key]:
    """The entries of these kinds that share most with this side, by the engine's ranking. Raises `EngineAwayError`."""
    words = dict.fromkeys([*side.keywords, *subjects_of(side.title)])
    terms = tuple(Term(word) for word in list(words)[:_MOST_WORDS] if Term(word).whole)
    if not terms:
        return []
    query = Query(terms=terms, filters={Facet.KIND: tuple(kind.value for kind in kinds)}, share=_SHARE)
    index = engine()
    return list((index.search(query) if index else database.search(query)).keys)


def offer_of(key: Key) -> Side | None:
    """This offer as everybody may find it; None where nobody may."""
    return _offers([key]).get(key)


def _offers(keys: Iterable[Key]) -> Mapping[Key, Side]:
    """The offers of these keys that everybody may find; of an achievement that is on offer, the listing too."""
    wanted = list(keys)
    listings = findable_listings().filter(pk__in=[key.pk for key in wanted if key.kind is Kind.LISTING], state__in=RUNNING)
    achievements = findable_achievements().filter(pk__in=[key.pk for key in wanted if key.kind is Kind.ACHIEVEMENT])
    found = {Key(Kind.LISTING, row.pk): side_of_listing(row) for row in listings.prefetch_related("achievement__patents")}
    found |= {Key(Kind.ACHIEVEMENT, row.pk): side_of_achievement(row) for row in achievements.prefetch_related("patents")}
    return found


def alike(key: Key, most: int, *, own: Side | None) -> list[tuple[Key, Fit]]:
    """Other offers that are much like this one, `own` as `offer_of` gives it, the most alike first; one of an achievement and its
    listings. Two statements and what the engine asks. Raises `EngineAwayError`."""
    if own is None:
        return []
    others = _offers(near_one for near_one in near(own, Kind.LISTING, Kind.ACHIEVEMENT) if near_one != key)
    found = [(other, judged) for other, side in others.items() if side.title != own.title and (judged := likeness(own, side))]
    found.sort(key=lambda pair: (-pair[1].score, pair[0].kind is not Kind.LISTING, -pair[0].pk))
    titles: set[str] = set()
    shown = []
    for other, judged in found:
        if others[other].title not in titles:
            titles.add(others[other].title)
            shown.append((other, judged))
    return shown[:most]
