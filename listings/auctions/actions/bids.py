"""Placing a bid: one transaction under the lock of the auction's row, in as few round trips as there can be.

The hot path writes its SQL itself: with the mapper a bid costs twice as much as all else together, and on one row
bids wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from listings.auctions.actions.course import note_order
from listings.auctions.actions.entries import Receipt, require_key, require_measure
from listings.auctions.chain import BidRecord
from listings.auctions.clock import HELD, NOW, Clock, as_it_is, instant
from listings.auctions.kinds import BidKind, Mode
from listings.auctions.models.auctions import Auction, Bid, BidderPass
from listings.auctions.permissions import BIDDERS
from listings.auctions.queries.frames import RoomState
from listings.auctions.queries.room import BidShown
from listings.auctions.room import announce
from listings.auctions.rules.ascending import (
    AuctionTerms,
    Proxy,
    Standing,
    answers_of_proxies,
    extended_until,
    may_bid,
    next_minimum,
)
from listings.auctions.rules.offers import told_later
from market.prepared import prepared_cursor
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused

_COLUMNS = (
    "a.id, a.key, a.start_price_fen, a.step_fen, a.reserve_price_fen, a.opens_at, a.free_until, a.cycle_seconds, "
    "a.most_extensions, a.hard_stop, a.state, a.ends_at, a.extensions, a.best_bid_fen, a.leader_id, a.has_proxies, "
    "a.sequence, a.head_hash, a.told_sequence, p.id AS pass_id, p.number AS pass_number"
)
_FROM = (
    "FROM auctions_auction a JOIN auctions_bidderpass p ON p.auction_id = a.id "
    f"WHERE a.key = %s AND p.organisation_id = %s AND a.mode = '{Mode.ASCENDING.value}'"
)
# The time is read outside the locked part: PostgreSQL must have the lock before it looks at the clock.
_LOCK = {
    "postgresql": (
        f"WITH locked AS MATERIALIZED (SELECT {_COLUMNS} {_FROM} FOR UPDATE OF a) "  # noqa: S608 (constants)
        f"SELECT locked.*, {NOW['postgresql']}, {HELD} FROM locked"
    ),
    # Sent with parameters, a percent sign is two.
    "sqlite": f"SELECT {_COLUMNS}, {NOW['sqlite'].replace('%', '%%')} {_FROM}",
}
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '{}', %s, %s)"
_INSERT = (
    "INSERT INTO auctions_bid (auction_id, sequence, bidder_id, person, amount_fen, kind, at, is_accepted, refusal, key, "
    "body, previous_hash, hash) VALUES {rows} ON CONFLICT DO NOTHING"
)
_UPDATE = (
    "UPDATE auctions_auction SET sequence = %s, head_hash = %s, best_bid_fen = %s, leader_id = %s, ends_at = %s, "
    "extensions = %s, told_sequence = %s WHERE id = %s"
)
# Where the database can, bids and standing are one question.
_BOTH = f"WITH written AS ({_INSERT} RETURNING 1) {_UPDATE} AND (SELECT count(*) FROM written) = %s"  # noqa: S608 (constants)


class _KeyUsed(Exception):
    """This bidder's key has a bid already: nothing of this one may stay."""


@dataclass(slots=True)
class _Locked:
    """The auction's row while its lock is held, and the bidder's pass."""

    pk: int
    key: str
    terms: AuctionTerms
    standing: Standing
    has_proxies: bool
    sequence: int
    head: str
    # The place of the last bid of which the room was told.
    heard: int
    bidder: int
    bidder_number: int
    now: datetime
    # The bids made under this lock, as rows yet to be written; the number of the leading bidder, once one was accepted, and
    # what the room is to be told.
    rows: list[list[Any]] = field(default_factory=list)
    leader_number: int | None = None
    told: list[BidShown] = field(default_factory=list)


def place_bid(auction_key: str, amount: Money, *, key: str, actor: Actor, clock: Clock = as_it_is) -> Receipt:
    """The bid stands in the chain, accepted or refused, and the bidders' orders have answered it.

    The same key again gives the same receipt and bids nothing. The time is the database's, read under the lock. Raises
    `Forbidden` for whoever has no pass, `Refused` for a malformed key, `OutOfTurn` for a key used for another amount.
    """
    require_key(key)
    if not actor.has(*BIDDERS) or actor.organisation is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    require_measure(amount)
    try:
        return _placed(auction_key, amount, key, actor, actor.organisation, clock)
    except _KeyUsed:
        return _receipt_again(auction_key, amount, key, actor.organisation, clock)


