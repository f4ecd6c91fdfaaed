"""Who sees a listing, its objections and intents, and who may act on them?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from listings.models.achievements import Achievement
from listings.models.listings import Intent, Listing, Objection
from listings.rules.listings import asks_second_factor
from listings.states.achievements import AchievementState
from listings.states.listings import LISTING, PUBLIC, ListingEvent, ListingState
from market.accounts.models import Membership, Organisation
from market.accounts.permissions import (
    acts_for,
    person_of,
    require_official,
    require_role,
    require_second_factor,
    require_verified,
)
from market.documents.models import Document
from market.policy.queries import policy_on
from market.values.actor import Actor, Role
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal


def visible_listings(actor: Actor) -> QuerySet[Listing]:
    """The published ones, and one's own drafts."""
    seen = Q(state__in=PUBLIC)
    if actor.organisation is not None:
        seen |= Q(seller_id=actor.organisation)
    return Listing.objects.filter(seen).select_related("achievement", "seller", "named_buyer")


def listing_for(actor: Actor, number: str) -> Listing:
    """The door: this listing, or 404."""
    listing = visible_listings(actor).select_related("achievement__organisation").filter(number=number).first()
    if listing is None:
        raise Http404
    return listing


def require_may_list(achievement: Achievement) -> None:
    """Raises `Forbidden` for a seller not yet verified, `OutOfTurn` unless the achievement stands in the register without a draft
    listing beside it."""
    require_verified(achievement.organisation)
    if achievement.state != AchievementState.REGISTERED:
        raise OutOfTurn([Refusal("listings.not_registered")])
    if draft := achievement.listings.filter(state=ListingState.DRAFT).first():
        raise OutOfTurn([Refusal("listings.draft_exists", data={"number": draft.number})])


def require_sellers_second_factor(actor: Actor, seller: Organisation, price: Money, *, on: date) -> None:
    """Raises `Forbidden` for a person who would bind the seller from the policy's price on and signs in by password alone."""
    if asks_second_factor(price, policy_on("listing.second_factor_from", on, scope=seller.kind)):
        require_second_factor(actor)


def may_edit(actor: Actor, listing: Listing) -> bool:
    """True for whoever acts for the seller as owner or agent."""
    return acts_for(actor, listing.seller_id, Role.OWNER, Role.AGENT)


def may_see_reserve(actor: Actor, listing: Listing) -> bool:
    """The reserve price is the seller's secret until the end, unless the seller disclosed it."""
    return listing.is_reserve_disclosed or may_edit(actor, listing)


