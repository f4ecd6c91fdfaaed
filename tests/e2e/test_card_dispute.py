"""A price is paid by card, the payer's bank disputes it, and finance answers; the money stays in escrow until it is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy

from contracts.settlement.models.settlements import Due
from contracts.settlement.refusals import SENTENCES
from contracts.settlement.states import DueState
from market.events.models import Event
from market.payments.models.stripe import Dispute
from tests.cards.stand_in import StandIn
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.e2e.paying import pay_by_card
from tests.payments.builders import market_finance
from tests.people import Cast
from tests.settlement.builders import Plan, an_agreed_plan, instalments

pytestmark = pytest.mark.e2e

WORDS = "Delivered and accepted, see the certificate."


def a_price_to_pay(cast: Cast) -> Due:
    """What the deposit does not cover of the first instalment: little enough for a card."""
    now = timezone.now() - timedelta(minutes=5)
    settlement = an_agreed_plan(cast, now, plan=Plan(instalments(now, "150000", "1100000")))
    return settlement.dues.filter(state=DueState.AWAITED).first()  # type: ignore[return-value]


def test_finance_answers_a_bank_that_disputes_a_price(
    live_market: LiveMarket, stripe: StandIn, sit_down: Callable[..., Person]
) -> None:
    due = live_market.ask(lambda: a_price_to_pay(live_market.cast))
    buyer = sit_down("buyer", signed_in=live_market.cast.enterprise_agent)
    buyer.open(due.get_absolute_url())
    pay_by_card(live_market, buyer)
    live_market.work(until=lambda: Due.objects.get(pk=due.pk).state == DueState.PAID)

    stripe.open_dispute(next(iter(stripe.intents)))
    live_market.work(until=Dispute.objects.exists)
    buyer.page.reload()
    buyer.reads(gettext_lazy("The payer's bank disputes this payment; till that is decided the money stays where it is."))
    buyer.picture("disputed")
    buyer.open(f"{due.settlement.get_absolute_url()}confirm/")
    buyer.reads(SENTENCES["settlement.disputed"])

    finance = sit_down("finance", signed_in=live_market.ask(lambda: market_finance(live_market.cast)))
    finance.open("/cards/")
    finance.picture("desk")
    finance.follow("/cards/disputes/")
    finance.picture("dispute")
    finance.follow("/answer/")
    finance.fill(explanation=WORDS)
    # A hasty double click is one answer, and the page of it.
    finance.page.locator("main form .form-actions button[type=submit]").dblclick()
    finance.page.wait_for_url(f"**{live_market.ask(Dispute.objects.get).get_absolute_url()}")
    finance.reads(WORDS)
    assert live_market.ask(lambda: Event.objects.filter(name="dispute.answered").count()) == 1
    live_market.work(until=lambda: Dispute.objects.select_related("call").get().call.answered_at)  # type: ignore[union-attr]
    (told,) = stripe.disputes.values()
    assert (told["status"], told["evidence"]["uncategorized_text"]) == ("under_review", WORDS)

    stripe.close_dispute(told["id"], is_lost=False)
    live_market.work(until=lambda: Dispute.objects.get().closed_at)
    finance.page.reload()
    finance.reads(gettext_lazy("Decided in the market's favour."))
    finance.picture("won")
    live_market.ask(lambda: call_command("verify_ledger"))
    assert [it for person in (buyer, finance) for it in person.troubles if stripe.address not in it] == []
