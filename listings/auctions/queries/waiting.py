"""Which auctions wait for somebody's bid, for whose key, and which listings wait for their auction?"""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from listings.auctions.kinds import Seat
from listings.auctions.models.auctions import Auction, LotKey
from listings.auctions.states import STANDING, AuctionState
from listings.models.listings import Listing
from listings.states.listings import ListingState
from market.values.actor import Actor, Role


def auctions_to_bid_in(actor: Actor) -> QuerySet[Auction]:
    """Those that are open for bids of the actor's organisation."""
    return Auction.objects.filter(state=AuctionState.OPEN, rehearsal_of=None, passes__organisation=actor.organisation or 0)


def listings_to_announce(actor: Actor) -> QuerySet[Listing]:
    """The listings of the actor's organisation that are in competitive bidding and have no auction yet."""
    own = Listing.objects.filter(state=ListingState.BIDDING, seller=actor.organisation or 0)
    if not actor.has(Role.OWNER, Role.AGENT):
        return own.none()
    return (
        own.exclude(auctions__in=Auction.objects.filter(state__in=STANDING, rehearsal_of=None))
        .select_related("achievement")
        .order_by("number")
    )


def keys_to_make_or_bring(actor: Actor) -> QuerySet[LotKey]:
    """The seats that the actor can take before the opening of an auction, and own keys that were not brought to its end."""
    seats = Q(pk__in=[])
    if actor.has(Role.OWNER, Role.AGENT):
        seats |= Q(seat=Seat.SELLER, auction__listing__seller=actor.organisation or 0)
    if actor.is_official:
        others = ~Q(auction__listing__seller=actor.organisation or 0)
        if actor.has(Role.REGISTRAR):
            seats |= Q(seat=Seat.REGISTRAR) & others
        elif actor.has(Role.SUPERVISOR):
            seats |= Q(seat=Seat.SUPERVISOR) & others
    to_make = seats & Q(auction__state=AuctionState.PLANNED, kept_at=None)
    own = Q(person=actor.person or 0, auction__state=AuctionState.UNOPENED)
    return LotKey.objects.filter(to_make | own & ~Q(uses__round=F("auction__round")))
