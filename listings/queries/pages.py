"""What the pages of listings, achievements and deals show, read in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects

from listings.models.achievements import Achievement
from listings.models.deals import Deal, NextOffer
from listings.models.listings import Intent, Listing, Notice, Objection
from listings.permissions.deals import visible_next_offers
from listings.permissions.listings import may_edit, may_intend, may_object, may_see_reserve, visible_intents, visible_objections
from listings.queries.deals import due_under, subjects_of
from listings.queries.notices import Explanation, Outlook, explanation_of, last_notice_of, notice_terms, outlook_of
from listings.states.deals import DealState
from listings.states.listings import OPEN_INTENT, ListingState
from market.accounts.story import StoryEntry, story
from market.events.models import Event
from market.events.queries import timeline
from market.policy.kinds import KINDS
from market.policy.queries import if_begun_today, policy_by_id, working_calendar
from market.values.actor import Actor, Role
from market.values.dates import Deadline, day_of
from market.values.money import Money

_GOING_ON = frozenset({ListingState.DRAFT, ListingState.ON_NOTICE, ListingState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Everything the page of one listing shows to this actor."""

    listing: Listing
    achievement: Achievement
    notice: Notice | None
    explanation: Explanation | None
    outlook: Outlook | None
    reserve_price: Money | None
    may_edit: bool
    may_intend: bool
    may_object: bool
    own_intent: Intent | None
    intents: list[Intent]
    objections: list[Objection]
    deal: Deal | None
    story: list[StoryEntry]


def listing_page(listing: Listing, *, actor: Actor, now: datetime) -> ListingPage:
    """The page of this listing as this actor may see it."""
    notice = last_notice_of(listing)
    is_insider = may_edit(actor, listing) or actor.has(Role.SUPERVISOR)
    reserve = listing.reserve_price_fen if may_see_reserve(actor, listing) else None
    own = _own_intent(listing, actor)
    intents = list(visible_intents(actor).filter(listing=listing)) if is_insider else []
    is_running = notice is not None and not notice.closed_at
    terms = notice_terms(listing, today=day_of(now)) if is_running else None
    prefetch_related_objects([listing.achievement], "inventors", "patents")
    return ListingPage(
        listing=listing,
        achievement=listing.achievement,
        notice=notice,
        explanation=explanation_of(notice, terms) if notice and terms else None,
        outlook=outlook_of(notice, terms, intents) if notice and terms and is_insider else None,
        reserve_price=None if reserve is None else Money(reserve),
        may_edit=may_edit(actor, listing),
        may_intend=may_intend(actor, listing) and own is None,
        may_object=may_object(actor, listing),
        own_intent=own,
        intents=intents,
        objections=list(visible_objections(actor).filter(notice__listing=listing)),
        deal=_deal_of(listing) if is_insider or own else None,
        story=story(public_timeline(listing), reader=actor, with_people=False),
    )


def _own_intent(listing: Listing, actor: Actor) -> Intent | None:
    """The open intent of the organisation one acts for; a seller has none in what it sells."""
    if actor.organisation is None or actor.organisation == listing.seller_id:
        return None
    return listing.intents.filter(buyer_id=actor.organisation, state__in=OPEN_INTENT).first()


def _deal_of(listing: Listing) -> Deal | None:
    """The deal that was concluded; a listing that goes on has none."""
    return Deal.objects.filter(listing=listing).first() if listing.state not in _GOING_ON else None


def public_timeline(listing: Listing) -> list[Event]:
    """What everybody may know of a listing's course: its own events, without the parties' intents."""
    names = [
        "listing.published",
        "listing.price_changed",
        "listing.suspended",
        "listing.released",
        "listing.terminated",
        "listing.withdrawn",
        "listing.extended",
        "listing.bidding_opened",
        "listing.concluded",
        "listing.lapsed",
        "listing.deal_failed",
        "listing.due_changed",
        "listing.due_confirmed",
    ]
    return list(timeline([listing.subject]).filter(name__in=names))


def listings_of(actor: Actor) -> QuerySet[Listing]:
    """The listings of the organisation one acts for."""
    return Listing.objects.filter(seller_id=actor.organisation).select_related("achievement", "seller")


@dataclass(frozen=True, slots=True)
class DealPage:
    """Everything the page of one deal shows; `due` is the day by which the contract is to be signed, while it is not."""

    deal: Deal
    due: Deadline
    what_if: Deadline | None
    due_rule: str
    due_source: str
    # Who was asked after it failed, for whoever may see that.
    next_offers: list[NextOffer]
    story: list[StoryEntry]


def deal_page(deal: Deal, *, actor: Actor, now: datetime) -> DealPage:
    """What the page of a deal shows, with the day by which the contract is due and why."""
    policy, calendar = policy_by_id(deal.policy_row_id), working_calendar()
    is_open = deal.state == DealState.CONCLUDED
    return DealPage(
        deal=deal,
        due=due_under(deal, policy, calendar),
        what_if=if_begun_today(policy.kind, calendar, today=day_of(now), scope=policy.scope) if is_open else None,
        due_rule=str(KINDS[policy.kind].label),
        due_source=policy.source,
        next_offers=list(visible_next_offers(actor).filter(deal=deal)) if deal.state == DealState.FAILED else [],
        story=story(timeline(subjects_of(deal)), reader=actor),
    )
