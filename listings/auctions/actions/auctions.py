"""An auction's course: announced by the seller, opened and closed by the clock, paused and annulled by a supervisor."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from listings.actions.deals import conclude_bidding
from listings.actions.listings import locked_listing
from listings.auctions.clock import Clock, as_it_is, database_now
from listings.auctions.kinds import Mode
from listings.auctions.models import Auction, BidderPass
from listings.auctions.permissions import require_mover, require_seller
from listings.auctions.queries.room import room_state
from listings.auctions.room import announce
from listings.auctions.rules.ascending import AuctionTerms, Offer, may_announce, resumed_until, winner
from listings.auctions.states import AUCTION, AuctionEvent
from listings.models.listings import Listing
from listings.states.listings import IntentState, ListingState
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import CLOCK, Actor
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require


@transaction.atomic
def announce_auction(listing: Listing, terms: AuctionTerms, *, actor: Actor, now: datetime) -> Auction:
    """The auction stands with its terms, and every qualified buyer has a pass with a number. Event: auction.announced."""
    locked = locked_listing(listing)
    require_seller(actor, locked.seller_id)
    if locked.state != ListingState.BIDDING:
        raise OutOfTurn([Refusal("auctions.not_in_bidding")])
    require(may_announce(terms, now=now))
    try:
        with transaction.atomic():
            auction = Auction.objects.create(
                listing=locked,
                mode=Mode.ASCENDING,
                start_price_fen=terms.start.fen,
                step_fen=terms.step.fen,
                reserve_price_fen=terms.reserve.fen if terms.reserve else None,
                opens_at=terms.opens_at,
                free_until=terms.free_until,
                cycle_seconds=int(terms.cycle.total_seconds()),
                most_extensions=terms.most_extensions,
                hard_stop=terms.hard_stop,
                ends_at=terms.first_end,
                announced_at=now,
                announced_by_id=person_of(actor),
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("auctions.exists")]) from error
    _give_passes(auction, locked)
    opens_at = terms.opens_at.isoformat()
    record("auction.announced", subject=auction.subject, actor=actor, now=now, listing=locked.number, opens_at=opens_at)
    return auction


def _give_passes(auction: Auction, listing: Listing) -> None:
    qualified = listing.intents.filter(state=IntentState.QUALIFIED).order_by("registered_at", "pk")
    BidderPass.objects.bulk_create(
        BidderPass(auction=auction, intent=intent, organisation_id=intent.buyer_id, number=number)
        for number, intent in enumerate(qualified, start=1)
    )


@transaction.atomic
def open_auction(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """Bids count from now on; nothing happens before its time or when another worker was quicker. Event: auction.opened."""
    locked, now = _locked(auction, clock)
    if not AUCTION.may(locked.state, AuctionEvent.OPEN) or locked.opens_at > now:
        return locked
    _set_state(locked, AUCTION.move(locked.state, AuctionEvent.OPEN).to, now=now)
    record("auction.opened", subject=locked.subject, actor=CLOCK, now=now, bidders=locked.passes.count())
    return locked


@transaction.atomic
def pause_auction(auction: Auction, *, reason: str, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """The clock stands still and no bid counts until it is resumed. Event: auction.paused."""
    given = _given(reason)
    locked, now = _locked(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.PAUSE)
    require_mover(actor, locked, move.by)
    if now >= locked.ends_at:
        raise OutOfTurn([Refusal("auctions.over")])
    locked.paused_at, locked.reason = now, given
    _set_state(locked, move.to, "paused_at", "reason", now=now)
    record("auction.paused", subject=locked.subject, actor=actor, now=now, reason=given)
    return locked


@transaction.atomic
def resume_auction(auction: Auction, *, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """Bids count again, for what was left but at least a full cycle; the hard stop moves with it. Event: auction.resumed."""
    locked, now = _locked(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.RESUME)
    require_mover(actor, locked, move.by)
    assert locked.paused_at is not None
    ends_at = resumed_until(locked.terms, locked.standing, paused_at=locked.paused_at, now=now)
    paused = now - locked.paused_at
    locked.free_until += paused
    locked.hard_stop = max(locked.hard_stop + paused, ends_at)
    locked.ends_at, locked.paused_at = ends_at, None
    _set_state(locked, move.to, "ends_at", "free_until", "hard_stop", "paused_at", now=now)
    record("auction.resumed", subject=locked.subject, actor=actor, now=now, ends_at=ends_at.isoformat())
    return locked


@transaction.atomic
def close_auction(auction: Auction, *, clock: Clock = as_it_is) -> Auction:
    """The winner has the deal at the best bid, or there is none; once, however many workers try, and not before the end.

    Event: auction.closed, and those of `listings.actions.deals.conclude_bidding`.
    """
    locked, now = _locked(auction, clock)
    if not AUCTION.may(locked.state, AuctionEvent.CLOSE) or locked.ends_at > now:
        return locked
    locked.closed_at = now
    _set_state(locked, AUCTION.move(locked.state, AuctionEvent.CLOSE).to, "closed_at", now=now)
    bids, head = locked.sequence, locked.head_hash
    record("auction.closed", subject=locked.subject, actor=CLOCK, now=now, bids=bids, head=head)
    best = _winning_offer(locked)
    intent = BidderPass.objects.select_related("intent").get(pk=best.bidder).intent if best else None
    conclude_bidding(locked.listing, winner=intent, price=best.amount if best else None, now=now)
    return locked


def _winning_offer(auction: Auction) -> Offer | None:
    accepted = auction.bids.filter(is_accepted=True).order_by("sequence").values_list("bidder_id", "amount_fen")
    return winner(auction.terms, [Offer(bidder, Money(fen)) for bidder, fen in accepted])


@transaction.atomic
def annul_auction(auction: Auction, *, reason: str, actor: Actor, clock: Clock = as_it_is) -> Auction:
    """The auction has no result; its bids stay on record. The listing stays in bidding, for a new one. Event: auction.annulled."""
    given = _given(reason)
    locked, now = _locked(auction, clock)
    move = AUCTION.move(locked.state, AuctionEvent.ANNUL)
    require_mover(actor, locked, move.by)
    locked.reason, locked.closed_at = given, now
    _set_state(locked, move.to, "reason", "closed_at", now=now)
    record("auction.annulled", subject=locked.subject, actor=actor, now=now, reason=given)
    return locked


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused([Refusal("auctions.reason_missing", field="reason")])
    return reason.strip()


def _locked(auction: Auction, clock: Clock) -> tuple[Auction, datetime]:
    """The auction's row under its lock, and the time read after the lock was had."""
    locked = Auction.objects.select_for_update(of=("self",)).select_related("listing").get(pk=auction.pk)
    return locked, clock(database_now())


def _set_state(auction: Auction, state: str, *fields: str, now: datetime) -> None:
    auction.state = state
    auction.save(update_fields=["state", *fields])
    announce(auction.key, room_state(auction), after=auction.sequence, now=now)
