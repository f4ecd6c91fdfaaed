"""What a listing's page shows of its auction."""

from listings.auctions.states import STANDING
from listings.models.listings import Listing
from listings.states.listings import ListingState
from market.accounts.permissions import acts_for
from market.panels import Panel
from market.values.actor import Actor, Role


def auction_panel(listing: Listing, actor: Actor) -> Panel | None:
    """While the price is found by bidding: the way to the room, or for the seller to the announcement."""
    if listing.state != ListingState.BIDDING:
        return None
    auction = listing.auctions.filter(state__in=STANDING, rehearsal_of=None).first()
    announces = auction is None and acts_for(actor, listing.seller_id, Role.OWNER, Role.AGENT)
    return Panel("auctions/listing_auction.html", {"auction": auction, "listing": listing, "may_announce": announces})
