"""What happens to money that comes by card or wallet: each story to its end, with the ledger saying so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from market.accounts.actions import suspend_organisation
from market.payments.actions.deposits import cancel_deposit, carry_deposit, confirm_payment, forfeit_deposit, refund_deposit
from market.payments.models.stripe import CardRefund, Checkout, Dispute, StripeCall
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.queries.stripe import card_desk
from market.payments.rules.ledger import AccountKey
from market.payments.states import DepositState
from market.payments.tasks import handle_events, list_events, send_calls
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refused
from tests.cards.builders import a_checkout, a_paid_deposit, ledger, paid, tell, work
from tests.cards.stand_in import DISPUTE_FEE, FEE_PER_MILLE, StandIn
from tests.payments.builders import AMOUNT, a_deposit, market_finance
from tests.people import Cast

FEE = Money(AMOUNT.fen * FEE_PER_MILLE // 1000)


def on(purpose: str, cast: Cast | None = None) -> Money:
    return balance(AccountKey(purpose, cast.enterprise.pk if cast else 0))


def state_of(checkout: Checkout) -> str:
    checkout.payment.deposit.refresh_from_db()
    return str(checkout.payment.deposit.state)


@pytest.mark.parametrize("way", ["card", "alipay", "wechat_pay"])
def test_a_deposit_is_paid_on_stripes_page_and_held(way: str, cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    assert checkout.address.startswith(stripe.address)
    paid(stripe, checkout, way)
    tell(stripe.events, now)
    checkout.refresh_from_db()
    assert (state_of(checkout), checkout.payment.deposit.payment.provider, checkout.paid_with) == ("held", "stripe", way)
    assert (on("deposit_held", cast), on("stripe_clearing"), on("payment_costs")) == (AMOUNT, FEE - AMOUNT, -FEE)
    assert ledger_flaws() == []


def test_a_deposit_that_is_due_back_goes_back_by_itself(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    assert state_of(checkout) == "due_back"
    tell(stripe.events, now)
    assert state_of(checkout) == "refunded"
    # Stripe keeps its fee, so the market has less than nothing there, and the ledger holds.
    assert (on("deposit_held", cast), on("stripe_clearing"), on("payment_costs")) == (ZERO, FEE, -FEE)
    assert ledger_flaws() == []
    work(now)
    assert CardRefund.objects.count() == 1


def test_nobody_says_by_hand_that_a_card_was_refunded(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    before = ledger()
    with pytest.raises(Refused) as refused:
        refund_deposit(checkout.payment.deposit, actor=market_finance(cast).actor, now=now)
    assert [it.code for it in refused.value.refusals] == ["payments.goes_back_by_card"]
    assert (ledger(), state_of(checkout)) == (before, "due_back")


def test_a_declined_card_changes_nothing_and_another_one_pays_on_the_same_page(
    cast: Cast, stripe: StandIn, now: datetime
) -> None:
    checkout = a_checkout(cast, now)
    stripe.decline(checkout.session_id or "")
    tell(stripe.events, now)
    assert (ledger(), state_of(checkout)) == ([], "requested")
    paid(stripe, checkout)
    tell(stripe.events, now)
    assert state_of(checkout) == "held"


def test_after_the_page_has_closed_another_one_is_opened(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    stripe.expire(checkout.session_id or "")
    tell(stripe.events, now)
    again = a_checkout(cast, now, checkout.payment.deposit)
    assert again.pk != checkout.pk
    paid(stripe, again)
    tell(stripe.events, now)
    assert state_of(checkout) == "held"


def test_what_was_paid_by_the_bank_meanwhile_goes_back_to_the_card(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    confirm_payment(checkout.payment, actor=market_finance(cast).actor, now=now)
    tell(stripe.events, now)
    checkout.refresh_from_db()
    assert (checkout.is_surplus, on("refunds", cast), on("bank")) == (True, AMOUNT, -AMOUNT)
    work(now)
    tell(stripe.events, now)
    assert (on("refunds", cast), on("deposit_held", cast), state_of(checkout)) == (ZERO, AMOUNT, "held")
    assert ledger_flaws() == []


def test_the_page_of_a_deposit_that_was_given_up_is_closed(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    cancel_deposit(checkout.payment.deposit, actor=cast.enterprise_agent.actor, now=now)
    work(now)
    work(now)
    tell(stripe.events, now)
    checkout.refresh_from_db()
    assert (checkout.is_open, [call.kind for call in StripeCall.objects.all()]) == (False, ["open_session", "end_session"])


def test_money_of_whoever_is_barred_goes_back(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    suspend_organisation(cast.enterprise, reason="失信", actor=cast.administrator.actor, now=now)
    tell(stripe.events, now)
    work(now)
    tell(stripe.events, now)
    assert (on("deposit_held", cast), on("refunds", cast), state_of(checkout)) == (ZERO, ZERO, "requested")


# --- Refunds that fail


def test_a_refund_that_fails_waits_for_finance_and_can_be_asked_for_again(cast: Cast, stripe: StandIn, now: datetime) -> None:
    from market.payments.actions.stripe.refunds import retry_refund

    stripe.refunds_take_time = True
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    stripe.finish_refund("re_" + max(stripe.refunds)[3:], failure="lost_or_stolen_card")
    tell(stripe.events, now)
    (failed,) = card_desk().refunds
    assert (state_of(checkout), failed.problem) == ("due_back", "lost_or_stolen_card")
    retry_refund(failed, actor=market_finance(cast).actor, now=now)
    work(now)
    stripe.finish_refund(max(stripe.refunds))
    tell(stripe.events, now)
    assert (state_of(checkout), card_desk().refunds) == ("refunded", [])
    with pytest.raises(OutOfTurn) as refused:
        retry_refund(failed, actor=market_finance(cast).actor, now=now)
    assert [it.code for it in refused.value.refusals] == ["payments.refund_not_failed"]


@pytest.mark.parametrize("had_succeeded", [False, True])
def test_what_cannot_go_back_to_the_card_goes_by_bank(had_succeeded: bool, cast: Cast, stripe: StandIn, now: datetime) -> None:
    from market.payments.actions.stripe.refunds import return_by_bank

    stripe.refunds_take_time = not had_succeeded
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    tell(stripe.events, now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    tell(stripe.events, now)
    (failed,) = card_desk().refunds
    assert on("refunds", cast) == (AMOUNT if had_succeeded else ZERO)
    # The bank account must have something to pay it from.
    other = a_deposit(cast, now, state="held", matter="intent:other")
    with pytest.raises(Refused):
        return_by_bank(failed, reference=" ", actor=market_finance(cast).actor, now=now)
    return_by_bank(failed, reference="B77", actor=market_finance(cast).actor, now=now)
    assert (state_of(checkout), on("refunds", cast), on("deposit_held", cast)) == ("refunded", ZERO, other.amount)
    assert (on("bank"), on("stripe_clearing"), card_desk().refunds) == (ZERO, FEE - AMOUNT, [])
    assert ledger_flaws() == []


def test_a_refund_made_in_stripes_own_pages_becomes_a_claim_that_finance_sees(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    stripe.refund_by_hand(checkout.intent_id or "", 5000)
    tell(stripe.events, now)
    assert (on("claims", cast), on("deposit_held", cast), state_of(checkout)) == (Money(-5000), AMOUNT, "held")
    assert ledger_flaws() == []


# --- Disputes


def test_a_disputed_deposit_is_frozen_and_finance_is_told(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    stripe.open_dispute(checkout.intent_id or "")
    tell(stripe.events, now)
    assert (on("claims"), on("payment_costs")) == (-AMOUNT, -FEE - Money(DISPUTE_FEE))
    assert len(card_desk().disputes) == 1
    before = ledger()
    deposit = checkout.payment.deposit
    with pytest.raises(OutOfTurn) as refused:
        carry_deposit(deposit, now=now)
    assert [it.code for it in refused.value.refusals] == ["payments.disputed"]
    with pytest.raises(OutOfTurn):
        forfeit_deposit(deposit, seller=cast.university, reason="违约", actor=cast.supervisor.actor, now=now)
    assert (ledger(), state_of(checkout)) == (before, "held")


def test_a_dispute_that_is_won_thaws_the_deposit(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    dispute = stripe.open_dispute(checkout.intent_id or "")
    tell(stripe.events, now)
    stripe.close_dispute(dispute["id"], is_lost=False)
    tell(stripe.events, now)
    assert (on("claims"), on("deposit_held", cast)) == (ZERO, AMOUNT)
    carry_deposit(checkout.payment.deposit, now=now)
    assert (on("escrow", cast), ledger_flaws()) == (AMOUNT, [])


@pytest.mark.parametrize("is_due_back", [False, True])
def test_a_dispute_that_is_lost_takes_the_deposit(is_due_back: bool, cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=is_due_back)
    dispute = stripe.open_dispute(checkout.intent_id or "")
    tell(stripe.events, now)
    stripe.close_dispute(dispute["id"], is_lost=True)
    tell(stripe.events, now)
    work(now)
    assert (state_of(checkout), on("claims"), on("deposit_held", cast)) == ("charged_back", ZERO, ZERO)
    assert (Dispute.objects.get().is_lost, CardRefund.objects.count(), ledger_flaws()) == (True, 0, [])


def test_a_dispute_lost_after_the_money_was_carried_on_is_the_markets_loss(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    carry_deposit(checkout.payment.deposit, now=now)
    dispute = stripe.open_dispute(checkout.intent_id or "")
    stripe.close_dispute(dispute["id"], is_lost=True)
    tell(stripe.events, now)
    assert (state_of(checkout), on("escrow", cast), on("claims")) == (DepositState.CARRIED, AMOUNT, ZERO)
    assert on("payment_costs") == -(FEE + Money(DISPUTE_FEE) + AMOUNT)


# --- Stripe is slow, broken, or away


def test_whoever_begins_again_comes_to_the_same_page(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    again = a_checkout(cast, now + timedelta(minutes=5), checkout.payment.deposit)
    assert (again.pk, len(stripe.sessions)) == (checkout.pk, 1)


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(cast: Cast, stripe: StandIn, now: datetime) -> None:
    stripe.answers_lost = 1
    checkout = a_checkout(cast, now)
    assert (checkout.address, len(stripe.sessions)) == ("", 1)
    send_calls(now)
    checkout.refresh_from_db()
    assert checkout.address
    assert len(stripe.sessions) == 1


def test_a_request_sent_again_is_the_same_to_the_letter(cast: Cast, stripe: StandIn, now: datetime) -> None:
    """Whatever order a database gives its parameters back in; Stripe refuses another request under the same key."""
    stripe.answers_lost = 1
    a_checkout(cast, now)
    call = StripeCall.objects.get()
    call.parameters = {name: call.parameters[name] for name in sorted(call.parameters, reverse=True)}
    call.save()
    send_calls(now)
    call.refresh_from_db()
    assert (call.problem, call.answer_id) == ("", next(iter(stripe.sessions)))


def test_word_of_a_payment_comes_before_the_answer_that_was_lost(cast: Cast, stripe: StandIn, now: datetime) -> None:
    stripe.answers_lost = 1
    checkout = a_checkout(cast, now)
    (session,) = stripe.sessions
    stripe.pay(session)
    tell(reversed(stripe.events), now)
    send_calls(now)
    checkout.refresh_from_db()
    assert (state_of(checkout), checkout.session_id) == ("held", session)


def test_a_refund_whose_answer_was_lost_is_made_once(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    stripe.answers_lost = 1
    work(now)
    work(now + timedelta(hours=1))
    tell(stripe.events, now)
    assert (len(stripe.refunds), state_of(checkout)) == (1, "refunded")


def test_while_stripe_is_broken_everything_waits_and_then_goes_on(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now, is_due_back=True)
    stripe.broken = 503
    work(now)
    assert len(card_desk().calls) == 1
    stripe.broken = 0
    work(now + timedelta(minutes=1))
    tell(stripe.events, now)
    assert state_of(checkout) == "refunded"


def test_a_request_that_stripe_refuses_is_not_sent_again(cast: Cast, stripe: StandIn, now: datetime) -> None:
    stripe.broken = 400
    checkout = a_checkout(cast, now)
    assert (checkout.is_open, checkout.call.refused_at) == (False, now)
    stripe.broken = 0
    again = a_checkout(cast, now, checkout.payment.deposit)
    assert again.address


def test_a_request_older_than_stripes_memory_is_given_up(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    stripe.broken = 503
    work(now)
    stripe.broken = 0
    send_calls(now + timedelta(hours=24))
    assert (len(stripe.refunds), len(card_desk().refunds)) == (0, 1)


def test_what_was_never_delivered_is_found_in_stripes_list(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    list_events(now)
    handle_events(now)
    assert state_of(checkout) == "held"
    list_events(now)
    handle_events(now)
    assert ledger_flaws() == []