def require_mover(actor: Actor, listing: Listing, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    match by:
        case "owner":
            require_role(actor, listing.seller_id, Role.OWNER, Role.AGENT)
        case "operator":
            require_official(actor, Role.SUPERVISOR)
            # Whichever organisation they act for at the moment: nobody judges what concerns their own.
            if is_of_the_seller(actor, listing):
                raise Forbidden([Refusal("listings.own_objection")])
        case "clock":
            if not actor.is_clock:
                raise Forbidden([Refusal("accounts.role_missing")])
        case "anyone":
            if actor.person is None:
                raise Forbidden([Refusal("accounts.role_missing")])
            require_other_than_seller(actor, listing)
        case _:
            raise ValueError(f"nobody is called {by}")


def is_of_the_seller(actor: Actor, listing: Listing) -> bool:
    """True for the seller's people, whichever organisation they act for at the moment."""
    return Membership.objects.filter(person_id=person_of(actor), organisation_id=listing.seller_id).exists()


def require_other_than_seller(actor: Actor, listing: Listing) -> None:
    """Raises `Forbidden` for the seller's own people, who do not object to what they may change."""
    if is_of_the_seller(actor, listing):
        raise Forbidden([Refusal("listings.objection_to_own_listing")])


def may_object(actor: Actor, listing: Listing) -> bool:
    """True when the page should offer to raise an objection: against another's notice, while there is one."""
    return actor.person is not None and LISTING.may(listing.state, ListingEvent.OBJECT) and not is_of_the_seller(actor, listing)


def visible_objections(actor: Actor) -> QuerySet[Objection]:
    """One's own, those against one's own listings, and all for supervisors."""
    objections = Objection.objects.select_related("notice__listing__achievement", "notice__listing__seller", "organisation")
    if actor.has(Role.SUPERVISOR):
        return objections
    if actor.person is None:
        return objections.none()
    seen = Q(raised_by_id=actor.person)
    if actor.organisation is not None:
        seen |= Q(notice__listing__seller_id=actor.organisation)
    return objections.filter(seen)


def objection_for(actor: Actor, key: str) -> Objection:
    """The door: this objection, or 404 when the actor may not see it."""
    objection = visible_objections(actor).filter(key=key).first()
    if objection is None:
        raise Http404
    return objection


def may_see_objector(actor: Actor, objection: Objection) -> bool:
    """Who objects is known to officials and to themself; the seller answers what is said, not who says it."""
    return actor.is_official or (actor.person is not None and objection.raised_by_id == actor.person)


def require_objection_mover(actor: Actor, objection: Objection, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by; nobody answers their own objection."""
    if by == "objector":
        if objection.raised_by_id != actor.person:
            raise Forbidden([Refusal("accounts.role_missing")])
        return
    require_mover(actor, objection.notice.listing, "operator")
    if objection.raised_by_id == actor.person:
        raise Forbidden([Refusal("listings.own_objection")])


def visible_intents(actor: Actor) -> QuerySet[Intent]:
    """The buyer's own, those for the seller's listings, and all for supervisors."""
    intents = Intent.objects.select_related("listing__achievement", "listing__seller", "buyer")
    if actor.has(Role.SUPERVISOR):
        return intents
    if actor.organisation is None:
        return intents.none()
    return intents.filter(Q(buyer_id=actor.organisation) | Q(listing__seller_id=actor.organisation))


def intent_for(actor: Actor, key: str) -> Intent:
    """The door: this intent, or 404 when the actor may not see it."""
    intent = visible_intents(actor).filter(key=key).first()
    if intent is None:
        raise Http404
    return intent


def require_intent_mover(actor: Actor, intent: Intent, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    match by:
        case "seller":
            require_role(actor, intent.listing.seller_id, Role.OWNER, Role.AGENT)
        case "buyer":
            require_role(actor, intent.buyer_id, Role.OWNER, Role.AGENT)
        case _:
            require_mover(actor, intent.listing, by)


def may_read_objection_document(actor: Actor, document: Document) -> bool:
    """What is attached to an objection is read by those who may see the objection."""
    return visible_objections(actor).filter(documents=document).exists()


def may_read_intent_document(actor: Actor, document: Document) -> bool:
    """What is attached to an intent is read by those who may see the intent."""
    return visible_intents(actor).filter(documents=document).exists()


def require_other_buyer(actor: Actor, listing: Listing, buyer: Organisation) -> None:
    """Raises `Forbidden` for whoever cannot buy here: not verified, the seller itself, or another than the buyer named.

    Source: domain rule 5 of listing; TR-02 (high).
    """
    require_role(actor, buyer.pk, Role.OWNER, Role.AGENT)
    require_verified(buyer)
    if buyer.pk == listing.seller_id:
        raise Forbidden([Refusal("listings.own_listing")])
    if listing.named_buyer_id not in {None, buyer.pk}:
        raise Forbidden([Refusal("listings.not_the_named_buyer")])


def may_intend(actor: Actor, listing: Listing) -> bool:
    """True when the page should offer to register an intent."""
    return (
        listing.state == ListingState.ON_NOTICE
        and actor.organisation not in {None, listing.seller_id}
        and actor.has(Role.OWNER, Role.AGENT)
        and (listing.named_buyer_id is None or listing.named_buyer_id == actor.organisation)
    )