@transaction.atomic
def _placed(auction_key: str, amount: Money, key: str, actor: Actor, organisation: int, clock: Clock) -> Receipt:
    with prepared_cursor() as cursor:
        locked = _lock(cursor, auction_key, organisation, clock)
        entry, refusal = _judged(locked, amount, key)
        _add(locked, entry, bidder=locked.bidder, person=actor.person)
        if refusal is None and locked.has_proxies:
            _answer(locked)
        _store(cursor, locked)
    _tell(locked)
    return _receipt(locked, entry, refusal)


def _receipt(locked: _Locked, entry: BidRecord, refusal: Refusal | None) -> Receipt:
    minimum = next_minimum(locked.terms, locked.standing.best)
    return Receipt(record=entry, refusal=refusal, minimum=minimum, ends_at=locked.standing.ends_at)


def _lock(cursor: Any, auction_key: str, organisation: int, clock: Clock) -> _Locked:
    cursor.execute(_LOCK[connection.vendor], [auction_key, organisation])
    row = cursor.fetchone()
    if row is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    return _from_row(row, clock)


def _from_row(row: Sequence[Any], clock: Clock) -> _Locked:
    (pk, key, start, step, reserve, opens_at, free_until, cycle, most, hard_stop, state, ends_at, extensions, best, leader,
     has_proxies, sequence, head, heard, pass_id, pass_number, now, *_) = row  # fmt: skip
    terms = AuctionTerms(
        start=Money(start),
        step=Money(step),
        reserve=None if reserve is None else Money(reserve),
        opens_at=instant(opens_at),
        free_until=instant(free_until),
        cycle=timedelta(seconds=cycle),
        most_extensions=most,
        hard_stop=instant(hard_stop),
    )
    standing = Standing(state, instant(ends_at), extensions, None if best is None else Money(best), leader)
    return _Locked(pk, key, terms, standing, bool(has_proxies), sequence, head, heard, pass_id, pass_number, clock(instant(now)))


def _judged(locked: _Locked, amount: Money, key: str) -> tuple[BidRecord, Refusal | None]:
    refusal = may_bid(locked.terms, locked.standing, bidder=locked.bidder, amount=amount, now=locked.now)
    record = _next_record(locked, locked.bidder_number, amount, BidKind.MANUAL, key, refusal.code if refusal else "")
    return record, refusal


def _next_record(locked: _Locked, number: int, amount: Money, kind: BidKind, key: str, refusal: str) -> BidRecord:
    return BidRecord(
        auction=locked.key,
        sequence=locked.sequence + 1,
        bidder=number,
        amount_fen=amount.fen,
        kind=kind.value,
        at=locked.now,
        is_accepted=not refusal,
        refusal=refusal,
        key=key,
        previous_hash=locked.head,
    )


def _add(locked: _Locked, record: BidRecord, *, bidder: int, person: int | None) -> None:
    """The bid is the last of the chain, and the standing what it leads to; both in memory, for `_store` to write."""
    digest, amount = record.hash(), Money(record.amount_fen or 0)
    locked.rows.append(
        [
            locked.pk,
            record.sequence,
            bidder,
            person,
            amount.fen,
            record.kind,
            connection.ops.adapt_datetimefield_value(record.at),
            record.is_accepted,
            record.refusal,
            record.key,
            record.previous_hash,
            digest,
        ]
    )
    locked.sequence, locked.head = record.sequence, digest
    if record.is_accepted:
        ends_at, extensions = extended_until(locked.terms, locked.standing, accepted_at=record.at)
        locked.standing = replace(locked.standing, best=amount, leader=bidder, ends_at=ends_at, extensions=extensions)
        locked.leader_number = record.bidder
        is_proxy = record.kind == BidKind.PROXY
        locked.told.append(BidShown(record.sequence, record.bidder, amount, record.at, is_proxy))


