"""Whatever bidders do in whatever order, and however long they wait: after every act the auction is what its bids make it."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from listings.auctions.actions.auctions import close_auction
from listings.auctions.actions.bids import place_bid, set_proxy
from listings.models.deals import Deal
from market.values.money import Money
from market.values.refusal import Refused
from tests.auctions.builders import START, STEP, an_auction, at, conclude
from tests.faults.dump import dump
from tests.faults.verifier import flaws
from tests.people import Cast

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
BIDDERS = st.integers(0, 2)
# In half steps above the least that counts: mostly just that, sometimes more, sometimes no whole step or too little.
HEIGHTS = st.sampled_from((0, 0, 0, 2, 10, 1, -2))


class AnyCourse(RuleBasedStateMachine):
    """Three bidders in an ascending auction of two minutes, with cycles of half a minute, five of them at most."""

    @initialize()
    def begin(self) -> None:
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.cast = Cast()
        self.bidders = [self.cast.enterprise_agent, self.cast.rival_agent, self.cast.outsider]
        opens = {"cycle": timedelta(seconds=30), "most_extensions": 5}
        self.auction = an_auction(self.cast, NOW, **opens)
        self.now = self.auction.opens_at
        free_until = self.now + timedelta(minutes=2)
        type(self.auction).objects.filter(pk=self.auction.pk).update(free_until=free_until, ends_at=free_until + opens["cycle"])
        self.answers: list[dict[str, Any]] = []

    @rule(bidder=BIDDERS, height=HEIGHTS)
    def bid(self, bidder: int, height: int) -> None:
        member, key = self.bidders[bidder], f"key-{len(self.answers):08d}"
        amount = self._amount(height)
        self.answers.append({"try": key, "bidder": member.organisation.pk, "amount": amount.fen})
        receipt = place_bid(self.auction.key, amount, key=key, actor=member.actor, clock=at(self.now))
        record = receipt.record
        answer = {"answer": key, "accepted": record.is_accepted, "sequence": record.sequence, "hash": record.hash()}
        self.answers.append(answer)

    @rule(bidder=BIDDERS, height=HEIGHTS)
    def order(self, bidder: int, height: int) -> None:
        with contextlib.suppress(Refused):
            set_proxy(self.auction, self._amount(height), actor=self.bidders[bidder].actor, clock=at(self.now))

    @rule(seconds=st.sampled_from((1, 10, 30)))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(before=st.sampled_from((29, 1, 0, 0)))
    def wait_for_the_end(self, before: int) -> None:
        """The moments that matter: in the last cycle, just before the end, and the end itself, which is too late."""
        self.now = max(self.now, datetime.fromisoformat(self._row()["auction"]["ends_at"]) - timedelta(seconds=before))

    @rule()
    def close(self) -> None:
        """As a worker tries again and again; it happens once and not before the end."""
        before = self._row()["auction"]
        closed = close_auction(self.auction, clock=at(self.now))
        is_due = self.now >= datetime.fromisoformat(before["ends_at"])
        assert (closed.state == "closed") == is_due
        conclude(self.auction)
        deals = list(Deal.objects.filter(listing=self.auction.listing_id).values_list("price_fen", flat=True))
        assert deals == ([before["best_bid_fen"]] if is_due and before["best_bid_fen"] else [])

    @invariant()
    def is_what_its_bids_make_it(self) -> None:
        if hasattr(self, "auction"):
            assert flaws(self._row(), self.answers) == []

    def _amount(self, height: int) -> Money:
        best = self._row()["auction"]["best_bid_fen"]
        return Money((START.fen if best is None else best + STEP.fen) + height * STEP.fen // 2)

    def _row(self) -> dict[str, Any]:
        return dump(connection.connection, self.auction.pk, mark="?" if connection.vendor == "sqlite" else "%s")

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_course_of_an_auction_holds() -> None:
    few = settings(
        max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(AnyCourse, settings=few)
