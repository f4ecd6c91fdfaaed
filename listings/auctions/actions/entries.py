"""An entry in the auction's chain by one of its bidders, in the modes that are in no hurry: the row's lock, a rule, one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from listings.auctions.actions.course import locked_auction
from listings.auctions.chain import LARGEST_FEN, BidRecord
from listings.auctions.clock import Clock
from listings.auctions.kinds import BidKind
from listings.auctions.models.auctions import Auction, Bid, BidderPass
from listings.auctions.permissions import BIDDERS
from listings.auctions.room import tell_room
from listings.auctions.rules.offers import told_later
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a bidder gets for a bid: the bid as the chain holds it; why it was refused, if it was.

    `minimum` is the least the next bid must be, where there is such a thing, `ends_at` the end as it is after this bid.
    """

    record: BidRecord
    refusal: Refusal | None
    minimum: Money | None
    ends_at: datetime

    @property
    def auction(self) -> str:
        return self.record.auction

    @property
    def sequence(self) -> int:
        return self.record.sequence

    @property
    def amount(self) -> Money | None:
        """Empty where it is sealed."""
        return None if self.record.amount_fen is None else Money(self.record.amount_fen)

    @property
    def at(self) -> datetime:
        return self.record.at

    @property
    def is_accepted(self) -> bool:
        return self.record.is_accepted

    @property
    def hash(self) -> str:
        return self.record.hash()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule made of an entry: the amount it has, what else belongs to it, and why it is refused."""

    amount: Money | None
    refusal: Refusal | None
    body: Mapping[str, Any] = field(default_factory=dict)


def require_measure(amount: Money) -> None:
    """Raises `Refused` for an amount that could not stand in the chain, far beyond any price."""
    if abs(amount.fen) > LARGEST_FEN:
        raise Refused([Refusal("auctions.too_much", field="amount")])


def require_key(key: str) -> None:
    """Raises `Refused` for what is no key of a bid."""
    if not _KEY.fullmatch(key):
        raise Refused([Refusal("auctions.key_wrong", field="key")])


@transaction.atomic
def enter(
    auction: Auction,
    kind: BidKind,
    *,
    key: str,
    actor: Actor,
    clock: Clock,
    judge: Callable[[Auction, BidderPass, datetime], Judged],
    follow: Callable[[Auction, BidderPass, Money | None, datetime], None] = lambda *_: None,
) -> Receipt:
    """The entry stands in the chain, accepted or refused; `follow` has done what an accepted one leads to, under the lock.

    The same key again gives the same receipt and enters nothing. Raises `Forbidden` for whoever has no pass, `Refused` for a
    malformed key, `OutOfTurn` for a key used for something else.
    """
    require_key(key)
    locked, now = locked_auction(auction, clock)
    bidder = _own_pass(actor, locked)
    judged = judge(locked, bidder, now)
    before = Bid.objects.filter(bidder=bidder, key=key).first()
    if before is not None:
        _require_same(before, kind, judged)
        return receipt_of(before, locked)
    bid = add_entry(locked, bidder, kind, judged, key=key, person=actor.person, now=now)
    if bid.is_accepted:
        follow(locked, bidder, judged.amount, now)
        tell_room(locked, after=bid.sequence - 1, now=now)
    return receipt_of(bid, locked, judged.refusal)


def _own_pass(actor: Actor, auction: Auction) -> BidderPass:
    own = auction.passes.filter(organisation=actor.organisation).first() if actor.has(*BIDDERS) else None
    if own is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    return own


def _require_same(bid: Bid, kind: BidKind, judged: Judged) -> None:
    # What the clock asks has changed since; what the bidder saw has not.
    is_same_amount = kind == BidKind.STOP or bid.amount == judged.amount
    if bid.kind != kind or bid.body != judged.body or not is_same_amount:
        raise OutOfTurn([Refusal("auctions.key_reused")])


def add_entry(
    auction: Auction,
    bidder: BidderPass,
    kind: BidKind,
    judged: Judged,
    *,
    now: datetime,
    key: str = "",
    person: int | None = None,
) -> Bid:
    """The next place of the chain is taken by this entry. The caller holds the lock."""
    bid = Bid(
        auction=auction,
        sequence=auction.sequence + 1,
        bidder=bidder,
        person=person,
        amount_fen=None if judged.amount is None else judged.amount.fen,
        kind=kind,
        at=now,
        is_accepted=judged.refusal is None,
        refusal=judged.refusal.code if judged.refusal else "",
        key=key,
        body=dict(judged.body),
        previous_hash=auction.head_hash,
    )
    bid.hash = bid.record(auction.key, bidder.number).hash()
    bid.save(force_insert=True)
    auction.sequence, auction.head_hash = bid.sequence, bid.hash
    auction.save(update_fields=["sequence", "head_hash"])
    return bid


def receipt_of(bid: Bid, auction: Auction, refusal: Refusal | None = None) -> Receipt:
    """The receipt for this entry; its refusal with all it says where it is at hand, else by its code."""
    record = bid.record(auction.key, bid.bidder.number)
    return Receipt(record=record, refusal=refusal or told_later(bid.refusal), minimum=None, ends_at=auction.ends_at)
