"""Finance answers the payer's bank: with evidence, or by giving the payment up; once, and again only where Stripe refused it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from market.events.models import Event
from market.payments.actions.stripe.disputes import answer_dispute, concede_dispute
from market.payments.models.deposits import Deposit
from market.payments.models.stripe import Dispute, StripeCall
from market.payments.queries.ledger import ledger_flaws
from market.payments.tasks import send_calls
from tests.cards.builders import a_paid_deposit, tell
from tests.cards.stand_in import StandIn
from tests.payments.builders import market_finance
from tests.people import Cast, Member
from tests.refused import refused_with

WORDS = "Delivered on 2 March 2026, see the acceptance certificate."


def a_dispute(cast: Cast, stripe: StandIn, now: datetime) -> Dispute:
    checkout = a_paid_deposit(cast, stripe, now)
    assert checkout.intent_id
    stripe.open_dispute(checkout.intent_id)
    tell(stripe.events, now)
    return Dispute.objects.get()


def test_evidence_goes_to_stripe_once_and_the_bank_decides(
    cast: Cast, stripe: StandIn, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    dispute, finance = a_dispute(cast, stripe, now), sign_in(market_finance(cast))
    page, payers_page = f"/en{dispute.get_absolute_url()}", f"/en{dispute.checkout.get_absolute_url()}"
    assert dispute.get_absolute_url() in finance.get(reverse("cards:desk")).text
    assert "Not answered yet" in finance.get(page).text
    assert sign_in(cast.enterprise_agent).get(page).status_code == 404
    buyers = sign_in(cast.enterprise_agent).get(payers_page).text
    assert "ask it to withdraw the dispute" in buyers

    assert finance.post(f"{page}answer/", {"explanation": " "}).status_code == 422
    assert finance.post(f"{page}answer/", {"explanation": WORDS}).status_code == 302
    assert "On its way to Stripe" in finance.get(page).text
    send_calls(now)
    told = stripe.disputes[dispute.dispute_id]
    assert (told["status"], told["evidence"]["uncategorized_text"]) == ("under_review", WORDS)
    assert told["evidence"]["customer_name"] == cast.enterprise.name
    assert dispute.checkout.payment.reference in told["evidence"]["product_description"]
    assert "the payer's bank decides" in finance.get(page).text

    assert finance.post(f"{page}answer/", {"explanation": WORDS}).status_code == 409
    assert finance.post(f"{page}concede/").status_code == 409
    stripe.close_dispute(dispute.dispute_id, is_lost=False)
    tell(stripe.events, now)
    assert "Decided in the market's favour" in finance.get(page).text
    assert (Deposit.objects.get().state, ledger_flaws()) == ("held", [])
    assert Event.objects.filter(name="dispute.answered").count() == 1


def test_a_payment_that_is_given_up_is_lost_when_stripe_says_so(cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute, actor = a_dispute(cast, stripe, now), market_finance(cast).actor
    conceded = concede_dispute(dispute, actor=actor, now=now)
    assert (conceded.is_conceded, conceded.is_lost, Deposit.objects.get().state) == (True, False, "held")
    send_calls(now)
    tell(stripe.events, now)
    dispute.refresh_from_db()
    assert (dispute.is_lost, Deposit.objects.get().state, ledger_flaws()) == (True, "charged_back", [])
    with refused_with("payments.dispute_answered"):
        answer_dispute(dispute, explanation=WORDS, actor=actor, now=now)


def test_an_answer_that_stripe_refused_can_be_given_again(cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute, actor = a_dispute(cast, stripe, now), market_finance(cast).actor
    stripe.disputes[dispute.dispute_id]["status"] = "charge_refunded"
    answer_dispute(dispute, explanation=WORDS, actor=actor, now=now)
    send_calls(now)
    dispute = Dispute.objects.select_related("call").get()
    assert dispute.waits_for_answer
    assert StripeCall.objects.get(dispute=dispute).problem.startswith("This dispute is charge_refunded")
    stripe.disputes[dispute.dispute_id]["status"] = "needs_response"
    answer_dispute(dispute, explanation=WORDS, actor=actor, now=now)
    send_calls(now)
    assert stripe.disputes[dispute.dispute_id]["status"] == "under_review"


@pytest.mark.parametrize("act", ["answer", "concede"])
def test_nobody_but_finance_answers(act: str, cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute, buyer = a_dispute(cast, stripe, now), cast.enterprise_agent.actor
    with refused_with("payments.finance_only"):
        if act == "answer":
            answer_dispute(dispute, explanation=WORDS, actor=buyer, now=now)
        else:
            concede_dispute(dispute, actor=buyer, now=now)


def test_an_answer_says_something(cast: Cast, stripe: StandIn, now: datetime) -> None:
    dispute = a_dispute(cast, stripe, now)
    with refused_with("payments.explanation_missing"):
        answer_dispute(dispute, explanation="  ", actor=market_finance(cast).actor, now=now)
