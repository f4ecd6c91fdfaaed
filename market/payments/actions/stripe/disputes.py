"""Answering the payer's bank when it disputes a payment by card: with evidence, or by giving the payment up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from market.accounts.permissions import person_of
from market.events.actions import record
from market.payments.actions.stripe.calls import keep_call
from market.payments.kinds import CallKind
from market.payments.matters import matters_of
from market.payments.models.stripe import Dispute
from market.payments.permissions import require_market_finance
from market.payments.rules.stripe import answer_parameters
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, text_given


@transaction.atomic
def answer_dispute(dispute: Dispute, *, explanation: str, actor: Actor, now: datetime) -> Dispute:
    """Stripe is asked to hand this in to the payer's bank, which decides; there is no second answer. Event: dispute.answered.

    Out of turn once it was answered or decided, unless Stripe refused the answer. The money stays where it is.
    """
    require_market_finance(actor)
    locked = _locked(dispute)
    given = text_given(explanation, Refusal("payments.explanation_missing", field="explanation"))
    payment = locked.checkout.payment
    paid_for = f"{matters_of([payment.matter])[payment.matter].title} ({payment.reference})"
    wanted = answer_parameters(payer=payment.payer.name, paid_for=paid_for, explanation=given)
    _ask(locked, CallKind.ANSWER_DISPUTE, wanted, answer=given, actor=actor, now=now)
    record("dispute.answered", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount))
    return locked


@transaction.atomic
def concede_dispute(dispute: Dispute, *, actor: Actor, now: datetime) -> Dispute:
    """The market has no evidence, and Stripe is asked to close the dispute: it is lost when Stripe says so. Event: dispute.conceded.

    Out of turn once it was answered or decided, unless Stripe refused the answer.
    """
    require_market_finance(actor)
    locked = _locked(dispute)
    _ask(locked, CallKind.CONCEDE_DISPUTE, {}, answer="", actor=actor, now=now)
    record("dispute.conceded", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount))
    return locked


def require_unanswered(dispute: Dispute) -> None:
    """Raises `OutOfTurn` unless the dispute still waits for the market's answer."""
    if not dispute.waits_for_answer:
        raise OutOfTurn([Refusal("payments.dispute_answered")])


def _locked(dispute: Dispute) -> Dispute:
    disputes = Dispute.objects.select_for_update(of=("self",)).select_related("checkout__payment__payer", "call")
    locked = disputes.get(pk=dispute.pk)
    require_unanswered(locked)
    return locked


def _ask(dispute: Dispute, kind: CallKind, wanted: Mapping[str, Any], *, answer: str, actor: Actor, now: datetime) -> None:
    dispute.call = keep_call(kind, wanted, target=dispute.dispute_id, now=now)
    dispute.answer, dispute.answered_at, dispute.answered_by_id = answer, now, person_of(actor)
    dispute.save(update_fields=["call", "answer", "answered_at", "answered_by"])
