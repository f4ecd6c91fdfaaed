"""Auctions. Each act comes at a moment at which its clock would let it happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from listings.auctions.actions.auctions import annul_auction, close_auction, open_auction, pause_auction, resume_auction
from listings.auctions.actions.falling import stop_clock
from listings.auctions.actions.keys import bring_key
from listings.auctions.actions.lines import note_seen, pause_for_lost_bidders
from listings.auctions.models.auctions import Auction
from listings.auctions.states import AUCTION
from market.values.money import Money
from tests.auctions.builders import START, STEP, Lot, a_falling_lot, a_sealed_lot, an_auction, at
from tests.house.walks import Walk
from tests.people import Cast, Member


def _planned(cast: Cast, now: datetime) -> Auction:
    return an_auction(cast, now, opened=False)


def _pause(cast: Cast, it: Auction, now: datetime) -> Auction:
    clock = at(it.opens_at + timedelta(minutes=1))
    return pause_auction(it, reason="网络故障", actor=cast.supervisor.actor, clock=clock)


def _resume(cast: Cast, it: Auction, now: datetime) -> Auction:
    return resume_auction(it, actor=cast.supervisor.actor, clock=at(it.opens_at + timedelta(minutes=2)))


def _lost(cast: Cast, now: datetime) -> Auction:
    """The clock falls, and two of three bidders were last heard of after a minute."""
    auction = _open(cast, now)
    for own in auction.passes.filter(number__lte=2):
        note_seen(own.pk, clock=at(auction.opens_at + timedelta(minutes=1)))
    return auction


def _lose(cast: Cast, it: Auction, now: datetime) -> Auction:
    return pause_for_lost_bidders(it, clock=at(it.opens_at + timedelta(minutes=2)))


def _annul(cast: Cast, it: Auction, now: datetime) -> Auction:
    return annul_auction(it, reason="公告有误", actor=cast.supervisor.actor, clock=at(it.opens_at))


def _close(cast: Cast, it: Auction, now: datetime) -> Auction:
    return close_auction(it, clock=at(it.match_until or it.ends_at))


def _open(cast: Cast, now: datetime) -> Auction:
    """The clock falls; nobody has stopped it."""
    return a_falling_lot(cast, now).auction


def _stopped(cast: Cast, now: datetime, *, sealed: bool = False, preemptor: Member | None = None) -> Auction:
    """Held by the enterprise, and perhaps the rival has bid sealed above it."""
    lot = a_falling_lot(cast, now, preemptor=preemptor)
    stop_clock(lot.auction, START, key="key-00001", actor=cast.enterprise_agent.actor, clock=lot.moment())
    if sealed:
        lot.bid(cast.rival_agent, START + STEP, clock=lot.moment(minutes=1))
    lot.auction.refresh_from_db()
    return lot.auction


def _unopened(cast: Cast, now: datetime, *amounts: Money, preemptor: Member | None = None, falling: bool = False) -> Auction:
    """One holder has brought the key; a second is missing. The walk brings that of the supervisor."""
    lot = (a_falling_lot if falling else a_sealed_lot)(cast, now, preemptor=preemptor)
    clock = lot.moment(minutes=1)
    if falling:
        stop_clock(lot.auction, START, key="key-00001", actor=cast.enterprise_agent.actor, clock=lot.moment())
    for member, amount in zip((cast.rival_agent, cast.outsider), amounts, strict=False):
        lot.bid(member, amount, clock=clock)
    lot.auction.refresh_from_db()
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    lot.bring(1)
    _LOTS[lot.auction.pk] = lot
    return lot.auction


# The private keys of the lots that wait for their opening are in nobody's database.
_LOTS: dict[int, Lot] = {}


def _bring(cast: Cast, it: Auction, now: datetime) -> bool:
    shares = _LOTS[it.pk].shares(2) if it.pk in _LOTS else {}
    return bring_key(it, shares, actor=cast.supervisor.actor, clock=at(it.ends_at + timedelta(minutes=1)))


def _matching(cast: Cast, now: datetime) -> Auction:
    auction = _stopped(cast, now, preemptor=cast.outsider)
    return close_auction(auction, clock=at(auction.ends_at))


def _end(cast: Cast, it: Auction, now: datetime) -> Auction:
    """The time of the bidding is over; that of a pre-emptive right is not."""
    return close_auction(it, clock=at(it.ends_at))


def _end_or_bring(cast: Cast, it: Auction, now: datetime) -> object:
    return _bring(cast, it, now) if it.state == "unopened" else _end(cast, it, now)


def _close_or_bring(cast: Cast, it: Auction, now: datetime) -> object:
    return _bring(cast, it, now) if it.state == "unopened" else _close(cast, it, now)


WALKS = (
    Walk(
        AUCTION,
        states={
            "planned": _planned,
            "open": _open,
            "paused": lambda cast, now: _pause(cast, an_auction(cast, now), now),
            "unopened": lambda cast, now: _unopened(cast, now, START),
            "matching": _matching,
            "closed": lambda cast, now: _close(cast, an_auction(cast, now), now),
            "annulled": lambda cast, now: _annul(cast, an_auction(cast, now), now),
        },
        events={
            "open": lambda cast, it, now: open_auction(it, clock=at(it.opens_at)),
            "pause": _pause,
            "lose_bidders": _lose,
            "resume": _resume,
            "seal": _end,
            "repeat": _bring,
            "top": _bring,
            "await_match": _end_or_bring,
            "close": _close_or_bring,
            "annul": _annul,
        },
        prepared={
            ("open", "lose_bidders"): _lost,
            ("open", "seal"): lambda cast, now: _stopped(cast, now, sealed=True),
            ("open", "await_match"): lambda cast, now: _stopped(cast, now, preemptor=cast.outsider),
            ("unopened", "repeat"): lambda cast, now: _unopened(cast, now, START, START),
            ("unopened", "top"): lambda cast, now: _unopened(cast, now, START + STEP, falling=True),
            ("unopened", "await_match"): lambda cast, now: _unopened(cast, now, START, preemptor=cast.enterprise_agent),
        },
        quiet=frozenset({"open", "lose_bidders", "seal", "await_match", "close"}),
    ),
)