def _answer(locked: _Locked) -> None:
    """The bidders' orders bid; their bids have no key, for nobody sends them twice."""
    passes = {entry.pk: entry for entry in BidderPass.objects.filter(auction=locked.pk, proxy_limit_fen__isnull=False)}
    in_time = sorted(passes.values(), key=lambda entry: (entry.proxy_entered_at, entry.pk))
    proxies = [Proxy(entry.pk, Money(entry.proxy_limit_fen or 0), place) for place, entry in enumerate(in_time)]
    for offer in answers_of_proxies(locked.terms, locked.standing, proxies):
        record = _next_record(locked, passes[offer.bidder].number, offer.amount, BidKind.PROXY, "", "")
        _add(locked, record, bidder=offer.bidder, person=None)


def _store(cursor: Any, locked: _Locked) -> None:
    """The bids made under this lock and the standing they led to are written. Raises `_KeyUsed` where a key has a bid already."""
    standing = locked.standing
    best = standing.best.fen if standing.best else None
    heard = locked.told[-1].sequence if locked.told else locked.heard
    ends_at = connection.ops.adapt_datetimefield_value(standing.ends_at)
    after = [locked.sequence, locked.head, best, standing.leader, ends_at, standing.extensions, heard, locked.pk]
    count, rows = len(locked.rows), ", ".join([_ROW] * len(locked.rows))
    values = [value for row in locked.rows for value in row]
    if connection.vendor == "postgresql":
        cursor.execute(_BOTH.format(rows=rows), [*values, *after, count])
        is_written = cursor.rowcount == 1
    else:
        cursor.execute(_INSERT.format(rows=rows), values)
        is_written = cursor.rowcount == count
        cursor.execute(_UPDATE, after)
    if not is_written:
        raise _KeyUsed


def _tell(locked: _Locked) -> None:
    """The room hears of accepted bids only: a refused one changes nothing for the others, and leaves no gap."""
    if locked.told:
        state = RoomState(locked.sequence, locked.head, locked.terms, locked.standing, locked.leader_number)
        announce(locked.key, state, locked.told, after=locked.heard, now=locked.now)


@transaction.atomic
def _receipt_again(auction_key: str, amount: Money, key: str, organisation: int, clock: Clock) -> Receipt:
    with prepared_cursor() as cursor:
        locked = _lock(cursor, auction_key, organisation, clock)
    bid = Bid.objects.get(bidder=locked.bidder, key=key)
    if bid.amount != amount:
        raise OutOfTurn([Refusal("auctions.key_reused")])
    entry = bid.record(locked.key, locked.bidder_number)
    return _receipt(locked, entry, told_later(bid.refusal))


def set_proxy(auction: Auction, limit: Money | None, *, actor: Actor, clock: Clock = as_it_is) -> BidderPass:
    """The bidder's order bids up to this limit from now on, at once if it is not the best; no limit takes it back.

    Refused below the next minimum. Only the bidder is ever shown it. Events: auction.order_given, auction.order_taken_back.
    """
    if not actor.has(*BIDDERS) or actor.organisation is None:
        raise Forbidden([Refusal("auctions.no_pass")])
    with transaction.atomic(), prepared_cursor() as cursor:
        locked = _lock(cursor, auction.key, actor.organisation, clock)
        if locked.standing.state not in {"planned", "open", "paused"} or locked.now >= locked.standing.ends_at:
            raise OutOfTurn([Refusal("auctions.over")])
        minimum = next_minimum(locked.terms, locked.standing.best)
        if limit is not None and limit < minimum and locked.standing.leader != locked.bidder:
            raise Refused([Refusal("auctions.limit_below_minimum", field="limit", data={"minimum": str(minimum)})])
        entry = BidderPass.objects.get(pk=locked.bidder)
        entry.proxy_limit_fen = limit.fen if limit is not None else None
        entry.proxy_entered_at = locked.now if limit is not None else None
        entry.save(update_fields=["proxy_limit_fen", "proxy_entered_at"])
        place = (locked.key, locked.bidder_number, locked.sequence)
        note_order(*place, limit, actor=actor, now=locked.now)
        has_proxies = BidderPass.objects.filter(auction=locked.pk, proxy_limit_fen__isnull=False).exists()
        Auction.objects.filter(pk=locked.pk).update(has_proxies=has_proxies)
        if _bids_count(locked):
            _answer(locked)
        if locked.rows:
            _store(cursor, locked)
            _tell(locked)
    return entry


def _bids_count(locked: _Locked) -> bool:
    """Orders bid only while bids count."""
    return locked.standing.state == "open" and locked.terms.opens_at <= locked.now < locked.standing.ends_at
