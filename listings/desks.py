"""What achievements, listings, intents and objections ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listings.permissions.deals import visible_deals, visible_next_offers
from listings.permissions.listings import visible_intents, visible_objections
from listings.queries.achievements import achievements_of, achievements_to_examine
from listings.queries.deals import deals_to_look_at
from listings.queries.pages import listings_of
from listings.states.achievements import AchievementState
from listings.states.deals import NextOfferState
from listings.states.listings import IntentState, ListingState, ObjectionState
from market.accounts.desks import Desk
from market.counts import counted
from market.values.actor import Actor, Role


def trade_desks(actor: Actor) -> Iterable[Desk]:
    """The agents' desks for selling and buying, and the officials' for examining."""
    if actor.has(Role.OWNER, Role.AGENT):
        yield from _drafts_and_intents(actor)
        yield from _next_offers(actor)
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        yield _examination(actor)
    if actor.has(Role.SUPERVISOR):
        yield _objections(actor)
        yield from _obstacles(actor)


def _drafts_and_intents(actor: Actor) -> Iterable[Desk]:
    own = actor.organisation or 0
    waiting = counted(
        achievements=achievements_of(actor).filter(state__in=[AchievementState.DRAFT, AchievementState.RETURNED]),
        listings=listings_of(actor).filter(state=ListingState.DRAFT),
        intents=visible_intents(actor).filter(listing__seller_id=own, state=IntentState.REGISTERED),
    )
    count = waiting["achievements"]
    text = ngettext("%(n)s achievement to complete and submit", "%(n)s achievements to complete and submit", count)
    yield Desk(_("Our achievements"), reverse("listings:my_achievements"), count, text % {"n": count})
    count = waiting["listings"]
    text = ngettext("%(n)s listing to check and publish", "%(n)s listings to check and publish", count)
    yield Desk(_("Our listings"), reverse("listings:my_listings"), count, text % {"n": count})
    count = waiting["intents"]
    text = ngettext("%(n)s intent to qualify", "%(n)s intents to qualify", count)
    yield Desk(_("Intents"), reverse("listings:my_intents"), count, text % {"n": count})


def _examination(actor: Actor) -> Desk:
    # A supervisor looks on; a registrar decides, but not on what their own organisation submitted.
    count = achievements_to_examine().exclude(organisation_id=actor.organisation or 0).count() if actor.has(Role.REGISTRAR) else 0
    text = ngettext("%(n)s achievement to examine", "%(n)s achievements to examine", count)
    return Desk(_("Achievements to examine"), reverse("listings:examine_achievements"), count, text % {"n": count})


def _objections(actor: Actor) -> Desk:
    count = visible_objections(actor).filter(state=ObjectionState.RAISED).exclude(raised_by_id=actor.person).count()
    text = ngettext("%(n)s objection to answer", "%(n)s objections to answer", count)
    return Desk(_("Objections"), reverse("listings:objections"), count, text % {"n": count})


def _next_offers(actor: Actor) -> Iterable[Desk]:
    """Only while there is one: few are ever asked."""
    mine = visible_next_offers(actor).filter(intent__buyer_id=actor.organisation, state=NextOfferState.MADE)
    if keys := list(mine.values_list("key", flat=True)):
        text = ngettext("%(n)s deal that you can take", "%(n)s deals that you can take", len(keys)) % {"n": len(keys)}
        yield Desk(_("Offers to the next bidder"), reverse("listings:next_offer_page", args=[keys[0]]), len(keys), text)


def _obstacles(actor: Actor) -> Iterable[Desk]:
    """Only while there is one."""
    deals = list(visible_deals(actor).filter(pk__in=deals_to_look_at()).values_list("key", flat=True))
    if deals:
        text = ngettext("%(n)s deal with an obstacle stated", "%(n)s deals with an obstacle stated", len(deals)) % {
            "n": len(deals)
        }
        yield Desk(_("Overdue deals"), reverse("listings:deal_page", args=[deals[0]]), len(deals), text)
