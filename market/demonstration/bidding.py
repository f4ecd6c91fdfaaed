"""One auction of each mode: one going up, rehearsed before, one whose price falls, and one whose sealed bids were opened, with its protocol."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from listings.auctions.actions.auctions import announce_auction, close_auction, conclude_auction, open_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.keys import bring_key, keep_lot_key, make_lot_key
from listings.auctions.actions.rehearsals import note_round_trip
from listings.auctions.actions.sealed import seal_bid
from listings.auctions.envelopes import Context, public_text, seal, share_of
from listings.auctions.kinds import Seat
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.ascending import AuctionTerms
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.rehearsal import Terms
from listings.auctions.rules.sealed import SealedTerms
from listings.models.listings import Listing
from market.demonstration.trade import seller_of
from market.demonstration.world import World
from market.values.actor import Actor, Role
from market.values.money import Money

# Round trips in milliseconds.
_WEAK_LINE = (640, 720, 910, 3480, 560, 805)
_GOOD_LINE = (64, 71, 58, 122, 66, 69)
# The keys to the demonstration's sealed bids are as public as its password.
LOT_KEYS = {seat: ec.derive_private_key(20260000 + seat, ec.SECP256R1()) for seat in Seat.values}


def key_file(auction: str, seat: int) -> str:
    """The file that the holder of this seat would have kept."""
    numbers = LOT_KEYS[seat].private_numbers()
    coordinates = numbers.public_numbers
    key = {"kty": "EC", "crv": "P-256", "x": _url(coordinates.x), "y": _url(coordinates.y), "d": _url(numbers.private_value)}
    return json.dumps({"auction": auction, "seat": seat, "key": key}, indent=2)


def _url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def at(moment: datetime) -> Callable[[datetime], datetime]:
    """A clock that stands at this moment of the past."""
    return lambda _database_now: moment


def _steps(listing: Listing, share: str) -> Money:
    """A part of the price, in whole hundreds of yuan."""
    return Money(listing.price.share(Decimal(share)).fen // 10_000 * 10_000)


def go_up(world: World, listing: Listing) -> None:
    """Opened two hours ago, with bids from both sides; it goes on for three days."""
    opens_at = world.now - timedelta(hours=2)
    free_until = world.now + timedelta(days=3)
    step = _steps(listing, "0.02")
    terms = AuctionTerms(
        start=listing.price,
        step=step,
        reserve=None,
        opens_at=opens_at,
        free_until=free_until,
        cycle=timedelta(minutes=5),
        most_extensions=50,
        hard_stop=free_until + timedelta(hours=4),
    )
    auction = _announced(world, listing, terms, rehearsal_at=opens_at - timedelta(days=1))
    _rehearse(world, auction.rehearsals.get())
    open_auction(auction, clock=at(opens_at))
    for number, bidder in enumerate(_bidders(world, auction) * 2):
        moment = opens_at + timedelta(minutes=7 * number + 3)
        place_bid(
            auction.key, listing.price + Money(step.fen * number), key=f"sample-{number:04d}", actor=bidder, clock=at(moment)
        )


def _rehearse(world: World, rehearsal: Auction) -> None:
    """All bidders but the last took part; one of them on a weak line, who was told so."""
    begun = rehearsal.opens_at
    open_auction(rehearsal, clock=at(begun))
    *present, _absent = _bidders(world, rehearsal)
    for number, bidder in enumerate(present):
        own = rehearsal.passes.select_related("auction").get(organisation=bidder.organisation)
        for milliseconds in _WEAK_LINE if number == 0 else _GOOD_LINE:
            note_round_trip(own, milliseconds, clock=at(begun + timedelta(minutes=2)))
    for number, bidder in enumerate(present * 2):
        amount = rehearsal.start + Money((rehearsal.step_fen or 0) * number)
        moment = begun + timedelta(seconds=40 * number + 20)
        place_bid(rehearsal.key, amount, key=f"sample-{number:04d}", actor=bidder, clock=at(moment))
    rehearsal.refresh_from_db()
    close_auction(rehearsal, clock=at(rehearsal.ends_at))


def fall(world: World, listing: Listing) -> None:
    """Opened a day ago; the price falls twice a day, and nobody has stopped it yet."""
    opens_at = world.now - timedelta(days=1, minutes=10)
    terms = FallingTerms(
        start=listing.price,
        floor=_steps(listing, "0.4"),
        step=_steps(listing, "0.04"),
        every=timedelta(hours=12),
        opens_at=opens_at,
        sealed_for=timedelta(minutes=30),
        topping_for=timedelta(minutes=30),
    )
    auction = _announced(world, listing, terms)
    _keep_keys(world, auction)
    open_auction(auction, clock=at(opens_at))


def seal_and_open(world: World, listing: Listing) -> None:
    """Three sealed bids, opened yesterday by a registrar and the seller; the highest has the deal."""
    opens_at = world.now - timedelta(days=2)
    terms = SealedTerms(
        start=listing.price,
        reserve=None,
        opens_at=opens_at,
        ends_at=opens_at + timedelta(hours=8),
        tie_for=timedelta(hours=1),
    )
    auction = _announced(world, listing, terms)
    _keep_keys(world, auction)
    open_auction(auction, clock=at(opens_at))
    holders = {seat: private.public_key() for seat, private in LOT_KEYS.items()}
    for number, bidder in enumerate(_bidders(world, auction)):
        own = auction.passes.get(organisation=bidder.organisation)
        amount = listing.price + Money(_steps(listing, "0.03").fen * (number * 5 % 7 + 1))
        envelope = seal(Context(auction.key, 1, own.number), amount.fen, holders)
        moment = opens_at + timedelta(hours=number + 1, minutes=11)
        seal_bid(auction, envelope, key=f"sample-{number:04d}", actor=bidder, clock=at(moment))
    close_auction(auction, clock=at(terms.ends_at))
    for minutes, seat in ((35, Seat.REGISTRAR), (42, Seat.SELLER)):
        moment = terms.ends_at + timedelta(minutes=minutes)
        bring_key(auction, _shares(auction, seat), actor=_holder(world, auction, seat), clock=at(moment))
    conclude_auction(auction, clock=at(moment))


def _announced(world: World, listing: Listing, terms: Terms, *, rehearsal_at: datetime | None = None) -> Auction:
    seller = world.agent(seller_of(world, listing))
    announced_at = terms.opens_at - timedelta(days=3)
    return announce_auction(listing, terms, rehearsal_at=rehearsal_at, actor=seller, now=announced_at)


def _bidders(world: World, auction: Auction) -> list[Actor]:
    keys = {organisation.pk: key for key, organisation in world.organisations.items()}
    return [world.agent(keys[own.organisation_id]) for own in auction.passes.all()]


def _holder(world: World, auction: Auction, seat: int) -> Actor:
    match seat:
        case Seat.REGISTRAR:
            return world.official(Role.REGISTRAR)
        case Seat.SUPERVISOR:
            return world.official(Role.SUPERVISOR)
        case _:
            return world.agent(seller_of(world, auction.listing))


def _keep_keys(world: World, auction: Auction) -> None:
    for seat, private in LOT_KEYS.items():
        public, holder = public_text(private.public_key()), _holder(world, auction, seat)
        moment = auction.announced_at + timedelta(hours=seat)
        make_lot_key(auction, public, actor=holder, now=moment)
        keep_lot_key(auction, public, actor=holder, now=moment + timedelta(minutes=2))


def _shares(auction: Auction, seat: int) -> dict[int, str | None]:
    shares: dict[int, str | None] = {}
    for bid in standing_envelopes(auction, 1):
        envelope: dict[str, Any] = bid.body["envelope"]
        shares[bid.sequence] = share_of(Context(auction.key, 1, bid.bidder.number), seat, envelope, LOT_KEYS[seat])
    return shares
