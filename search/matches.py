"""What fits whom, as pages and letters tell it: what can be seen now, with the reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, pgettext

from brokers.board.models import Lead
from brokers.models import Broker
from brokers.states import BrokerState
from listings.demands.models.demands import Demand
from listings.demands.permissions import visible_demands
from listings.demands.states import DemandState
from listings.kinds import Industry, Maturity, Transaction
from listings.models.achievements import Achievement
from listings.models.listings import Listing
from listings.states.listings import RUNNING
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.permissions import visible_organisations
from market.templatetags.market import day, wan
from market.values.actor import ANONYMOUS, Actor
from search.documents import findable_achievements, findable_demands, findable_listings
from search.engines import EngineAwayError
from search.matching import alike, offer_of
from search.models import Match
from search.queries import Entry, entries_of
from search.query import Facet, Key, Kind
from search.rules import Fit, Side, Why, subjects_of, terms_in, writings
from search.trees import label

# So many of each stand on a page.
MOST_SHOWN = 6
# So many introductions are read, and so many of their words named.
_MOST_READ, _MOST_NAMED = 200, 4


@dataclass(frozen=True, slots=True)
class Fitting:
    """An entry that fits, with the reasons in the language of the moment."""

    entry: Entry
    score: int
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Buyer:
    """An enterprise that seeks such a thing, or once did, or says that it works with it: then there is no demand to name."""

    name: str
    demand: str
    url: str
    told: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A demand and an offer that fit."""

    demand: Entry
    offer: Entry
    score: int
    reasons: Sequence[str]


def offers_for(demand: Demand, most: int = MOST_SHOWN) -> list[Fitting]:
    """The best offers for this demand that everybody may see now; of an achievement on offer only the listing. Three statements."""
    matches = list(_visible(Match.objects.filter(demand=demand)).order_by("-score", "-pk"))
    listed = set(_achievements_of([match.pk_of_kind for match in matches if match.kind == Kind.LISTING]))
    kept = [match for match in matches if match.kind != Kind.ACHIEVEMENT or match.pk_of_kind not in listed][:most]
    return _fittings([(Key.of(match.kind, match.pk_of_kind), match) for match in kept])


def demands_for(key: Key, most: int = MOST_SHOWN) -> list[Fitting]:
    """The open demands that this offer answers, the best first. Two statements."""
    matches = Match.objects.filter(kind=key.kind.value, pk_of_kind=key.pk, demand__state=DemandState.OPEN)
    return _fittings([(Key(Kind.DEMAND, match.demand_id), match) for match in matches.order_by("-score", "-pk")[:most]])


def likely_buyers(key: Key, most: int = MOST_SHOWN, *, offered: Side | None = None) -> list[Buyer]:
    """The enterprises whose published demands, open or past, this offer answers, each once, by its best; then those whose
    introduction speaks of what is offered. Three statements where what is offered is known, as `offer_of` gives it.
    """
    matches = Match.objects.filter(kind=key.kind.value, pk_of_kind=key.pk).order_by("-score", "-pk")
    ranks = {demand: rank for rank, demand in enumerate(matches.values_list("demand_id", flat=True))}
    demands = sorted(visible_demands(ANONYMOUS).filter(pk__in=ranks), key=lambda demand: ranks[demand.pk])
    first: dict[int, Demand] = {}
    for demand in demands:
        first.setdefault(demand.organisation_id, demand)
    buyers = [_buyer(demand) for demand in list(first.values())[:most]]
    if len(buyers) == most or (offered := offered or offer_of(key)) is None:
        return buyers
    others = visible_organisations(ANONYMOUS).filter(kind=OrganisationKind.ENTERPRISE).exclude(pk__in=first)
    return buyers + _by_introduction(offered, others.exclude(pk__in=_owner(key)), most - len(buyers))


def _owner(key: Key) -> QuerySet[Any, Any]:
    if key.kind is Kind.LISTING:
        return Listing.objects.filter(pk=key.pk).values("seller_id")
    return Achievement.objects.filter(pk=key.pk).values("organisation_id")


def _by_introduction(offered: Side, enterprises: QuerySet[Organisation], most: int) -> list[Buyer]:
    """Of these enterprises, those that speak of most first."""
    words = [name for term in (*offered.keywords, *subjects_of(offered.title)) for name in writings(term)]
    if not words:
        return []
    speaking = enterprises.filter(reduce(or_, (Q(introduction__icontains=word) for word in words))).order_by("pk")
    found = [(terms, one) for one in speaking[:_MOST_READ] if (terms := terms_in(one.introduction, offered))]
    found.sort(key=lambda pair: -len(pair[0]))
    return [_speaking(one, terms) for terms, one in found[:most]]


def _speaking(enterprise: Organisation, terms: Sequence[str]) -> Buyer:
    told = gettext("its introduction speaks of %(words)s") % {"words": _listed(terms[:_MOST_NAMED])}
    return Buyer(enterprise.name, "", enterprise.get_absolute_url(), told)


def _buyer(demand: Demand) -> Buyer:
    if demand.state == DemandState.OPEN:
        told = gettext("seeks this until %(day)s") % {"day": day(demand.valid_until)}
    else:
        told = gettext("sought this, published %(day)s") % {"day": day(demand.published_at)}
    return Buyer(demand.organisation.name, demand.title, demand.get_absolute_url(), told)


def similar_to(key: Key, most: int = MOST_SHOWN, *, offered: Side | None = None) -> list[Fitting] | None:
    """What else is offered that is much like it; None where the engine does not answer."""
    try:
        found = alike(key, most, own=offered or offer_of(key))
    except EngineAwayError:
        return None
    entries = {Key(entry.kind, entry.pk): entry for entry in entries_of([other for other, _judged in found])}
    return [Fitting(entries[other], judged.score, _said(judged)) for other, judged in found if other in entries]


