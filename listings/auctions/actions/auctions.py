"""An auction's course: announced by the seller, opened, closed and concluded by the clock, paused and annulled by a supervisor."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from listings.actions.deals import conclude_bidding
from listings.actions.listings import locked_listing
from listings.auctions.actions.course import (
    close_after_match,
    finish,
    how_it_ended,
    locked_auction,
    locked_auctions,
    note,
    note_each,
    set_auction_state,
    set_each_auction_state,
)
from listings.auctions.actions.rehearsals import announce_rehearsal, annul_rehearsal, open_rehearsed_bids
from listings.auctions.actions.terms import as_announced, columns_of, whole_seconds
from listings.auctions.clock import Clock, as_it_is
from listings.auctions.kinds import Mode, Phase, Seat
from listings.auctions.models.auctions import Auction, BidderPass, LotKey
from listings.auctions.permissions import require_mover, require_seller, require_unannounced
from listings.auctions.queries.results import standing_envelopes
from listings.auctions.rules import ascending, falling, sealed
from listings.auctions.rules.ascending import resumed_until
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.lines import most_lost
from listings.auctions.rules.offers import Preemption, preemption_refusals
from listings.auctions.rules.rehearsal import Terms, rehearsal_refusals
from listings.auctions.rules.sealed import SealedTerms
from listings.auctions.states import AUCTION, AuctionEvent, AuctionState
from listings.models.listings import Listing
from listings.states.listings import IntentState, ListingState
from market.accounts.permissions import person_of
from market.policy.queries import policies_on
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("auctions.reason_missing", field="reason")


@transaction.atomic
def announce_auction(
    listing: Listing,
    terms: Terms,
    *,
    preemption: Preemption | None = None,
    rehearsal_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Auction:
    """The auction stands with its terms, and every qualified buyer has a pass with a number. Event: auction.announced.

    The kind of terms is the mode. Where bids will be sealed, three seats wait for their keys. `preemption` names the intent of
    a qualified buyer who may match the final price; `rehearsal_at` is when the auction will be rehearsed.
    """
    locked = locked_listing(listing)
    require_seller(actor, locked.seller_id)
    require_unannounced(locked)
    late = rehearsal_refusals(rehearsal_at, terms.opens_at, now=now)
    require([*_flaws(terms, now=now), *preemption_refusals(preemption), *late])
    try:
        with transaction.atomic():
            auction = Auction.objects.create(
                listing=locked,
                **columns_of(terms),
                start_price_fen=terms.start.fen,
                opens_at=terms.opens_at,
                announced_at=now,
                announced_by_id=person_of(actor),
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("auctions.exists")]) from error
    _give_passes(auction, locked)
    _give_preemption(auction, preemption)
    policies = _set_loss_terms(auction, now=now)
    if auction.has_sealed_bids:
        LotKey.objects.bulk_create(LotKey(auction=auction, seat=seat) for seat in Seat.values)
    note(auction, "auction.announced", actor=actor, now=now, **as_announced(auction, locked), **policies)
    if rehearsal_at is not None:
        announce_rehearsal(auction, terms, rehearsal_at, actor=actor, now=now)
    return auction


def _flaws(terms: Terms, *, now: datetime) -> list[Refusal]:
    match terms:
        case FallingTerms():
            return falling.may_announce(terms, now=now)
        case SealedTerms():
            return sealed.may_announce(terms, now=now)
        case _:
            return ascending.may_announce(terms, now=now)


def _give_passes(auction: Auction, listing: Listing) -> None:
    qualified = listing.intents.filter(state=IntentState.QUALIFIED).order_by("registered_at", "pk")
    BidderPass.objects.bulk_create(
        BidderPass(auction=auction, intent=intent, organisation_id=intent.buyer_id, number=number)
        for number, intent in enumerate(qualified, start=1)
    )


def _give_preemption(auction: Auction, preemption: Preemption | None) -> None:
    if preemption is None:
        return
    holder = auction.passes.filter(intent=preemption.intent).first()
    if holder is None:
        raise Refused([Refusal("auctions.preemptor_not_qualified", field="preemptor")])
    auction.preemptor, auction.match_seconds = holder, whole_seconds(preemption.match_for)
    auction.save(update_fields=["preemptor", "match_seconds"])


def _set_loss_terms(auction: Auction, *, now: datetime) -> dict[str, Any]:
    """When the room will pause itself; gives the policy rows from which that follows. Sealed bids need nobody in the room."""
    if auction.mode == Mode.SEALED:
        return {}
    rows = policies_on(["auction.loss_share", "auction.loss_time"], day_of(now))
    auction.most_lost = most_lost(rows["auction.loss_share"].rate, auction.passes.count())
    auction.loss_seconds = rows["auction.loss_time"].count
    auction.save(update_fields=["most_lost", "loss_seconds"])
    return {"policy_rows": sorted(row.id for row in rows.values())}


@transaction.atomic
def open_auction(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """Bids count from now on; nothing happens before its time or when another worker was quicker. Event: auction.opened.

    With sealed bids it waits for its three keys; where they were late, its times move by as much.
    """
    locked, now = locked_auction(auction, clock)
    if not AUCTION.may(locked.state, AuctionEvent.OPEN) or locked.opens_at > now:
        return locked
    changed = []
    if locked.has_sealed_bids:
        if locked.keys_ready_at is None:
            return locked
        if locked.keys_ready_at > locked.opens_at:
            changed = _moved(locked, now - locked.opens_at)
            locked.opens_at = now
        locked.phase = Phase.CLOCK if locked.mode == Mode.FALLING else Phase.SEALED
    move = AUCTION.move(locked.state, AuctionEvent.OPEN)
    set_auction_state(locked, move.to, "phase", "opens_at", *changed, now=now)
    note(locked, "auction.opened", actor=CLOCK, now=now, bidders=locked.passes.count())
    return locked


def _moved(auction: Auction, by: timedelta) -> list[str]:
    """All later by this much; gives the names of the columns."""
    auction.ends_at += by
    if auction.clock_from is None:
        return ["ends_at"]
    auction.clock_from += by
    return ["ends_at", "clock_from"]


@transaction.atomic
def pause_auction(auction: Auction, *, reason: str, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """The clock stands still and no bid counts until it is resumed. Event: auction.paused."""
    given = text_given(reason, _NO_REASON)
    locked, now = locked_auction(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.PAUSE)
    require_mover(actor, locked, move.by)
    if now >= locked.ends_at:
        raise OutOfTurn([Refusal("auctions.over")])
    locked.paused_at, locked.reason = now, given
    locked.lost_bidders = None
    set_auction_state(locked, move.to, "paused_at", "reason", "lost_bidders", now=now)
    note(locked, "auction.paused", actor=actor, now=now, reason=given)
    return locked


@transaction.atomic
def resume_auction(auction: Auction, *, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """Bids count again, for what was left, in ascending bidding at least a full cycle. Event: auction.resumed.

    The pause took its time from nobody: the hard stop, the falling clock and the end of sealed bidding move with it.
    """
    locked, now = locked_auction(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.RESUME)
    require_mover(actor, locked, move.by)
    assert locked.paused_at is not None
    paused = now - locked.paused_at
    changed = _resumed(locked, paused, now=now) if locked.mode == Mode.ASCENDING else _moved(locked, paused)
    locked.paused_at, locked.resumed_at, locked.lost_bidders = None, now, None
    set_auction_state(locked, move.to, "paused_at", "resumed_at", "lost_bidders", *changed, now=now)
    note(locked, "auction.resumed", actor=actor, now=now, ends_at=locked.ends_at.isoformat())
    return locked


def _resumed(locked: Auction, paused: timedelta, *, now: datetime) -> list[str]:
    assert locked.paused_at is not None
    assert locked.free_until is not None
    assert locked.hard_stop is not None
    locked.ends_at = resumed_until(locked.terms, locked.standing, paused_at=locked.paused_at, now=now)
    locked.free_until += paused
    locked.hard_stop = max(locked.hard_stop + paused, locked.ends_at)
    return ["ends_at", "free_until", "hard_stop"]


@transaction.atomic
def close_auction(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """What the end of the bidding, or of the pre-emptive right, brings has happened; once, however many workers try, not before.

    Out of turn where the listing can have no deal any more: that is for a supervisor to annul. Events: those of `_end`.
    """
    locked, now = locked_auction(auction, clock)
    if locked.state == AuctionState.MATCHING:
        if locked.match_until is not None and locked.match_until <= now:
            close_after_match(locked, actor=CLOCK, now=now)
        return locked
    if locked.state != AuctionState.OPEN or locked.ends_at > now:
        return locked
    if locked.listing.state != ListingState.BIDDING and not locked.is_rehearsal:
        raise OutOfTurn([Refusal("auctions.not_in_bidding")])
    _end([locked], now=now)
    return locked


@transaction.atomic
def close_auctions(keys: Collection[int], *, clock: Clock = as_it_is) -> int:
    """Those of these auctions whose bidding is over have ended, all together; gives how many.

    Left for `close_auction` are those that somebody holds just now, whose pre-emptive right has run out, or whose listing can
    have no deal any more. Events: those of `_end`.
    """
    able = Q(listing__state=ListingState.BIDDING) | Q(rehearsal_of__isnull=False)
    due = Auction.objects.filter(able, pk__in=keys, state=AuctionState.OPEN)
    locked, now = locked_auctions(due, clock)
    over = [auction for auction in locked if auction.ends_at <= now]
    _end(over, now=now)
    return len(over)


def _end(auctions: Collection[Auction], *, now: datetime) -> None:
    """The bidding in each of these is over: sealed bids wait for their opening, except in a rehearsal; else as `finish` says.

    Events: auction.sealed, or those of `finish`; of a rehearsal with sealed bids also those of `open_round`.
    """
    handed_in = {auction: standing_envelopes(auction, auction.round) for auction in auctions if auction.phase == Phase.SEALED}
    sealed_bids = {auction: envelopes for auction, envelopes in handed_in.items() if envelopes}
    states = {auction: AUCTION.move(auction.state, AuctionEvent.SEAL).to for auction in sealed_bids}
    set_each_auction_state(states, now=now)
    facts = {auction: {"bids": len(envelopes), "head": auction.head_hash} for auction, envelopes in sealed_bids.items()}
    note_each("auction.sealed", facts, actor=CLOCK, now=now)
    for auction, envelopes in sealed_bids.items():
        if auction.is_rehearsal:
            open_rehearsed_bids(auction, envelopes, now=now)
    finish([auction for auction in auctions if auction not in sealed_bids], actor=CLOCK, now=now)


@transaction.atomic
def conclude_auction(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """What follows from the result has happened, once: the winner has the deal, or the listing ends without one.

    Events: those of `conclude_bidding`.
    """
    locked, now = locked_auction(auction, clock)
    if locked.state != AuctionState.CLOSED or locked.concluded_at is not None or locked.is_rehearsal:
        return locked
    winner = locked.winner
    conclude_bidding(locked.listing, winner=winner.intent if winner else None, price=locked.best if winner else None, now=now)
    locked.concluded_at = now
    locked.save(update_fields=["concluded_at"])
    return locked


@transaction.atomic
def annul_auction(auction: Auction, *, reason: str, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """The auction has no result; its bids stay on record. The listing stays in bidding, for a new one. Event: auction.annulled."""
    given = text_given(reason, _NO_REASON)
    locked, now = locked_auction(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.ANNUL)
    require_mover(actor, locked, move.by)
    locked.reason, locked.closed_at = given, now
    set_auction_state(locked, move.to, "reason", "closed_at", now=now)
    note(locked, "auction.annulled", actor=actor, now=now, reason=given, **how_it_ended(locked))
    annul_rehearsal(locked, reason=given, actor=actor, now=now)
    return locked
