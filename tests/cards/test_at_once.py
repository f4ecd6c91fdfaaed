"""Two at once, a Stripe that is slow, and a Stripe that was away for an hour: one effect each, and nobody waits long."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from market.payments.actions.deposits import release_deposits
from market.payments.actions.stripe.calls import send_call
from market.payments.actions.stripe.inbox import handle_event
from market.payments.actions.stripe.refunds import refund_checkout
from market.payments.models.deposits import Deposit
from market.payments.models.stripe import CardRefund, Checkout, StripeCall, StripeEvent
from market.payments.providers import stripe_api
from market.payments.queries.ledger import ledger_flaws
from market.payments.tasks import handle_events, list_events, send_calls
from tests.cards.builders import a_checkout, a_paid_deposit, ledger, paid, post
from tests.cards.stand_in import StandIn
from tests.concurrency.at_once import at_once, twice
from tests.payments.builders import a_deposit
from tests.people import Cast


@pytest.fixture
def committed_cast(committed_db: None) -> Cast:
    return Cast()


def test_a_double_click_opens_one_page(committed_cast: Cast, stripe: StandIn, now: datetime) -> None:
    deposit = a_deposit(committed_cast, now)
    outcome = twice(lambda: a_checkout(committed_cast, now, deposit))
    assert (outcome.errors, outcome.refusals) == ([], [])
    assert len({checkout.pk for checkout in outcome.results}) == 1
    assert (len(stripe.sessions), Checkout.objects.count(), StripeCall.objects.count()) == (1, 1, 1)


def test_two_workers_that_handle_one_event_book_it_once(committed_cast: Cast, stripe: StandIn, now: datetime) -> None:
    paid(stripe, a_checkout(committed_cast, now))
    assert post(stripe.events[-1]) == 204
    event = StripeEvent.objects.get()
    outcome = twice(lambda: handle_event(event, now=now))
    assert (outcome.errors, outcome.refusals) == ([], [])
    assert (len(ledger()), ledger_flaws(), Deposit.objects.get().state) == (2, [], "held")


def test_one_event_delivered_twice_at_once_is_stored_once(committed_cast: Cast, stripe: StandIn, now: datetime) -> None:
    paid(stripe, a_checkout(committed_cast, now))
    outcome = twice(lambda: post(stripe.events[-1]))
    assert (outcome.errors, outcome.results) == ([], [204, 204])
    assert StripeEvent.objects.count() == 1


def test_two_workers_ask_for_a_refund_once(committed_cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(committed_cast, stripe, now, is_due_back=True)
    outcome = twice(lambda: refund_checkout(checkout, now=now))
    assert (outcome.errors, len(outcome.results), CardRefund.objects.count()) == ([], 1, 1)
    call = CardRefund.objects.get().call
    assert call is not None
    outcome = twice(lambda: send_call(call, now=now))
    assert (outcome.errors, len(stripe.refunds)) == ([], 1)


def test_nobody_waits_for_a_slow_stripe(cast: Cast, stripe: StandIn, now: datetime) -> None:
    """The page says that it is being prepared; the worker, who has more patience, asks again and gets the same page."""
    # To connect and to answer, in seconds.
    assert sum(stripe_api._HURRIED) <= 3
    stripe.seconds_late = 0.5
    with patch.object(stripe_api, "_HURRIED", (0.2, 0.2)):
        checkout = a_checkout(cast, now)
    assert (checkout.address, len(stripe.sessions)) == ("", 1)
    send_calls(now)
    checkout.refresh_from_db()
    assert checkout.address
    assert len(stripe.sessions) == 1


def test_after_an_hour_without_deliveries_everything_is_found_and_entered(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkouts = [a_checkout(cast, now, a_deposit(cast, now, matter=f"intent:{number}")) for number in range(12)]
    heard, *unheard = checkouts
    paid(stripe, heard)
    list_events(now)
    for minutes, checkout in enumerate(unheard):
        at = int((now + timedelta(minutes=5 * minutes)).timestamp())
        stripe.clock = lambda at=at: at  # type: ignore[misc]
        intent = paid(stripe, checkout)
        if minutes % 4 == 0:
            stripe.refund_by_hand(intent["id"], 100)
        if minutes % 4 == 1:
            stripe.open_dispute(intent["id"])
    later = now + timedelta(hours=1)
    list_events(later)
    handle_events(later)
    assert not Checkout.objects.filter(paid_at=None).exists()
    assert not StripeEvent.objects.filter(handled_at=None).exists()
    assert len(stripe.events) == StripeEvent.objects.count()
    before = ledger()
    # What was lost is delivered after all.
    for event in stripe.events:
        assert post(event) == 204
    handle_events(later)
    assert (ledger(), ledger_flaws()) == (before, [])


def test_a_deposit_that_is_freed_while_word_of_its_refund_comes_stays_whole(
    committed_cast: Cast, stripe: StandIn, now: datetime
) -> None:
    checkout = a_paid_deposit(committed_cast, stripe, now)
    stripe.refund_by_hand(checkout.intent_id or "", checkout.amount_fen)
    assert post(stripe.events[-1]) == 204
    event = StripeEvent.objects.filter(handled_at=None).get()
    outcome = at_once([lambda: handle_event(event, now=now), lambda: release_deposits([checkout.payment.deposit], now=now)])
    assert outcome.errors == []
    assert ledger_flaws() == []