def suggestions_for(broker: Broker, actor: Actor, most: int = MOST_SHOWN) -> list[Pair]:
    """The latest matches with a listing that are not on the broker's board yet, nor were dropped from it. Four statements."""
    taken = Lead.objects.filter(broker=broker, demand_id=OuterRef("demand_id"), listing_id=OuterRef("pk_of_kind"))
    of_listings = matches_on_board(actor, broker).filter(kind=Kind.LISTING)
    return pairs(of_listings.exclude(Exists(taken))[:most])


def matches_on_board(actor: Actor, broker: Broker | None) -> QuerySet[Match]:
    """Of the whole market, the latest first, in the fields of a verified broker who names any; of everybody else their own
    organisation's."""
    matches = open_matches()
    if broker is None or broker.state != BrokerState.VERIFIED:
        return matches.filter(concerning(actor.organisation or 0))
    fields = [field for field in broker.fields if field in Industry.values]
    return matches.filter(demand__industry__in=fields) if fields else matches


def open_matches() -> QuerySet[Match]:
    """Those of which both sides can be seen and had now, the latest found first, no achievement beside its own listing."""
    beside = findable_listings().filter(state__in=RUNNING, achievement_id=OuterRef("pk_of_kind"))
    matches = _visible(Match.objects.filter(demand__in=findable_demands()))
    return matches.exclude(Q(kind=Kind.ACHIEVEMENT) & Exists(beside)).order_by("-found_at", "-score", "-pk")


def concerning(organisation: int) -> Q:
    """Of demands or offers of this organisation."""
    listings = Listing.objects.filter(seller_id=organisation).values("pk")
    achievements = Achievement.objects.filter(organisation_id=organisation).values("pk")
    own = Q(kind=Kind.LISTING, pk_of_kind__in=listings) | Q(kind=Kind.ACHIEVEMENT, pk_of_kind__in=achievements)
    return Q(demand__organisation_id=organisation) | own


def pairs(matches: Iterable[Match]) -> list[Pair]:
    """These matches as they are shown. Three statements for however many."""
    wanted = list(matches)
    keys = {Key(Kind.DEMAND, match.demand_id) for match in wanted} | {Key.of(match.kind, match.pk_of_kind) for match in wanted}
    entries = {Key(entry.kind, entry.pk): entry for entry in entries_of(sorted(keys))}
    found = [(entries.get(Key(Kind.DEMAND, it.demand_id)), entries.get(Key.of(it.kind, it.pk_of_kind)), it) for it in wanted]
    return [Pair(demand, offer, match.score, _in_words(match.reasons)) for demand, offer, match in found if demand and offer]


def _visible(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Those whose offer everybody may see and can still have."""
    listings = findable_listings().filter(state__in=RUNNING).values("pk")
    achievements = findable_achievements().values("pk")
    return matches.filter(Q(kind=Kind.LISTING, pk_of_kind__in=listings) | Q(kind=Kind.ACHIEVEMENT, pk_of_kind__in=achievements))


def _achievements_of(listings: Sequence[int]) -> Iterable[int]:
    return Listing.objects.filter(pk__in=listings).values_list("achievement_id", flat=True) if listings else ()


def _fittings(kept: Sequence[tuple[Key, Match]]) -> list[Fitting]:
    entries = {Key(entry.kind, entry.pk): entry for entry in entries_of([key for key, _match in kept])}
    return [Fitting(entries[key], match.score, _in_words(match.reasons)) for key, match in kept if key in entries]


def _said(judged: Fit) -> list[str]:
    return _in_words([[reason.why.value, *reason.values] for reason in judged.reasons])


def _in_words(reasons: Sequence[Sequence[Any]]) -> list[str]:
    """What the rule found, in words; a reason of an older rule is left out."""
    return [_SENTENCES[why](values) for why, *values in reasons if why in _SENTENCES]


def _listed(words: Sequence[str]) -> str:
    return pgettext("between the words of a list", ", ").join(words)


def _prices(sentence: str, values: Sequence[Any]) -> str:
    price, budget = values
    return sentence % {"price": wan(price), "budget": wan(budget)}


_SENTENCES: Mapping[str, Callable[[Sequence[Any]], str]] = {
    Why.TERMS: lambda values: gettext("Both speak of %(words)s") % {"words": _listed(values)},
    Why.INDUSTRY: lambda values: gettext("The same industry: %(industry)s") % {"industry": Industry(values[0]).label},
    Why.CLASSES: lambda values: (
        gettext("The same patent class: %(classes)s") % {"classes": _listed([label(Facet.IPC, code) for code in values])}
    ),
    Why.MATURITY: lambda values: gettext("Ripe enough to use: %(maturity)s") % {"maturity": Maturity(values[0]).label},
    Why.PRICE: lambda values: _prices(gettext("The price of %(price)s is within the budget of %(budget)s"), values),
    Why.PRICE_NEAR: lambda values: _prices(gettext("The price of %(price)s is a little above the budget of %(budget)s"), values),
    Why.PRICE_ABOVE: lambda values: _prices(gettext("But the price of %(price)s is above the budget of %(budget)s"), values),
    Why.WAY: lambda values: gettext("Offered as it is sought: %(transaction)s") % {"transaction": Transaction(values[0]).label},
    Why.REGION: lambda values: gettext("Both in %(region)s") % {"region": label(Facet.REGION, values[0])},
}
