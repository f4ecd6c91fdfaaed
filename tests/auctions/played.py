"""Auctions played at random to their end through the real actions, in every mode; the seed says how."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from listings.auctions.actions.auctions import (
    announce_auction,
    annul_auction,
    close_auction,
    open_auction,
    pause_auction,
    resume_auction,
)
from listings.auctions.actions.bids import place_bid, set_proxy
from listings.auctions.actions.falling import stop_clock, top_best
from listings.auctions.actions.lines import note_seen, pause_for_lost_bidders
from listings.auctions.actions.preemption import match_best, waive_match
from listings.auctions.actions.sealed import withdraw_bid
from listings.auctions.models.auctions import Auction, Bid
from listings.auctions.rules.falling import price_at
from listings.auctions.rules.offers import Preemption
from listings.models.listings import Listing
from market.values.actor import Actor
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refused
from tests.auctions.builders import START, STEP, Lot, at, auction_terms, falling_terms, keep_keys, sealed_terms
from tests.people import Cast, Member

type Clock = Callable[[datetime], datetime]


class Play:
    """One auction and its clock, which goes on by itself from act to act."""

    def __init__(self, cast: Cast, listing: Listing, now: datetime, seed: int) -> None:
        self.cast, self.listing, self.random = cast, listing, random.Random(seed)
        self.now = now + timedelta(days=59)
        self.opens_at = now + timedelta(days=60)
        self.bidders = [cast.enterprise_agent, cast.rival_agent, cast.outsider]

    def to_the_end(self) -> Auction:
        mode = self.random.choice([self._ascending, self._ascending, self._sealed, self._falling])
        mode()
        self._match()
        self.auction.refresh_from_db()
        if self.random.random() < 0.2:
            # Refused bids after the end stand in the chain, but no longer in the evidence.
            for bidder in self.bidders:
                self._try(partial(place_bid, self.auction.key, START, key=self._key(), actor=bidder.actor, clock=self.clock()))
        self.auction.refresh_from_db()
        return self.auction

    def clock(self) -> Clock:
        return at(self.now)

    def later(self, **most: float) -> None:
        self.now += timedelta(**most) * self.random.random()

    def _try(self, act: Callable[[], object]) -> None:
        with suppress(Refused, OutOfTurn), transaction.atomic():
            act()

    def _key(self) -> str:
        return f"key-{Bid.objects.count():06d}-{self.random.randrange(10**6)}"

    def _announced(self, terms: object) -> None:
        preemption = None
        if self.random.random() < 0.4:
            preemption = Preemption(self.listing.intents.get(buyer=self.cast.rival).pk, timedelta(minutes=10))
        actor = self.cast.university_agent.actor
        self.auction = announce_auction(self.listing, terms, preemption=preemption, actor=actor, now=self.now)  # type: ignore[arg-type]

    def _open(self) -> None:
        self.now = max(self.now, self.opens_at) + timedelta(seconds=self.random.randrange(3))
        self.auction = open_auction(self.auction, clock=self.clock())

    def _interrupt(self) -> None:
        """Now and then a supervisor pauses; rarely that is the end."""
        chance = self.random.random()
        supervisor = self.cast.supervisor.actor
        if chance < 0.06:
            self._try(lambda: pause_auction(self.auction, reason="网络故障", actor=supervisor, clock=self.clock()))
            self.later(minutes=40)
            self._bid_of_any_kind()
            self._try(lambda: resume_auction(self.auction, actor=supervisor, clock=self.clock()))
        elif chance < 0.12:
            self._lose_two(supervisor)
        elif chance < 0.125:
            self._try(lambda: annul_auction(self.auction, reason="公告有误", actor=supervisor, clock=self.clock()))

    def _lose_two(self, supervisor: Actor) -> None:
        """Two of three bidders were last heard of a minute ago; where they are needed, the room pauses itself."""
        for own in self.auction.passes.filter(number__lte=2):
            note_seen(own.pk, clock=at(self.now - timedelta(minutes=1)))
        if pause_for_lost_bidders(self.auction, clock=self.clock()).state == "paused":
            self.later(minutes=10)
            self._try(lambda: resume_auction(self.auction, actor=supervisor, clock=self.clock()))

    def _bid_of_any_kind(self) -> None:
        self.auction.refresh_from_db()
        if self.auction.mode == "ascending":
            self._ascending_bid(self.random.choice(self.bidders))

    # --- Modes

    def _ascending(self) -> None:
        reserve = START + Money(STEP.fen * self.random.randrange(25)) if self.random.random() < 0.5 else None
        hard_stop = self.opens_at + timedelta(minutes=self.random.choice([62, 90, 300]))
        extensions = self.random.choice([0, 2, 20])
        self._announced(auction_terms(self.opens_at, reserve=reserve, hard_stop=hard_stop, most_extensions=extensions))
        self._ascending_bid(self.cast.rival_agent)
        self._open()
        for _ in range(self.random.randrange(22)):
            self.later(minutes=7)
            self._interrupt()
            bidder = self.random.choice(self.bidders)
            if self.random.random() < 0.15:
                self._order(bidder)
            else:
                self._ascending_bid(bidder)
        self._run_out()

    def _ascending_bid(self, bidder: Member) -> None:
        self.auction.refresh_from_db()
        least = START if self.auction.best is None else self.auction.best + STEP
        odd = self.random.choice([0, 0, 0, 0, STEP.fen * 2, -STEP.fen, 137, -(10**9), 2**52])
        amount = Money(least.fen + odd)
        self._try(partial(place_bid, self.auction.key, amount, key=self._key(), actor=bidder.actor, clock=self.clock()))

    def _order(self, bidder: Member) -> None:
        limit = START + Money(STEP.fen * self.random.randrange(30)) if self.random.random() < 0.8 else None
        self._try(lambda: set_proxy(self.auction, limit, actor=bidder.actor, clock=self.clock()))

    def _run_out(self) -> None:
        self.auction.refresh_from_db()
        self.now = max(self.now, self.auction.ends_at)
        self.auction = close_auction(self.auction, clock=self.clock())

    def _lot(self, terms: object) -> Lot:
        self._announced(terms)
        lot = Lot(self.auction, {1: self.cast.registrar, 2: self.cast.supervisor, 3: self.cast.university_agent})
        if self.random.random() < 0.2:
            self.now = self.opens_at + timedelta(minutes=20)
        keep_keys(lot, self.now)
        self._open()
        return lot

    def _sealed(self) -> None:
        reserve = START + Money(STEP.fen * 2) if self.random.random() < 0.3 else None
        lot = self._lot(sealed_terms(self.opens_at, reserve=reserve))
        for _round in range(2):
            self._envelopes(lot, least=0)
            self._run_out()
            if self.auction.state != "unopened":
                return
            lot.bring(*self.random.sample([1, 2, 3], 2), clock=self.clock())
            self.auction.refresh_from_db()
            if self.auction.state != "open":
                return

    def _envelopes(self, lot: Lot, *, least: int) -> None:
        for _ in range(self.random.randrange(6)):
            self.later(minutes=3)
            self._interrupt()
            bidder = self.random.choice(self.bidders)
            amount = START + Money(STEP.fen * (least + self.random.randrange(-1, 4)))
            if self.random.random() < 0.2:
                self._try(partial(withdraw_bid, self.auction, key=self._key(), actor=bidder.actor, clock=self.clock()))
            else:
                self._try(partial(lot.bid, bidder, amount, key=self._key(), clock=self.clock()))

    def _falling(self) -> None:
        lot = self._lot(falling_terms(self.opens_at))
        self.later(minutes=38)
        self._interrupt()
        self.auction.refresh_from_db()
        if self.random.random() < 0.9:
            price = price_at(self.auction.falling_terms, self.auction.falling_standing.clock_from, self.now)
            for bidder in self.random.sample(self.bidders, 2):
                seen = price + Money(self.random.choice([0, STEP.fen, -1]))
                self._try(partial(stop_clock, self.auction, seen, key=self._key(), actor=bidder.actor, clock=self.clock()))
            self._envelopes(lot, least=-20)
        self._run_out()
        if self.auction.state == "unopened":
            lot.bring(1, 3, clock=self.clock())
            self._top()

    def _top(self) -> None:
        self.auction.refresh_from_db()
        if self.auction.state != "open":
            return
        self.later(minutes=4)
        assert self.auction.best is not None
        for bidder in self.random.sample(self.bidders, self.random.randrange(4)):
            amount = self.auction.best + Money(STEP.fen * self.random.randrange(3))
            self._try(partial(top_best, self.auction, amount, key=self._key(), actor=bidder.actor, clock=self.clock()))
        self._run_out()

    def _match(self) -> None:
        self.auction.refresh_from_db()
        if self.auction.state == "matching":
            assert self.auction.match_until is not None
            act = self.random.choice([match_best, waive_match, None])
            self.later(minutes=9)
            if act is not None:
                for bidder in self.random.sample(self.bidders, 3):
                    self._try(partial(act, self.auction, key=self._key(), actor=bidder.actor, clock=self.clock()))
            self.now = max(self.now, self.auction.match_until)
            self.auction = close_auction(self.auction, clock=self.clock())
        elif self.auction.state == "paused":
            annul_auction(self.auction, reason="未能恢复", actor=self.cast.supervisor.actor, clock=self.clock())


@contextmanager
def played(cast: Cast, listing: Listing, now: datetime, seed: int) -> Iterator[Auction]:
    """An auction that is over; afterwards there was none, and the listing is free for the next."""
    with transaction.atomic():
        yield Play(cast, listing, now, seed).to_the_end()
        transaction.set_rollback(True)
