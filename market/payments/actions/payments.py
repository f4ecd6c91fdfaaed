"""Asking for money, receiving it whole and once, and giving it back the way it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from market.accounts.models import Organisation
from market.events.actions import record
from market.payments.actions.ledger import post
from market.payments.kinds import Provider, Purpose
from market.payments.models.deposits import Payment
from market.payments.models.stripe import Dispute
from market.payments.permissions import require_mover
from market.payments.rules.deposits import payment_reference
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.states import PAYMENT, PaymentEvent
from market.policy.actions import next_number
from market.values.actor import CLOCK, Actor
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal

_CAME_IN_BY = {Provider.BANK: Purpose.BANK, Provider.STRIPE: Purpose.STRIPE_CLEARING}


def request_payment(
    payer: Organisation,
    amount: Money,
    *,
    matter: str,
    purpose: Purpose,
    provider: Provider = Provider.BANK,
    actor: Actor,
    now: datetime,
) -> Payment:
    """The payer is asked for this sum under a reference of its own. Inside the asking action's transaction. Event: payment.requested."""
    payment = Payment.objects.create(
        reference=payment_reference(next_number("payment-reference")),
        provider=provider,
        payer=payer,
        purpose=purpose,
        matter=matter,
        amount_fen=amount.fen,
        requested_at=now,
    )
    record("payment.requested", subject=payment.subject, actor=actor, now=now, amount=str(amount), reference=payment.reference)
    return payment


def receive_payment(payment: Payment, *, by: Provider = Provider.BANK, actor: Actor, now: datetime) -> Payment:
    """The sum stands in the ledger under its purpose, come in by this way. Inside the confirming action's transaction.

    Event: payment.received.
    """
    locked = _moved(payment, PaymentEvent.RECEIVE, "received_at", actor=actor, now=now)
    locked.provider = by
    locked.save(update_fields=["provider"])
    movement = Movement(asset_of(locked), account_of(locked), locked.amount)
    post(f"{locked.subject}:received", [movement], subject=locked.matter, now=now)
    record("payment.received", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount))
    return locked


def cancel_payment(payment: Payment, *, actor: Actor, now: datetime) -> Payment:
    """The sum is no longer awaited. Event: payment.cancelled."""
    locked = _moved(payment, PaymentEvent.CANCEL, None, actor=actor, now=now)
    record("payment.cancelled", subject=locked.subject, actor=actor, now=now)
    return locked


def lapse_payment(payment: Payment, *, now: datetime) -> Payment:
    """What the sum was for is over: it is no longer awaited. Event: payment.cancelled."""
    locked = _moved(payment, PaymentEvent.LAPSE, None, actor=CLOCK, now=now)
    record("payment.cancelled", subject=locked.subject, actor=CLOCK, now=now)
    return locked


def refund_payment(payment: Payment, *, actor: Actor, now: datetime) -> Payment:
    """The whole sum went back the way it came. Refused when it is no longer there. Event: payment.refunded."""
    locked = _moved(payment, PaymentEvent.REFUND, "refunded_at", actor=actor, now=now)
    movement = Movement(account_of(locked), asset_of(locked), locked.amount)
    post(f"{locked.subject}:refunded", [movement], subject=locked.matter, now=now)
    record("payment.refunded", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount))
    return locked


def refund_payment_otherwise(payment: Payment, movements: Sequence[Movement], *, now: datetime) -> Payment:
    """The sum goes back another way than it came, as these movements from its account say. Event: payment.refunded."""
    locked = _moved(payment, PaymentEvent.REFUND, "refunded_at", actor=CLOCK, now=now)
    post(f"{locked.subject}:refunded", movements, subject=locked.matter, now=now)
    record("payment.refunded", subject=locked.subject, actor=CLOCK, now=now, amount=str(locked.amount))
    return locked


def charge_back_payment(payment: Payment, *, now: datetime) -> Payment:
    """The payer's bank took the sum back for good; what that changes in the ledger is booked with the dispute. Event: payment.charged_back."""
    locked = _moved(payment, PaymentEvent.CHARGE_BACK, None, actor=CLOCK, now=now)
    record("payment.charged_back", subject=locked.subject, actor=CLOCK, now=now, amount=str(locked.amount))
    return locked


def require_undisputed(payment: Payment) -> None:
    """Raises `OutOfTurn` while the payer's bank disputes the payment: till then its money stays where it is."""
    if Dispute.objects.filter(checkout__payment=payment, closed_at__isnull=True).exists():
        raise OutOfTurn([Refusal("payments.disputed")])


def asset_of(payment: Payment) -> AccountKey:
    """The market's account through which this payment comes and goes."""
    return AccountKey(_CAME_IN_BY[Provider(payment.provider)].value)


def account_of(payment: Payment) -> AccountKey:
    """The payer's account on which this payment is held."""
    return AccountKey(payment.purpose, payment.payer_id)


@transaction.atomic
def _moved(payment: Payment, event: PaymentEvent, stamp: str | None, *, actor: Actor, now: datetime) -> Payment:
    locked = Payment.objects.select_for_update(of=("self",)).select_related("payer").get(pk=payment.pk)
    move = PAYMENT.move(locked.state, event)
    require_mover(actor, locked.payer_id, move.by)
    locked.state = move.to
    if stamp:
        setattr(locked, stamp, now)
    locked.save(update_fields=["state", *filter(None, [stamp])])
    return locked
