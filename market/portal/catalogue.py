"""What of the market do the portal's pages show? The one place where the portal asks listings and search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Model, Prefetch, Q, QuerySet

from listings.demands.models.demands import Demand
from listings.demands.permissions import visible_demands
from listings.demands.states import DemandState
from listings.kinds import Industry
from listings.models.listings import Listing, Notice
from listings.permissions.listings import visible_listings
from listings.states.listings import RUNNING, ListingState
from market.values.actor import ANONYMOUS
from market.values.money import Money
from search.documents import SHOWN
from search.highlights import excerpt, marked
from search.queries import Found, found
from search.query import Query

NOTHING_SOUGHT = Query()
# The colour that helps to tell the states apart; the word beside it says it all.
_TONES = {
    ListingState.ON_NOTICE: "info",
    ListingState.BIDDING: "info",
    ListingState.SUSPENDED: "warn",
    ListingState.CONCLUDED: "good",
}


@dataclass(frozen=True, slots=True)
class ListingCard:
    """What a list shows of a listing; what was sought is marked in title and excerpt."""

    number: str
    title: str
    excerpt: str
    industry: str
    maturity: str
    transaction: str
    seller: str
    price: Money
    state: str
    tone: str
    notice_kind: str
    notice_ends_on: date | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class DemandCard:
    """What a list shows of a demand; what was sought is marked in title and excerpt."""

    number: str
    title: str
    excerpt: str
    industry: str
    organisation: str
    cooperation: str
    budget: Money | None
    valid_until: date
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Page[C]:
    """One page of cards, with how they were found."""

    cards: Sequence[C]
    found: Found
    # Those with some of the words only, where few have all.
    near: Sequence[C] = ()


@dataclass(frozen=True, slots=True)
class MarketCounts:
    """How much there is on the market at this moment."""

    running_listings: int
    open_demands: int
    concluded_listings: int


def industries() -> list[tuple[str, str]]:
    """The industries one can choose from, with their labels."""
    return [(value, str(label)) for value, label in Industry.choices]


def find_listings(query: Query) -> Page[ListingCard]:
    """The listings that this query finds. What is no longer public is left out, whatever the index says."""
    answer = found(query)
    whole, near = in_order(public_listings().filter(state__in=SHOWN), answer)
    return Page(listing_cards(whole, answer.query), answer, listing_cards(near, answer.query))


def find_demands(query: Query) -> Page[DemandCard]:
    """The open demands that this query finds."""
    answer = found(query)
    whole, near = in_order(_open_demands(), answer)
    return Page(demand_cards(whole, answer.query), answer, demand_cards(near, answer.query))


def in_order[M: Model](rows: QuerySet[M], answer: Found) -> tuple[list[M], list[M]]:
    """Those of these rows that were found, as they were ranked, and those that have only some of the words; one statement."""
    by_key = rows.in_bulk([key.pk for key in (*answer.keys, *answer.near)])
    whole, near = ([by_key[key.pk] for key in keys if key.pk in by_key] for keys in (answer.keys, answer.near))
    return whole, near


def newest_listings(count: int) -> tuple[ListingCard, ...]:
    """The running listings published last."""
    return listing_cards(public_listings().filter(state__in=RUNNING).order_by("-published_at", "-pk")[:count])


def listing_keys_to_feature(count: int) -> list[int]:
    """The keys of the running listings longest on offer: those that a list of the newest no longer shows."""
    running = visible_listings(ANONYMOUS).filter(state__in=RUNNING)
    return list(running.order_by("published_at", "pk").values_list("pk", flat=True)[:count])


def running_notices(count: int) -> tuple[ListingCard, ...]:
    """The listings on notice whose period ends first."""
    on_notice = public_listings().filter(state=ListingState.ON_NOTICE, notices__closed_at__isnull=True)
    return listing_cards(on_notice.order_by("notices__ends_at", "pk")[:count])


def featured_listings(chosen: Iterable[Listing | None]) -> tuple[ListingCard, ...]:
    """What editors chose, in their order, without what the public may no longer see."""
    keys = [listing.pk for listing in chosen if listing is not None]
    found = {listing.pk: listing for listing in public_listings().filter(pk__in=keys)}
    return listing_cards(found[key] for key in keys if key in found)


def newest_demands(count: int) -> tuple[DemandCard, ...]:
    """The open demands published last."""
    return demand_cards(_open_demands()[:count])


def market_counts() -> MarketCounts:
    """Counted now, over everything the public may see; two queries."""
    counts = visible_listings(ANONYMOUS).aggregate(
        running=Count("pk", filter=Q(state__in=RUNNING)), concluded=Count("pk", filter=Q(state=ListingState.CONCLUDED))
    )
    return MarketCounts(
        running_listings=counts["running"], open_demands=_open_demands().count(), concluded_listings=counts["concluded"]
    )


def public_listings() -> QuerySet[Listing]:
    """The listings everybody may see, with what a card needs."""
    open_notices = Prefetch("notices", Notice.objects.filter(closed_at__isnull=True), to_attr="open_notices")
    return visible_listings(ANONYMOUS).prefetch_related(open_notices)


def listing_cards(listings: Iterable[Listing], query: Query = NOTHING_SOUGHT) -> tuple[ListingCard, ...]:
    """Cards in the order given; the listings come from `public_listings`."""
    return tuple(_listing_card(listing, query) for listing in listings)


def demand_cards(demands: Iterable[Demand], query: Query = NOTHING_SOUGHT) -> tuple[DemandCard, ...]:
    """Cards in the order given."""
    return tuple(
        DemandCard(
            number=demand.number,
            title=marked(demand.title, query),
            excerpt=excerpt(demand.problem, query),
            industry=demand.get_industry_display(),
            organisation=demand.organisation.name,
            cooperation=demand.get_cooperation_display(),
            budget=demand.budget,
            valid_until=demand.valid_until,
            is_sample=demand.is_sample,
        )
        for demand in demands
    )


def _listing_card(listing: Listing, query: Query) -> ListingCard:
    achievement = listing.achievement
    notice: Notice | None = next(iter(listing.open_notices), None)  # type: ignore[attr-defined]
    return ListingCard(
        number=listing.number,
        title=marked(achievement.title, query),
        excerpt=excerpt(achievement.abstract, query),
        industry=achievement.get_industry_display(),
        maturity=achievement.get_maturity_display(),
        transaction=listing.get_transaction_display(),
        seller=listing.seller.name,
        price=listing.price,
        state=listing.get_state_display(),
        tone=_TONES.get(ListingState(listing.state), "neutral"),
        notice_kind=notice.get_kind_display() if notice else "",
        notice_ends_on=notice.ends_on if notice else None,
        is_sample=listing.is_sample,
    )


def _open_demands() -> QuerySet[Demand]:
    return visible_demands(ANONYMOUS).filter(state=DemandState.OPEN).order_by("-published_at", "-pk")
