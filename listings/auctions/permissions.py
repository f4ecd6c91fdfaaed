"""Who bids in which auction, and who watches over it?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from listings.auctions.kinds import Seat
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.models.signals import Signal
from listings.auctions.states import STANDING, AuctionState
from listings.models.listings import Listing
from listings.permissions.deals import visible_deals
from listings.permissions.listings import visible_listings
from listings.states.listings import ListingState
from market.accounts.permissions import acts_for
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal, is_allowed

BIDDERS = (Role.OWNER, Role.AGENT)


def visible_auctions(actor: Actor) -> QuerySet[Auction]:
    """The auctions of the listings one may see: they are public."""
    return Auction.objects.filter(listing__in=visible_listings(actor)).select_related("listing", "leader", "rehearsal_of")


def auction_for(actor: Actor, key: str) -> Auction:
    """The door: this auction, or 404."""
    auction = visible_auctions(actor).filter(key=key).first()
    if auction is None:
        raise Http404
    return auction


def finished_auction_for(actor: Actor, key: str) -> Auction:
    """The door to what there is after the end: this auction, closed or annulled, or 404."""
    auction = auction_for(actor, key)
    if auction.state not in {AuctionState.CLOSED, AuctionState.ANNULLED}:
        raise Http404
    return auction


def may_have_evidence(actor: Actor, auction: Auction) -> bool:
    """True for the parties - the seller, whoever had an intent, whoever sees the deal, such as a broker - and for officials."""
    if actor.is_official:
        return True
    if actor.organisation is None:
        return False
    if actor.organisation == auction.listing.seller_id or auction.listing.intents.filter(buyer=actor.organisation).exists():
        return True
    return visible_deals(actor).filter(listing=auction.listing_id).exists()


def may_see_all_lines(actor: Actor, auction: Auction) -> bool:
    """True for those who must know before the auction whose line is weak: the seller and officials."""
    return actor.is_official or acts_for(actor, auction.listing.seller_id, *BIDDERS)


def pass_for(actor: Actor, auction: Auction) -> BidderPass:
    """The door to a bidder's own bids: the admission of the organisation one acts for, or 404."""
    own = pass_of(actor, auction)
    if own is None:
        raise Http404
    return own


def pass_of(actor: Actor, auction: Auction) -> BidderPass | None:
    """The admission of the organisation one acts for; none for whoever only watches."""
    if not actor.has(*BIDDERS):
        return None
    return auction.passes.filter(organisation=actor.organisation).first()


def require_unannounced(listing: Listing) -> None:
    """Raises `OutOfTurn` unless the listing waits for its auction: bidding is opened, and no auction stands."""
    if listing.state != ListingState.BIDDING:
        raise OutOfTurn([Refusal("auctions.not_in_bidding")])
    if listing.auctions.filter(state__in=STANDING, rehearsal_of=None).exists():
        raise OutOfTurn([Refusal("auctions.exists")])


def require_mover(actor: Actor, auction: Auction, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by. No party supervises its own auction."""
    match by:
        case "clock":
            allowed = actor.is_clock
        case "supervisor":
            is_party = auction.listing.seller_id == actor.organisation
            allowed = actor.is_official and actor.has(Role.SUPERVISOR) and not is_party
        case _:
            raise ValueError(f"nobody is called {by}")
    if not allowed:
        raise Forbidden([Refusal("accounts.role_missing")])


def require_seller(actor: Actor, auction_listing_seller: int) -> None:
    """Raises `Forbidden` unless the actor acts for the seller."""
    if not acts_for(actor, auction_listing_seller, Role.OWNER, Role.AGENT):
        raise Forbidden([Refusal("accounts.role_missing")])


def seat_of(actor: Actor, auction: Auction) -> Seat:
    """The seat among the holders of the keys that the actor may take. Raises `Forbidden` for whoever may take none.

    An official of the seller's own organisation sits there for the seller only.
    """
    if acts_for(actor, auction.listing.seller_id, *BIDDERS):
        return Seat.SELLER
    if actor.is_official and actor.organisation != auction.listing.seller_id:
        if actor.has(Role.REGISTRAR):
            return Seat.REGISTRAR
        if actor.has(Role.SUPERVISOR):
            return Seat.SUPERVISOR
    raise Forbidden([Refusal("auctions.no_seat")])


def may_hold_key(actor: Actor, auction: Auction) -> bool:
    """True for whoever may sit among the holders of the keys."""
    return auction.has_sealed_bids and is_allowed(lambda: seat_of(actor, auction))


def require_no_bidder(actor: Actor, auction: Auction) -> None:
    """Raises `Forbidden` for a person who belongs to one of the bidders: no bidder keeps a key."""
    if auction.passes.filter(organisation__memberships__person=actor.person or 0).exists():
        raise Forbidden([Refusal("auctions.bidders_keep_no_key")])


def visible_signals(actor: Actor) -> QuerySet[Signal]:
    """Those about auctions that the actor may supervise: none for whoever is no supervisor, or of the seller's organisation."""
    if not (actor.is_official and actor.has(Role.SUPERVISOR)):
        return Signal.objects.none()
    return Signal.objects.exclude(auction__listing__seller=actor.organisation or 0)


def signal_for(actor: Actor, key: str) -> Signal:
    """The door: this signal, or 404."""
    related = ("auction__listing__achievement", "first__organisation", "second__organisation", "concluded_by")
    signal = visible_signals(actor).filter(key=key).select_related(*related).first()
    if signal is None:
        raise Http404
    return signal


def require_signal_supervisor(actor: Actor, signal: Signal) -> None:
    """Raises `Forbidden` unless the actor may supervise the auction that the signal is about."""
    require_mover(actor, signal.auction, "supervisor")
