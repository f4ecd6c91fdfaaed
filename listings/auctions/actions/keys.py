"""The three keys to the sealed bids: made and kept before the auction opens, two of them brought together at the opening."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from listings.auctions.actions.course import locked_auction, note
from listings.auctions.actions.opening import open_round
from listings.auctions.clock import Clock, as_it_is
from listings.auctions.envelopes import is_share_of, public_key
from listings.auctions.models.auctions import Auction, Bid, KeyUse, LotKey
from listings.auctions.permissions import require_no_bidder, seat_of
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules.sealed import may_open
from listings.auctions.states import AUCTION, AuctionEvent, AuctionState
from market.accounts.permissions import person_of
from market.values.actor import Actor
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused


@transaction.atomic
def make_lot_key(auction: Auction, public: str, *, actor: Actor, now: datetime) -> LotKey:
    """The actor's seat has this public key; until it is confirmed as kept, another may take its place.

    Refused for what is no public key, when the auction has opened, and for whoever has a seat already. Event: auction.key_made.
    """
    locked = _planned(auction)
    lot_key = locked.lot_keys.get(seat=seat_of(actor, locked))
    require_no_bidder(actor, locked)
    if lot_key.kept_at is not None:
        raise OutOfTurn([Refusal("auctions.key_kept_already")])
    try:
        public_key(public)
    except (ValueError, TypeError) as error:
        raise Refused([Refusal("auctions.public_key_wrong")]) from error
    lot_key.public_key, lot_key.person_id, lot_key.made_at = public, person_of(actor), now
    try:
        with transaction.atomic():
            lot_key.save(update_fields=["public_key", "person", "made_at"])
    except IntegrityError as error:
        raise Refused([Refusal("auctions.one_key_each")]) from error
    note(locked, "auction.key_made", actor=actor, now=now, seat=lot_key.seat)
    return lot_key


@transaction.atomic
def keep_lot_key(auction: Auction, public: str, *, actor: Actor, now: datetime) -> LotKey:
    """The actor has shown that the kept file fits the seat's public key; with the third one the auction can open.

    Refused for a file of another key. Events: auction.key_kept, and auction.keys_ready with the third.
    """
    locked = _planned(auction)
    lot_key = locked.lot_keys.filter(person=actor.person, kept_at=None).exclude(public_key="").first()
    if lot_key is None:
        raise OutOfTurn([Refusal("auctions.no_key_to_keep")])
    if lot_key.public_key != public:
        raise Refused([Refusal("auctions.key_file_wrong")])
    lot_key.kept_at = now
    lot_key.save(update_fields=["kept_at"])
    note(locked, "auction.key_kept", actor=actor, now=now, seat=lot_key.seat)
    if not locked.lot_keys.filter(kept_at=None).exists():
        locked.keys_ready_at = now
        locked.save(update_fields=["keys_ready_at"])
        note(locked, "auction.keys_ready", actor=actor, now=now)
    return lot_key


def _planned(auction: Auction) -> Auction:
    locked = Auction.objects.select_for_update(of=("self",)).select_related("listing").get(pk=auction.pk)
    if locked.state != AuctionState.PLANNED or not locked.has_sealed_bids:
        raise OutOfTurn([Refusal("auctions.keys_are_fixed")])
    return locked


@transaction.atomic
def bring_key(auction: Auction, shares: Mapping[int, str | None], *, actor: Actor, clock: Clock = as_it_is) -> bool:
    """The holder's shares of all standing bids are there; with those of a second holder all bids are open. Gives whether.

    A share that is empty says: this bid cannot be read with my key; then the third holder must come too. All or none: whatever
    fails leaves nothing opened. Events: auction.key_brought, and those of `open_round`.
    """
    locked, now = locked_auction(auction, clock)
    AUCTION.move(locked.state, AuctionEvent.REPEAT)
    lot_key = locked.lot_keys.filter(person=actor.person or 0).first()
    if lot_key is None:
        raise Forbidden([Refusal("auctions.no_key")])
    bids = standing_envelopes(locked, locked.round)
    _require_shares(bids, shares, lot_key.seat)
    kept = {str(bid.sequence): shares[bid.sequence] for bid in bids}
    _, is_new = KeyUse.objects.get_or_create(lot_key=lot_key, round=locked.round, defaults={"shares": kept, "brought_at": now})
    if not is_new:
        raise OutOfTurn([Refusal("auctions.key_brought_already")])
    note(locked, "auction.key_brought", actor=actor, now=now, seat=lot_key.seat, round=locked.round)
    uses = list(KeyUse.objects.filter(lot_key__auction=locked, round=locked.round).select_related("lot_key"))
    found = {bid.sequence: _shares_of(bid, uses) for bid in bids}
    if not may_open(map(len, found.values()), contributions=len(uses), holders=locked.lot_keys.count()):
        return False
    open_round(locked, bids, found, actor=actor, now=now)
    return True


def _require_shares(bids: list[Bid], shares: Mapping[int, str | None], seat: int) -> None:
    """Every standing bid has its share, or none on purpose; a wrong one would make a good bid look bad."""
    for bid in bids:
        if bid.sequence not in shares:
            raise Refused([Refusal("auctions.share_missing", data={"n": bid.sequence})])
        share = shares[bid.sequence]
        if share is not None and not is_share_of(bid.body["envelope"], seat, share):
            raise Refused([Refusal("auctions.share_wrong", data={"n": bid.sequence})])


def _shares_of(bid: Bid, uses: list[KeyUse]) -> dict[int, str]:
    brought = {use.lot_key.seat: use.shares[str(bid.sequence)] for use in uses}
    return {seat: share for seat, share in brought.items() if share is not None}
