"""The dress rehearsal of an auction: an auction of its own on the same engine, with play money and at ten times the speed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from listings.auctions.actions.course import how_it_ended, note, set_auction_state
from listings.auctions.actions.opening import open_round
from listings.auctions.actions.terms import as_announced, columns_of
from listings.auctions.clock import Clock, as_it_is, database_now
from listings.auctions.envelopes import Context, Unreadable, public_text, share_of
from listings.auctions.kinds import Seat
from listings.auctions.models.auctions import Auction, Bid, BidderPass, LotKey
from listings.auctions.models.lines import BidderLine
from listings.auctions.rules.rehearsal import MOST_KEPT, Terms, is_weak, measured, rehearsal_terms
from listings.auctions.states import AUCTION, RUNNING, AuctionEvent
from market.accounts.permissions import person_of
from market.values.actor import CLOCK, Actor
from market.values.refusal import OutOfTurn, Refusal


def announce_rehearsal(auction: Auction, terms: Terms, at: datetime, *, actor: Actor, now: datetime) -> Auction:
    """The auction's rehearsal stands with terms that follow from its own, and every bidder has a pass to it.

    Its bidders have other numbers than in the auction, so that nobody is known there by what was seen here. Never does it touch
    the listing or the auction itself. Within the caller's transaction. Event: auction.announced, of the rehearsal's own subject.
    """
    faster = rehearsal_terms(terms, at)
    rehearsal = Auction.objects.create(
        listing=auction.listing,
        rehearsal_of=auction,
        **columns_of(faster),
        start_price_fen=faster.start.fen,
        opens_at=faster.opens_at,
        announced_at=now,
        announced_by_id=person_of(actor),
        keys_ready_at=now if auction.has_sealed_bids else None,
    )
    passes = sorted(auction.passes.all(), key=lambda own: hashlib.sha256(f"{rehearsal.key}|{own.pk}".encode()).digest())
    BidderPass.objects.bulk_create(
        BidderPass(auction=rehearsal, intent_id=own.intent_id, organisation_id=own.organisation_id, number=number)
        for number, own in enumerate(passes, start=1)
    )
    note(rehearsal, "auction.announced", actor=actor, now=now, rehearsal=True, **as_announced(rehearsal, auction.listing))
    if rehearsal.has_sealed_bids:
        LotKey.objects.bulk_create(
            LotKey(
                auction=rehearsal, seat=seat, public_key=public_text(_key(rehearsal, seat).public_key()), made_at=now, kept_at=now
            )
            for seat in Seat.values
        )
        note(rehearsal, "auction.keys_ready", actor=CLOCK, now=now)
    return rehearsal


def _key(rehearsal: Auction, seat: int) -> ec.EllipticCurvePrivateKey:
    """The market keeps the keys of a rehearsal by itself: whoever knows its address can compute them, and play money hides nothing."""
    digest = hashlib.sha256(f"rehearsal|{rehearsal.key}|{seat}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest[:31]) + 1, ec.SECP256R1())


def open_rehearsed_bids(rehearsal: Auction, envelopes: list[Bid], *, now: datetime) -> None:
    """The sealed bids of a rehearsal are open at once, without the holders of keys. The caller holds the lock.

    Events: those of `open_round`.
    """
    shares = {bid.sequence: _shares(rehearsal, bid) for bid in envelopes}
    open_round(rehearsal, envelopes, shares, actor=CLOCK, now=now)


def _shares(rehearsal: Auction, bid: Bid) -> dict[int, str]:
    context = Context(rehearsal.key, rehearsal.round, bid.bidder.number)
    found = {}
    for seat in Seat.values:
        try:
            found[seat] = share_of(context, seat, bid.body["envelope"], _key(rehearsal, seat))
        except Unreadable:
            continue
    return found


def annul_rehearsal(auction: Auction, *, reason: str, actor: Actor, now: datetime) -> None:
    """What was to be rehearsed will not be, or is over at once. Within the caller's transaction. Event: auction.annulled."""
    for rehearsal in Auction.objects.select_for_update(of=("self",)).filter(rehearsal_of=auction, state__in=RUNNING):
        rehearsal.reason, rehearsal.closed_at = reason, now
        move = AUCTION.move(rehearsal.state, AuctionEvent.ANNUL)
        set_auction_state(rehearsal, move.to, "reason", "closed_at", now=now)
        note(rehearsal, "auction.annulled", actor=actor, now=now, reason=reason, **how_it_ended(rehearsal))


@transaction.atomic
def note_round_trip(own: BidderPass, milliseconds: int | None, *, clock: Clock = as_it_is) -> BidderLine:
    """The bidder is in the room, and the way there and back took this long; of a great many the latest are kept.

    `OutOfTurn` unless the bidder's rehearsal is running: in the auction itself nothing is measured.
    """
    auction = own.auction
    if not auction.is_rehearsal or auction.state not in RUNNING:
        raise OutOfTurn([Refusal("auctions.no_rehearsal")])
    BidderLine.objects.get_or_create(bidder=own, defaults={"seen_at": clock(database_now())})
    line = BidderLine.objects.select_for_update().get(bidder=own)
    line.seen_at = clock(database_now())
    if milliseconds is not None:
        line.round_trips = [*line.round_trips, milliseconds][-MOST_KEPT:]
    line.save(update_fields=["seen_at", "round_trips"])
    return line


@transaction.atomic
def warn_of_weak_lines(rehearsal: Auction, *, now: datetime) -> int:
    """Each bidder whose line was weak in the rehearsal that is over has been noted once; gives how many. Event: auction.line_weak."""
    lines = BidderLine.objects.select_for_update().filter(bidder__auction=rehearsal, warned_at=None).select_related("bidder")
    weak = [line for line in lines.order_by("bidder__number") if is_weak(line.round_trips)]
    for line in weak:
        usual, worst = measured(line.round_trips) or (0, 0)
        line.warned_at = now
        line.save(update_fields=["warned_at"])
        note(rehearsal, "auction.line_weak", actor=CLOCK, now=now, bidder=line.bidder.number, median=usual, worst=worst)
    return len(weak)
