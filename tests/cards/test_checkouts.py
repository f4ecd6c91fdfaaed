"""A page to pay on is opened for who may pay, and refused with a sentence otherwise; the market's own pages say where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from market.accounts.actions import suspend_organisation
from market.payments.actions.deposits import request_deposit
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.actions.stripe.refunds import refund_checkout
from market.payments.kinds import RefundProblem
from market.payments.models.stripe import Checkout
from market.payments.queries.stripe import checkout_page
from market.values.money import Money
from market.values.refusal import Refused
from tests.cards.builders import SITE, a_checkout, a_paid_deposit, paid, tell, work
from tests.cards.stand_in import StandIn
from tests.house.rows import everything
from tests.house.test_query_counts import LIMITS
from tests.payments.builders import a_deposit, market_finance
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]


def refused(act: Callable[[], object]) -> list[str]:
    """The codes with which it is refused; nothing was written."""
    before = everything()
    with pytest.raises(Refused) as found:
        act()
    assert everything() == before
    return [it.code for it in found.value.refusals]


def begin(cast: Cast, deposit_amount: Money, now: datetime) -> Callable[[], object]:
    agent = cast.enterprise_agent.actor
    payment = request_deposit(cast.enterprise, deposit_amount, matter="intent:k1", actor=agent, now=now).payment
    assert payment is not None
    return lambda: begin_checkout(payment, site=SITE, actor=agent, now=now)


def test_without_a_key_nobody_is_led_to_stripe(cast: Cast, now: datetime, settings: Settings) -> None:
    settings.STRIPE_API_KEY = ""
    assert refused(begin(cast, Money.yuan("120000"), now)) == ["payments.no_cards"]


def test_a_sum_beyond_what_stripe_takes_goes_by_bank(cast: Cast, now: datetime, stripe: StandIn) -> None:
    assert refused(begin(cast, Money.yuan("1000000"), now)) == ["payments.too_much_for_a_card"]
    assert stripe.sessions == {}


def test_who_is_barred_meanwhile_pays_nothing(cast: Cast, now: datetime, stripe: StandIn) -> None:
    act = begin(cast, Money.yuan("120000"), now)
    suspend_organisation(cast.enterprise, reason="失信", actor=cast.administrator.actor, now=now)
    assert refused(act) == ["payments.barred"]
    assert stripe.sessions == {}


def test_what_was_not_paid_cannot_go_back_and_what_goes_back_goes_once(cast: Cast, now: datetime, stripe: StandIn) -> None:
    checkout = a_checkout(cast, now)
    assert refused(lambda: refund_checkout(checkout, now=now)) == ["payments.nothing_to_refund"]
    stripe.refunds_take_time = True
    paid(stripe, checkout)
    tell(stripe.events, now)
    checkout.payment.deposit.refresh_from_db()
    refund_checkout(checkout, now=now)
    assert refused(lambda: refund_checkout(checkout, now=now)) == ["payments.refund_under_way"]


def stage(checkout: Checkout, now: datetime, came_from: str = "") -> str:
    return checkout_page(Checkout.objects.get(pk=checkout.pk), came_from=came_from, now=now).stage


def test_the_page_says_where_the_payment_stands(cast: Cast, now: datetime, stripe: StandIn) -> None:
    stripe.answers_lost = 1
    checkout = a_checkout(cast, now)
    assert stage(checkout, now) == "preparing"
    work(now)
    assert stage(checkout, now) == "ready"
    assert stage(checkout, now, "cancelled") == "left"
    assert stage(checkout, now + timedelta(hours=2)) == "ended"
    # Who paid in the last minute waits for word, and is not told that it ended.
    assert stage(checkout, now + timedelta(hours=2), "done") == "confirming"
    checkout.refresh_from_db()
    paid(stripe, checkout)
    tell(stripe.events, now)
    assert stage(checkout, now, "done") == "paid"


def test_the_payer_is_led_to_stripe_and_sees_that_it_was_paid(
    cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn, settings: Settings
) -> None:
    deposit = a_deposit(cast, now)
    assert deposit.payment is not None
    buyer = sign_in(cast.enterprise_agent)
    stripe.clock = lambda: int(datetime.now().timestamp())
    page = buyer.post(reverse("cards:begin", args=[deposit.payment.key]), follow=True).content.decode()
    (session,) = stripe.sessions
    assert stripe.sessions[session]["url"] in page
    assert stripe.sessions[session]["success_url"].startswith(settings.SITE_URL)
    stripe.pay(session)
    tell(stripe.events, now)
    done = buyer.get(stripe.sessions[session]["success_url"].removeprefix(settings.SITE_URL)).content.decode()
    assert stripe.sessions[session]["url"] not in done
    assert "data-look-again" not in done


def test_the_page_looks_again_by_itself_while_word_is_awaited(
    cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn
) -> None:
    checkout = a_checkout(cast, now)
    address = checkout.get_absolute_url()
    assert "data-look-again" in sign_in(cast.enterprise_agent).get(f"{address}?from=done").content.decode()


def test_finance_sees_to_what_failed_on_its_own_page(cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn) -> None:
    finance = sign_in(market_finance(cast))
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    stripe.refunds_take_time = True
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    tell(stripe.events, now)
    desk = reverse("cards:desk")
    problem = str(RefundProblem.EXPIRED_CARD.label)
    assert problem in finance.get(desk).content.decode()
    failed = checkout.refunds.get()
    finance.post(reverse("cards:ask_again", args=[failed.key]))
    assert checkout.refunds.count() == 2
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    tell(stripe.events, now)
    again = checkout.refunds.last()
    assert again is not None
    by_bank = reverse("cards:returned_by_bank", args=[again.key])
    assert finance.post(by_bank, {"reference": ""}).status_code == 422
    assert finance.get(by_bank).status_code == 200
    a_deposit(cast, now, state="held", matter="intent:other")
    assert finance.post(by_bank, {"reference": "B9"}).status_code == 302
    checkout.payment.deposit.refresh_from_db()
    assert checkout.payment.deposit.state == "refunded"
    assert problem not in finance.get(desk).content.decode()


def test_the_desk_of_finance_asks_as_often_for_many_as_for_one(
    cast: Cast, now: datetime, stripe: StandIn, sign_in: SignIn
) -> None:
    finance, asked = sign_in(market_finance(cast)), []
    for number in range(3):
        checkout = a_checkout(cast, now, a_deposit(cast, now, matter=f"intent:{number}"))
        stripe.open_dispute(paid(stripe, checkout)["id"])
        tell(stripe.events, now)
        finance.get(reverse("cards:desk"))
        with CaptureQueriesContext(connection) as queries:
            assert checkout.payment.reference in finance.get(reverse("cards:desk")).content.decode()
        asked.append(len(queries))
    assert len(set(asked)) == 1
    # Six lists on one page: the limit of a dashboard.
    assert asked[0] <= LIMITS["dashboard"]
