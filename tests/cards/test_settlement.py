"""A price paid by card: the payer's bank can freeze it, and take it back while it lies in escrow, but nobody else's money."""

from __future__ import annotations

from datetime import datetime

import pytest

from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.actions.disputes import decide_dispute
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.money import sums_of
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.tasks import on_card_dispute, on_payment
from market.events.models import Event
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.ledger import AccountKey
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn
from tests.cards.builders import SITE, paid, tell
from tests.cards.stand_in import StandIn, Thing
from tests.people import Cast
from tests.settlement.builders import CARRIED, PRICE, Plan, a_dispute, a_paid_settlement, an_agreed_plan, instalments

FIRST = Money.yuan("150000")


def paid_by_card(cast: Cast, stripe: StandIn, now: datetime) -> tuple[Settlement, Due, Thing]:
    """The first instalment, as far as the deposit does not cover it, came by card."""
    plan = Plan(instalments(now, "150000", "1100000"))
    settlement = an_agreed_plan(cast, now, plan=plan)
    due = settlement.dues.filter(state="awaited").first()
    assert due is not None
    assert due.payment is not None
    checkout = begin_checkout(due.payment, site=SITE, actor=cast.enterprise_agent.actor, now=now)
    intent = paid(stripe, checkout)
    tell(stripe.events, now)
    hear(now)
    due.refresh_from_db()
    assert due.state == "paid"
    return settlement, due, intent


def hear(now: datetime) -> None:
    for event in Event.objects.filter(name="payment.received"):
        on_payment(event)
    for event in Event.objects.filter(name__in=["dispute.won", "dispute.lost"]):
        on_card_dispute(event)


def in_escrow(cast: Cast) -> Money:
    return balance(AccountKey("escrow", cast.enterprise.pk))


def test_money_that_a_payers_bank_disputes_stays_where_it_is(cast: Cast, stripe: StandIn, now: datetime) -> None:
    settlement, _due, intent = paid_by_card(cast, stripe, now)
    stripe.open_dispute(intent["id"])
    tell(stripe.events, now)
    with pytest.raises(OutOfTurn) as refused:
        confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.disputed"
    dispute = a_dispute(cast, now, settlement=settlement)
    with pytest.raises(OutOfTurn) as refused:
        decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    assert refused.value.refusals[0].code == "payments.disputed"


def test_a_dispute_that_is_lost_takes_the_sum_out_of_escrow_and_it_is_asked_for_anew(
    cast: Cast, stripe: StandIn, now: datetime
) -> None:
    # Another deal of the same buyer, whose money lies on the same account.
    other = a_paid_settlement(cast, now)
    settlement, _due, intent = paid_by_card(cast, stripe, now)
    dispute = stripe.open_dispute(intent["id"])
    stripe.close_dispute(dispute["id"], is_lost=True)
    tell(stripe.events, now)
    hear(now)
    sums = sums_of(settlement)
    assert (sums.held, sums.refunded) == (CARRIED, FIRST - CARRIED)
    assert [due.to_pay for due in settlement.dues.filter(state="awaited")] == [FIRST - CARRIED, Money.yuan("1100000")]
    assert in_escrow(cast) == CARRIED + sums_of(other).held == CARRIED + PRICE
    assert ledger_flaws() == []


def test_what_was_released_before_is_the_markets_loss_and_no_other_deals(cast: Cast, stripe: StandIn, now: datetime) -> None:
    other = a_paid_settlement(cast, now)
    settlement, _due, intent = paid_by_card(cast, stripe, now)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    dispute = stripe.open_dispute(intent["id"])
    stripe.close_dispute(dispute["id"], is_lost=True)
    tell(stripe.events, now)
    hear(now)
    assert sums_of(settlement).held == ZERO
    assert in_escrow(cast) == sums_of(other).held == PRICE
    assert ledger_flaws() == []
