"""Opening a round of sealed bids: all in one transaction, each into the chain, and what the round leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

from listings.auctions.actions.course import finish, note, set_auction_state
from listings.auctions.actions.entries import Judged, add_entry
from listings.auctions.envelopes import Context, Opened, open_envelope, public_key
from listings.auctions.kinds import BidKind, Mode, Phase
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.queries.results import best_offer, opened_offers
from listings.auctions.rules.falling import least_above
from listings.auctions.rules.sealed import after_round, amount_flaw
from listings.auctions.states import AUCTION, AuctionEvent
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import Refusal


def open_round(
    auction: Auction, bids: list[Bid], shares: Mapping[int, Mapping[int, str]], *, actor: Actor, now: datetime
) -> None:
    """Every standing bid is opened, valid or not with the reason, and what follows is done. The caller holds the lock.

    `shares` are those of each bid by its number. Events: auction.bids_opened, then auction.tied, auction.topping_opened or those
    of `finish`.
    """
    holders = {lot_key.seat: public_key(lot_key.public_key) for lot_key in auction.lot_keys.all()}
    least, valid = _least(auction), 0
    for bid in bids:
        context = Context(auction.key, auction.round, bid.bidder.number)
        two = dict(islice(shares[bid.sequence].items(), 2))
        judged = _judged(open_envelope(context, bid.body["envelope"], two, holders), bid, least)
        add_entry(auction, bid.bidder, BidKind.OPENED, judged, now=now)
        valid += judged.refusal is None
    facts = {"round": auction.round, "bids": len(bids), "valid": valid}
    note(auction, "auction.bids_opened", actor=actor, now=now, **facts)
    _go_on(auction, actor=actor, now=now)


def _least(auction: Auction) -> Money:
    if auction.mode == Mode.FALLING:
        return least_above(auction.falling_terms, auction.falling_standing)
    return auction.best or auction.start


def _judged(opened: Opened, bid: Bid, least: Money) -> Judged:
    amount = None if opened.amount_fen is None else Money(opened.amount_fen)
    flaw = opened.flaw or amount_flaw(amount or Money(0), least=least)
    body = {"of": bid.sequence, "round": bid.body["round"], "nonce": opened.nonce}
    return Judged(amount, Refusal(flaw) if flaw else None, body)


def _go_on(auction: Auction, *, actor: Actor, now: datetime) -> None:
    if auction.mode == Mode.FALLING:
        best = best_offer(auction)
        if best is not None and best.bidder != auction.holder_id:
            _open_topping(auction, best.bidder, best.amount, actor=actor, now=now)
            return
    else:
        tied = after_round(auction.sealed_terms, auction.round, opened_offers(auction)).tied
        if tied:
            _open_second_round(auction, tied, actor=actor, now=now)
            return
    finish([auction], actor=actor, now=now)


def _open_topping(auction: Auction, bidder: int, amount: Money, *, actor: Actor, now: datetime) -> None:
    auction.leader_id, auction.best_bid_fen = bidder, amount.fen
    auction.phase, auction.ends_at = Phase.TOPPING, now + auction.falling_terms.topping_for
    move = AUCTION.move(auction.state, AuctionEvent.TOP)
    set_auction_state(auction, move.to, "leader", "best_bid_fen", "phase", "ends_at", now=now)
    until = auction.ends_at.isoformat()
    note(auction, "auction.topping_opened", actor=actor, now=now, price=str(amount), until=until)


def _open_second_round(auction: Auction, tied: tuple[int, ...], *, actor: Actor, now: datetime) -> None:
    auction.passes.filter(pk__in=tied).update(last_round=2)
    auction.round = 2
    auction.best_bid_fen = max(offer.amount.fen for offer in opened_offers(auction))
    auction.ends_at = now + auction.sealed_terms.tie_for
    move = AUCTION.move(auction.state, AuctionEvent.REPEAT)
    set_auction_state(auction, move.to, "round", "best_bid_fen", "ends_at", now=now)
    facts = {"price": str(auction.best), "bidders": len(tied), "until": auction.ends_at.isoformat()}
    note(auction, "auction.tied", actor=actor, now=now, **facts)
