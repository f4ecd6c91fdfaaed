"""Who sees a deal: its two parties, officials, and whoever a higher app vouches for (a broker engaged in it).

An offer to the next bidder is seen by that bidder, the seller, and officials.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404

from listings.models.deals import Deal, NextOffer
from market.accounts.permissions import acts_for
from market.values.actor import Actor, Role

_SIGHTS: list[Callable[[Actor], Q]] = []


def grant_sight(sight: Callable[[Actor], Q]) -> None:
    """Lets a higher app add the deals that its people may see; called once, when the app is ready."""
    _SIGHTS.append(sight)


def visible_deals(actor: Actor) -> QuerySet[Deal]:
    """Those of one's own organisation as seller or buyer, and what a higher app lets one see; all for officials."""
    deals = Deal.objects.select_related("listing__achievement", "seller", "buyer")
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return deals
    if actor.organisation is None:
        return deals.none()
    seen = Q(seller_id=actor.organisation) | Q(buyer_id=actor.organisation)
    for sight in _SIGHTS:
        seen |= sight(actor)
    return deals.filter(seen).distinct()


def deal_for(actor: Actor, key: str) -> Deal:
    """The door: this deal, or 404."""
    deal = visible_deals(actor).filter(key=key).first()
    if deal is None:
        raise Http404
    return deal


def is_party(actor: Actor, deal: Deal) -> bool:
    """True for somebody who may bind the seller or the buyer."""
    return acts_for(actor, deal.seller_id, Role.OWNER, Role.AGENT) or acts_for(actor, deal.buyer_id, Role.OWNER, Role.AGENT)


def visible_next_offers(actor: Actor) -> QuerySet[NextOffer]:
    """Those to one's own organisation and those of one's own listings; all for officials."""
    offers = NextOffer.objects.select_related("deal__listing__achievement", "deal__listing__seller", "intent__buyer")
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        return offers
    if actor.organisation is None:
        return offers.none()
    return offers.filter(Q(intent__buyer_id=actor.organisation) | Q(deal__seller_id=actor.organisation))


def next_offer_for(actor: Actor, key: str) -> NextOffer:
    """The door: this offer, or 404."""
    offer = visible_next_offers(actor).filter(key=key).first()
    if offer is None:
        raise Http404
    return offer
