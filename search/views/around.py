"""What is around an entry: what fits it, what is like it, what was looked at lately; and listings side by side."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from brokers.queries import own_broker
from listings.demands.permissions import demand_for
from listings.demands.states import DemandState
from listings.permissions.achievements import achievement_for
from listings.permissions.achievements import may_edit as may_edit_achievement
from listings.permissions.listings import listing_for, may_edit
from listings.states.achievements import AchievementState
from market.answers import acted
from market.requests import MarketRequest
from market.values.actor import Actor
from search.comparison import MOST_COMPARED, comparison
from search.documents import SHOWN
from search.matches import demands_for, likely_buyers, offers_for, similar_to
from search.matching import offer_of
from search.queries import Entry, entries_of
from search.query import Key, Kind
from search.viewed import forget_viewed, note_viewed, viewed_in

# As a page of its own, or the part of it that stands at the foot of another page.
_PAGE, _PART = "search/related.html", "search/related.html#around"
_MOST_VIEWED = 6


@require_safe
def related_to_listing(request: MarketRequest, number: str) -> HttpResponse:
    listing = listing_for(request.actor, number)
    key = Key(Kind.LISTING, listing.pk)
    context = _around_offer(request, key, is_own=may_edit(request.actor, listing))
    context |= {"title": listing.achievement.title, "url": listing.get_absolute_url(), "compare": compare_url([listing.number])}
    return _shown(request, key, context, is_findable=listing.state in SHOWN)


@require_safe
def related_to_achievement(request: MarketRequest, key: str) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    at = Key(Kind.ACHIEVEMENT, achievement.pk)
    context = _around_offer(request, at, is_own=may_edit_achievement(request.actor, achievement))
    context |= {"title": achievement.title, "url": achievement.get_absolute_url()}
    return _shown(request, at, context, is_findable=achievement.state == AchievementState.REGISTERED)


@require_safe
def related_to_demand(request: MarketRequest, number: str) -> HttpResponse:
    demand = demand_for(request.actor, number)
    context: dict[str, object] = {"offers": offers_for(demand), "title": demand.title, "url": demand.get_absolute_url()}
    return _shown(request, Key(Kind.DEMAND, demand.pk), context, is_findable=demand.state == DemandState.OPEN)


def _around_offer(request: MarketRequest, key: Key, *, is_own: bool) -> dict[str, object]:
    offered = offer_of(key)
    similar = similar_to(key, offered=offered)
    return {
        "is_offer": True,
        "similar": similar or [],
        "engine_is_away": similar is None,
        "demands": demands_for(key),
        "buyers": likely_buyers(key, offered=offered) if is_own or _mediates(request.actor) else None,
    }


def _mediates(actor: Actor) -> bool:
    """Officials and brokers look for buyers on behalf of others."""
    return actor.is_official or (actor.person is not None and own_broker(actor) is not None)


def _shown(request: HttpRequest, key: Key, context: dict[str, object], *, is_findable: bool) -> HttpResponse:
    """What only its owner sees is not noted as looked at."""
    context["viewed"] = _viewed(request, besides=key)
    response = render(request, _PART if "part" in request.GET else _PAGE, context)
    if is_findable:
        note_viewed(request, response, key)
    return response


def _viewed(request: HttpRequest, besides: Key | None = None) -> list[Entry]:
    return entries_of([key for key in viewed_in(request) if key != besides])[:_MOST_VIEWED]


@require_safe
def viewed(request: HttpRequest) -> HttpResponse:
    return render(request, "search/viewed.html", {"entries": entries_of(viewed_in(request))})


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    response = acted(request, gettext("The list is empty now."), "search:viewed")
    forget_viewed(response)
    return response


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    asked = request.GET.getlist("n")
    shown = comparison(asked, compare_url)
    only_differences = "differences" in request.GET
    more = _to_add(request, shown.numbers) if shown.has_room else []
    context = {
        "comparison": shown,
        "rows": [row for row in shown.rows if row.differs or not only_differences],
        "only_differences": only_differences,
        "other_url": compare_url(shown.numbers, differences=not only_differences),
        "to_add": [(entry, compare_url([*shown.numbers, number])) for number, entry in more],
        "numbers": shown.numbers,
        "most": MOST_COMPARED,
    }
    return render(request, "search/compare.html", context)


def compare_url(numbers: Sequence[str], *, differences: bool = False) -> str:
    """The address of the comparison of these listings, to be kept and passed on."""
    query = [("n", number) for number in numbers] + ([("differences", "1")] if differences else [])
    return f"{reverse('search:compare')}?{urlencode(query)}"


def _to_add(request: HttpRequest, numbers: Sequence[str]) -> list[tuple[str, Entry]]:
    """Listings looked at lately that are not compared yet."""
    entries = entries_of([key for key in viewed_in(request) if key.kind is Kind.LISTING])
    return [(entry.number, entry) for entry in entries if entry.number not in numbers][:_MOST_VIEWED]
