"""The inbox takes what Stripe signed for this market, once, and nothing else; what it holds is handled once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from market.payments.actions.stripe.inbox import handle_event, store_delivery
from market.payments.models.ledger import Posting
from market.payments.models.stripe import Checkout, StripeEvent
from market.payments.queries.stripe import card_desk
from market.payments.tasks import handle_events
from market.values.refusal import Refused
from tests.cards.builders import a_checkout, ledger, paid, post, tell
from tests.cards.stand_in import StandIn, Thing, signed
from tests.house.rows import everything
from tests.people import Cast


@pytest.fixture
def event(cast: Cast, stripe: StandIn, now: datetime) -> Thing:
    """Word that a deposit was paid."""
    paid(stripe, a_checkout(cast, now))
    return stripe.events[-1]


def test_an_event_is_stored_as_it_came_and_handled_by_the_worker(event: Thing, now: datetime) -> None:
    assert post(event) == 204
    stored = StripeEvent.objects.get()
    assert (json.loads(stored.payload), stored.handled_at) == (event, None)
    handle_events(now)
    stored.refresh_from_db()
    assert (stored.handled_at, stored.outcome) == (now, "applied")


def test_an_event_that_comes_often_is_stored_and_handled_once(event: Thing, now: datetime) -> None:
    for _time in range(3):
        assert post(event) == 204
        handle_events(now)
    assert StripeEvent.objects.count() == 1
    assert len(ledger()) == 2


@pytest.mark.parametrize(
    "how", [{"secret": "whsec_of_somebody_else"}, {"seconds_ago": 301}], ids=["signed by another", "too old"]
)
def test_what_stripe_did_not_sign_just_now_is_refused_and_nothing_is_written(how: dict[str, str], event: Thing) -> None:
    before = everything()
    assert post(event, **how) == 400
    assert everything() == before


def test_the_limit_is_five_minutes(event: Thing) -> None:
    assert post(event, seconds_ago=290) == 204


@pytest.mark.parametrize("change", [{"account": "acct_of_another"}, {"livemode": True}], ids=str)
def test_an_event_of_another_account_is_refused_and_nothing_is_written(change: Thing, event: Thing, now: datetime) -> None:
    before = everything()
    assert post(event | change) == 400
    body, signature = signed(event | change)
    with pytest.raises(Refused) as refused:
        store_delivery(body.encode(), signature, now=now)
    assert [it.code for it in refused.value.refusals] == ["payments.not_from_stripe"]
    assert everything() == before


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"id": 1}', b'{"id": "evt_1", "type": "x"}', b"\xff\xfe"])
@pytest.mark.django_db
def test_nonsense_is_refused_even_when_it_is_signed(body: bytes, stripe: StandIn, now: datetime) -> None:
    with patch("market.payments.actions.stripe.inbox.is_signed", return_value=True), pytest.raises(Refused):
        store_delivery(body, "", now=now)
    for headers in ({}, {"Stripe-Signature": "t=x,v1=y"}):
        answer = Client().post(reverse("stripe_webhook"), body, content_type="application/json", headers=headers)
        assert answer.status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.django_db
def test_kinds_that_are_not_needed_are_stored_and_ignored(stripe: StandIn, now: datetime) -> None:
    tell([stripe.happen("customer.created", {"id": "cus_1"}), stripe.happen("charge.updated", {"id": "ch_9"})], now)
    assert [event.outcome for event in StripeEvent.objects.all()] == ["ignored", "ignored"]
    assert stripe.requests == []


@pytest.mark.django_db
def test_a_payment_of_something_else_at_the_same_account_is_left_alone(stripe: StandIn, now: datetime) -> None:
    stripe.intents["pi_9"] = {
        "id": "pi_9", "object": "payment_intent", "status": "succeeded", "metadata": {}, "latest_charge": None,
        "amount_received": 100, "currency": "cny",
    }  # fmt: skip
    tell([stripe.happen("payment_intent.succeeded", stripe.intents["pi_9"])], now)
    assert [event.outcome for event in StripeEvent.objects.all()] == ["foreign"]
    assert not Posting.objects.exists()


def test_an_event_that_cannot_be_handled_waits_and_stops_no_other(event: Thing, stripe: StandIn, now: datetime) -> None:
    """Its payment is not at Stripe; a person sees it, and it is tried again."""
    lost = stripe.happen("payment_intent.succeeded", {"id": "pi_absent"})
    tell([lost, event], now)
    handle_events(now + timedelta(seconds=1))
    assert Checkout.objects.get().paid_at
    assert [it.event_id for it in card_desk().events] == [lost["id"]]


def test_another_sum_than_was_asked_for_is_not_booked(event: Thing, stripe: StandIn, now: datetime) -> None:
    (intent,) = stripe.intents.values()
    intent["amount_received"] -= 1
    tell([event], now)
    assert (ledger(), len(card_desk().events)) == ([], 1)


def test_the_effect_and_the_mark_that_it_was_handled_stand_or_fall_together(event: Thing, now: datetime) -> None:
    """Cut off between the two, the event is handled anew, and once."""
    post(event)
    with patch("market.payments.actions.stripe.inbox._handled", side_effect=RuntimeError("cut off")):
        handle_events(now)
    assert (ledger(), StripeEvent.objects.get().handled_at) == ([], None)
    handle_events(now + timedelta(minutes=1))
    assert len(ledger()) == 2


def test_what_two_workers_fetched_at_once_is_entered_once(event: Thing, now: datetime) -> None:
    """The second has read the event as not handled, and comes too late."""
    post(event)
    stale = StripeEvent.objects.get()
    handle_events(now)
    before = ledger()
    handle_event(stale, now=now)
    assert ledger() == before


def test_no_answer_to_a_delivery_asks_stripe_anything(event: Thing, stripe: StandIn) -> None:
    asked = len(stripe.requests)
    post(event)
    assert len(stripe.requests) == asked


@pytest.mark.django_db
def test_without_a_key_there_is_no_such_address(settings: Settings) -> None:
    settings.STRIPE_API_KEY = ""
    assert Client().post(reverse("stripe_webhook"), b"{}", content_type="application/json").status_code == 404
