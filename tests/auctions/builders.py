"""Auctions in a given state, built through the actions that lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from listings.actions.deals import close_due_notice
from listings.auctions.actions.auctions import announce_auction, conclude_auction, open_auction
from listings.auctions.actions.entries import Receipt
from listings.auctions.actions.keys import bring_key, keep_lot_key, make_lot_key
from listings.auctions.actions.sealed import seal_bid
from listings.auctions.envelopes import Context, Unreadable, public_key, public_text, seal, share_of
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.ascending import AuctionTerms
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.offers import Preemption
from listings.auctions.rules.sealed import SealedTerms
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.values.money import Money
from tests.listings.builders import a_listing, an_intent
from tests.people import Cast, Member

START, STEP = Money.yuan("1250000"), Money.yuan("10000")
# A key of nobody's, for what needs no more than its form.
PUBLIC_KEY = public_text(ec.derive_private_key(8, ec.SECP256R1()).public_key())


def a_listing_in_bidding(cast: Cast, now: datetime, *more: Member) -> Listing:
    """Three qualified buyers at the end of the notice, and these besides."""
    listing = a_listing(cast, now)
    for buyer in (cast.enterprise_agent, cast.rival_agent, cast.outsider, *more):
        an_intent(cast, listing, now, buyer=buyer, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    listing.refresh_from_db()
    return listing


def auction_terms(opens_at: datetime, **changes: object) -> AuctionTerms:
    terms: dict[str, object] = {
        "start": START,
        "step": STEP,
        "reserve": None,
        "opens_at": opens_at,
        "free_until": opens_at + timedelta(hours=1),
        "cycle": timedelta(seconds=300),
        "most_extensions": 20,
        "hard_stop": opens_at + timedelta(hours=5),
    }
    return AuctionTerms(**(terms | changes))  # type: ignore[arg-type]


def an_auction(
    cast: Cast, now: datetime, *, opened: bool = True, rehearsal_at: datetime | None = None, **terms: object
) -> Auction:
    """It opens two months after the listing's publication, when its notice is long over."""
    listing = a_listing_in_bidding(cast, now)
    announced_at = now + timedelta(days=59)
    announced = auction_terms(now + timedelta(days=60), **terms)
    actor = cast.university_agent.actor
    auction = announce_auction(listing, announced, rehearsal_at=rehearsal_at, actor=actor, now=announced_at)
    return open_auction(auction, clock=at(auction.opens_at)) if opened else auction


def conclude(auction: Auction) -> None:
    """What follows from the result of an auction that is over, as the worker does at once."""
    auction.refresh_from_db()
    conclude_auction(auction, clock=at(auction.closed_at or auction.ends_at))
    auction.listing.refresh_from_db()


def deal_of(auction: Auction) -> Deal:
    """The deal that followed from the result."""
    conclude(auction)
    return Deal.objects.get(listing=auction.listing)


def falling_terms(opens_at: datetime, **changes: object) -> FallingTerms:
    """From 1.25 to 0.85 million in forty steps of a minute each."""
    terms: dict[str, object] = {
        "start": START,
        "floor": Money.yuan("850000"),
        "step": STEP,
        "every": timedelta(minutes=1),
        "opens_at": opens_at,
        "sealed_for": timedelta(minutes=10),
        "topping_for": timedelta(minutes=5),
    }
    return FallingTerms(**(terms | changes))  # type: ignore[arg-type]


def sealed_terms(opens_at: datetime, **changes: object) -> SealedTerms:
    terms: dict[str, object] = {
        "start": START,
        "reserve": None,
        "opens_at": opens_at,
        "ends_at": opens_at + timedelta(hours=1),
        "tie_for": timedelta(minutes=10),
    }
    return SealedTerms(**(terms | changes))  # type: ignore[arg-type]


