"""Giving money back the way it came: asked for once, sent until it is answered, and done when Stripe says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from market.events.actions import record
from market.keys import random_key
from market.payments.actions.ledger import post
from market.payments.actions.stripe.calls import keep_call
from market.payments.actions.stripe.facts import CLEARING, give_back
from market.payments.kinds import CallKind, Purpose
from market.payments.models.stripe import CardRefund, Checkout
from market.payments.permissions import require_market_finance
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.rules.stripe import refund_parameters
from market.values.actor import CLOCK, Actor
from market.values.refusal import OutOfTurn, Refusal, text_given


@transaction.atomic
def refund_checkout(checkout: Checkout, *, now: datetime) -> CardRefund:
    """The whole sum is asked back from Stripe; it has gone back when Stripe says so. Event: card_refund.asked.

    Out of turn while a refund is under way or was made, and while the payer's bank disputes the payment.
    """
    return _asked(_locked(checkout), actor=CLOCK, now=now)


@transaction.atomic
def retry_refund(refund: CardRefund, *, actor: Actor, now: datetime) -> CardRefund:
    """Finance has a refund that failed asked for again. Event: card_refund.asked."""
    require_market_finance(actor)
    failed = _settled(refund, now=now)
    return _asked(failed.checkout, actor=actor, now=now)


@transaction.atomic
def return_by_bank(refund: CardRefund, *, reference: str, actor: Actor, now: datetime) -> CardRefund:
    """Finance has sent by bank transfer what could not go back the way it came. Event: card_refund.returned_by_bank."""
    require_market_finance(actor)
    given = text_given(reference, Refusal("payments.reason_missing", field="reference"))
    failed = _settled(refund, now=now)
    if failed.succeeded_at is None:
        # For the ledger it went back to the payer, by another way than it came.
        give_back(failed, now=now)
        moved = Movement(CLEARING, AccountKey(Purpose.BANK.value), failed.amount)
    else:
        moved = Movement(_owed(failed.checkout), AccountKey(Purpose.BANK.value), failed.amount)
    post(f"{failed.subject}:by-bank", [moved], subject=failed.checkout.payment.matter, now=now)
    record("card_refund.returned_by_bank", subject=failed.subject, actor=actor, now=now, reference=given)
    return failed


def _settled(refund: CardRefund, *, now: datetime) -> CardRefund:
    locked = CardRefund.objects.select_for_update(of=("self",)).select_related("checkout__payment").get(pk=refund.pk)
    require_failed(locked)
    locked.settled_at = now
    locked.save(update_fields=["settled_at"])
    return locked


def require_failed(refund: CardRefund) -> None:
    """Raises `OutOfTurn` unless this refund failed and nobody has seen to it."""
    if refund.failed_at is None or refund.settled_at is not None:
        raise OutOfTurn([Refusal("payments.refund_not_failed")])


def _asked(checkout: Checkout, *, actor: Actor, now: datetime) -> CardRefund:
    if checkout.paid_at is None or not checkout.intent_id:
        raise OutOfTurn([Refusal("payments.nothing_to_refund")])
    if checkout.disputes.filter(closed_at__isnull=True).exists():
        raise OutOfTurn([Refusal("payments.disputed")])
    if checkout.refunds.filter(failed_at__isnull=True).exists():
        raise OutOfTurn([Refusal("payments.refund_under_way")])
    key = random_key()
    call = keep_call(CallKind.REFUND, refund_parameters(checkout.intent_id, checkout.amount, key), now=now)
    refund = CardRefund.objects.create(key=key, checkout=checkout, amount_fen=checkout.amount_fen, call=call, asked_at=now)
    record("card_refund.asked", subject=refund.subject, actor=actor, now=now, amount=str(refund.amount))
    return refund


def _owed(checkout: Checkout) -> AccountKey:
    return AccountKey(Purpose.REFUNDS.value, checkout.payment.payer_id)


def _locked(checkout: Checkout) -> Checkout:
    return Checkout.objects.select_for_update(of=("self",)).select_related("payment").get(pk=checkout.pk)
