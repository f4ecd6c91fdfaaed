"""Whatever the order in which Stripe's events come, however often, and whatever is seen of Stripe meanwhile: the ledger ends alike.

Of each story every event is delivered three times in as many orders as `ORDERS` says; where there are no more orders of the
events than that, in all of them. Each event is handled at some moment after it happened, seeing Stripe as it was then.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count as counting
from itertools import permutations
from math import factorial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction

from market.accounts.actions import suspend_organisation
from market.events.models import Event, Trouble
from market.payments.actions.deposits import cancel_deposit, carry_deposit, confirm_payment
from market.payments.actions.ledger import post as post_movements
from market.payments.actions.stripe.facts import CLEARING, COSTS
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.stripe import CardRefund, Checkout, Dispute, StripeEvent
from market.payments.queries.ledger import ledger_flaws
from market.payments.rules.ledger import Movement
from market.payments.rules.stripe import IntentFacts
from market.payments.tasks import handle_events
from market.values.money import Money
from tests.cards.builders import a_checkout, a_paid_deposit, ledger, paid, post, tell, work
from tests.cards.stand_in import StandIn
from tests.payments.builders import market_finance
from tests.people import Cast

ORDERS = int(os.environ.get("ORDERS", "4"))
TIMES = 3

type Story = Callable[[Cast, StandIn, datetime], None]


def paid_by_card(cast: Cast, stripe: StandIn, now: datetime) -> None:
    paid(stripe, a_checkout(cast, now))


def paid_by_wallet_after_a_declined_card(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    stripe.decline(checkout.session_id or "")
    paid(stripe, checkout, "alipay")


def page_expired(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    stripe.decline(checkout.session_id or "")
    stripe.expire(checkout.session_id or "")


def paid_on_two_pages(cast: Cast, stripe: StandIn, now: datetime) -> None:
    first = a_checkout(cast, now)
    second = a_checkout(cast, now + timedelta(hours=2), first.payment.deposit)
    paid(stripe, second)
    paid(stripe, first)


def paid_by_the_bank_meanwhile(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    confirm_payment(checkout.payment, actor=market_finance(cast).actor, now=now)


def given_up_meanwhile(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    cancel_deposit(checkout.payment.deposit, actor=cast.enterprise_agent.actor, now=now)


def barred_meanwhile(cast: Cast, stripe: StandIn, now: datetime) -> None:
    paid(stripe, a_checkout(cast, now))
    suspend_organisation(cast.enterprise, reason="失信", actor=cast.administrator.actor, now=now)


def refunded(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)


def refunded_by_a_slow_bank(cast: Cast, stripe: StandIn, now: datetime) -> None:
    stripe.refunds_take_time = True
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    stripe.finish_refund(max(stripe.refunds))


def refund_refused_by_the_bank(cast: Cast, stripe: StandIn, now: datetime) -> None:
    stripe.refunds_take_time = True
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")


def refund_came_back(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    tell(stripe.events, now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")


def answer_to_the_refund_lost(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    stripe.answers_lost = 1
    work(now)


def refunded_by_hand_in_two_parts(cast: Cast, stripe: StandIn, now: datetime) -> None:
    intent = paid(stripe, a_checkout(cast, now))
    stripe.refund_by_hand(intent["id"], 5_000)
    stripe.refund_by_hand(intent["id"], 7_000)


def disputed_and_won(cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute = stripe.open_dispute(paid(stripe, a_checkout(cast, now))["id"])
    stripe.close_dispute(dispute["id"], is_lost=False)


def disputed_and_lost(cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute = stripe.open_dispute(paid(stripe, a_checkout(cast, now))["id"])
    stripe.close_dispute(dispute["id"], is_lost=True)


def disputed_and_lost_after_it_was_carried_on(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    carry_deposit(checkout.payment.deposit, now=now)
    dispute = stripe.open_dispute(checkout.intent_id or "")
    stripe.close_dispute(dispute["id"], is_lost=True)


STORIES: tuple[Story, ...] = (
    paid_by_card, paid_by_wallet_after_a_declined_card, page_expired, paid_on_two_pages, paid_by_the_bank_meanwhile,
    given_up_meanwhile, barred_meanwhile, refunded, refunded_by_a_slow_bank, refund_refused_by_the_bank, refund_came_back,
    answer_to_the_refund_lost, refunded_by_hand_in_two_parts, disputed_and_won, disputed_and_lost,
    disputed_and_lost_after_it_was_carried_on,
)  # fmt: skip


def outcome() -> dict[str, Any]:
    """Everything that must not depend on the order."""
    return {
        "ledger": ledger(),
        "flaws": ledger_flaws(),
        "deposits": sorted(Deposit.objects.values_list("state", "matter")),
        "payments": sorted(Payment.objects.values_list("state", "provider")),
        "paid": sorted(Checkout.objects.values_list("paid_with", "fee_fen", "is_surplus")),
        "ended": Checkout.objects.filter(ended_at__isnull=False).count(),
        "refunds": sorted(
            (refund.amount_fen, refund.succeeded_at is not None, refund.failed_at is not None)
            for refund in CardRefund.objects.all()
        ),
        "disputes": sorted(
            (dispute.amount_fen, dispute.closed_at is not None, dispute.is_lost) for dispute in Dispute.objects.all()
        ),
        "log": Counter(Event.objects.values_list("name", flat=True)),
        "waiting": StripeEvent.objects.filter(handled_at__isnull=True).count(),
        "trouble": Trouble.objects.filter(work="payments.stripe_events").count(),
    }


def orders(count: int, chance: random.Random) -> Iterator[list[int]]:
    """Orders of this many events, each three times: of all orders, the same one thrice over; or random ones."""
    if factorial(count) <= ORDERS:
        for order in permutations(range(count)):
            yield list(order) * TIMES
        return
    for _number in range(ORDERS):
        mixed = list(range(count)) * TIMES
        chance.shuffle(mixed)
        yield mixed


def deliver(stripe: StandIn, order: list[int], now: datetime, chance: random.Random) -> None:
    """The worker comes now and then, and sees Stripe as it was at some moment since what it was told of last."""
    events, last = list(stripe.events), len(stripe.events) - 1
    heard = -1
    for index in order:
        assert post(events[index]) == 204
        heard = max(heard, index)
        if chance.random() < 0.5:
            stripe.show(chance.randint(heard, last))
            handle_events(now)
    stripe.show(last)
    handle_events(now)


def outcomes(story: Story, cast: Cast, stripe: StandIn, now: datetime) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """What each order ends in, with the kinds of its events; first the order in which they happened, each once."""
    chance = random.Random(story.__name__)
    stripe.remembers = True
    story(cast, stripe, now)
    count = len(stripe.events)
    for order in [list(range(count)), *orders(count, chance)]:
        with transaction.atomic():
            deliver(stripe, order, now, chance)
            yield [stripe.events[index]["type"] for index in order], outcome()
            transaction.set_rollback(True)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_order_of_events_does_not_matter(story: Story, cast: Cast, stripe: StandIn, now: datetime) -> None:
    (_in_turn, expected), *others = outcomes(story, cast, stripe, now)
    assert (expected["flaws"], expected["waiting"], expected["trouble"]) == ([], 0, 0)
    assert len(others) >= min(ORDERS, 2)
    for order, found in others:
        assert found == expected, order


def test_an_effect_that_comes_twice_is_found(cast: Cast, stripe: StandIn, now: datetime) -> None:
    """Otherwise the test above would say nothing."""
    calls = counting()

    def book_again(checkout: Checkout, facts: IntentFacts, *, now: datetime) -> None:
        post_movements(f"again:{next(calls)}", [Movement(COSTS, CLEARING, Money(1))], subject="x", now=now)

    with patch("market.payments.actions.stripe.facts._book_fee", book_again):
        (_in_turn, expected), *others = outcomes(paid_by_card, cast, stripe, now)
    assert any(found["ledger"] != expected["ledger"] for _order, found in others)