@dataclass
class Lot:
    """An auction with sealed bids, and the private keys in the hands of their holders."""

    auction: Auction
    holders: dict[int, Member]
    private: dict[int, ec.EllipticCurvePrivateKey] = field(default_factory=dict)

    def moment(self, **after: float) -> Callable[[datetime], datetime]:
        """A clock that stands so long after the opening."""
        return at(self.auction.opens_at + timedelta(**after))

    def envelope(self, member: Member, amount: Money) -> dict[str, object]:
        """As the member's browser would close it now."""
        self.auction.refresh_from_db()
        own = self.auction.passes.get(organisation=member.organisation)
        context = Context(self.auction.key, self.auction.round, own.number)
        holders = {lot_key.seat: public_key(lot_key.public_key) for lot_key in self.auction.lot_keys.all()}
        return seal(context, amount.fen, holders)

    def bid(
        self, member: Member, amount: Money, *, key: str = "", clock: Callable[[datetime], datetime] | None = None
    ) -> Receipt:
        key = key or f"key-{Bid.objects.count():05d}"
        clock = clock or self.moment(minutes=30)
        return seal_bid(self.auction, self.envelope(member, amount), key=key, actor=member.actor, clock=clock)

    def shares(self, seat: int) -> dict[int, str | None]:
        """What the holder's browser takes out of the envelopes."""
        self.auction.refresh_from_db()
        found: dict[int, str | None] = {}
        for bid in standing_envelopes(self.auction, self.auction.round):
            context = Context(self.auction.key, self.auction.round, bid.bidder.number)
            try:
                found[bid.sequence] = share_of(context, seat, bid.body["envelope"], self.private[seat])
            except Unreadable:
                found[bid.sequence] = None
        return found

    def bring(self, *seats: int, clock: Callable[[datetime], datetime] | None = None) -> bool:
        """These holders bring their keys, one after the other; gives whether the bids are open."""
        clock = clock or self.moment(hours=2)
        opened = False
        for seat in seats:
            opened = bring_key(self.auction, self.shares(seat), actor=self.holders[seat].actor, clock=clock)
        self.auction.refresh_from_db()
        return opened


def a_lot(
    cast: Cast, now: datetime, terms: FallingTerms | SealedTerms, *, preemptor: Member | None = None, keys: bool = True
) -> Lot:
    """Announced, with its three keys kept."""
    listing = a_listing_in_bidding(cast, now)
    preemption = None
    if preemptor is not None:
        intent = listing.intents.get(buyer=preemptor.organisation)
        preemption = Preemption(intent.pk, timedelta(minutes=10))
    announced_at = terms.opens_at - timedelta(days=1)
    actor = cast.university_agent.actor
    auction = announce_auction(listing, terms, preemption=preemption, actor=actor, now=announced_at)
    lot = Lot(auction, {1: cast.registrar, 2: cast.supervisor, 3: cast.university_agent})
    if keys:
        keep_keys(lot, announced_at)
    return lot


def keep_keys(lot: Lot, now: datetime) -> None:
    """Each holder has made a key and shown the kept file."""
    for seat, holder in lot.holders.items():
        lot.private[seat] = ec.generate_private_key(ec.SECP256R1())
        public = public_text(lot.private[seat].public_key())
        make_lot_key(lot.auction, public, actor=holder.actor, now=now)
        keep_lot_key(lot.auction, public, actor=holder.actor, now=now)


def a_falling_lot(cast: Cast, now: datetime, *, preemptor: Member | None = None, **terms: object) -> Lot:
    """Open, the clock at the start price."""
    lot = a_lot(cast, now, falling_terms(now + timedelta(days=60), **terms), preemptor=preemptor)
    lot.auction = open_auction(lot.auction, clock=lot.moment())
    return lot


def a_sealed_lot(cast: Cast, now: datetime, *, preemptor: Member | None = None, **terms: object) -> Lot:
    """Open for sealed bids."""
    lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60), **terms), preemptor=preemptor)
    lot.auction = open_auction(lot.auction, clock=lot.moment())
    return lot


def at(moment: datetime) -> Callable[[datetime], datetime]:
    """A clock that stands at this moment."""
    return lambda _database_now: moment
