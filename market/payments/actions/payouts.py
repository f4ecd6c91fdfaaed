"""Ordering that money owed to somebody is paid out, and noting that the bank has done so or gave it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from market.events.actions import record
from market.payments.actions.ledger import post
from market.payments.kinds import Purpose
from market.payments.models.payouts import Payout
from market.payments.permissions import require_market_finance, require_mover
from market.payments.queries.payouts import payout_orders
from market.payments.rules.bank_accounts import BankOrder
from market.payments.rules.deposits import payment_reference
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.states import PAYOUT, PayoutEvent
from market.policy.actions import next_number
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import Refusal, Refused, text_given

_BANK = AccountKey(Purpose.BANK.value)


def order_payout(payee_id: int, amount: Money, *, purpose: Purpose, matter: str, actor: Actor, now: datetime) -> Payout:
    """Finance is to pay this sum out, which stands on the payee's account of this purpose. Inside the ordering action's transaction.

    Event: payout.ordered.
    """
    payout = Payout.objects.create(
        reference=payment_reference(next_number("payment-reference")),
        payee_id=payee_id,
        purpose=purpose,
        matter=matter,
        amount_fen=amount.fen,
        ordered_at=now,
    )
    facts = {"amount": str(amount), "amount_fen": amount.fen, "reference": payout.reference, "purpose": payout.purpose}
    record("payout.ordered", subject=payout.subject, actor=actor, now=now, **facts)
    return payout


@transaction.atomic
def export_payouts(*, actor: Actor, now: datetime) -> list[BankOrder]:
    """Finance has taken out what the bank is to pay, with payees' account numbers. Event: payments.payouts_exported."""
    require_market_finance(actor)
    orders = payout_orders()
    day = day_of(now).isoformat()
    record("payments.payouts_exported", subject=f"payment-orders:{day}", actor=actor, now=now, count=len(orders))
    return orders


@transaction.atomic
def confirm_payout(payout: Payout, *, bank_reference: str, actor: Actor, now: datetime) -> Payout:
    """The bank has paid it under this number. Refused for a number that another payout has, and while the bank account holds less.

    Event: payout.paid.
    """
    locked = _moved(payout, PayoutEvent.PAY, actor=actor)
    given = text_given(bank_reference, Refusal("payments.bank_reference_missing", field="bank_reference"))
    locked.bank_reference, locked.times_paid = given, locked.times_paid + 1
    locked.paid_at, locked.paid_by_id, locked.reason = now, actor.person, ""
    try:
        with transaction.atomic():
            locked.save(update_fields=["state", "bank_reference", "times_paid", "paid_at", "paid_by", "reason"])
    except IntegrityError as error:
        raise Refused([Refusal("payments.bank_reference_known", field="bank_reference")]) from error
    movement = Movement(locked.owed_on, _BANK, locked.amount)
    post(f"{locked.subject}:paid-{locked.times_paid}", [movement], subject=locked.matter, now=now)
    facts = {"amount": str(locked.amount), "amount_fen": locked.amount_fen, "bank_reference": given}
    record("payout.paid", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


@transaction.atomic
def return_payout(payout: Payout, *, reason: str, actor: Actor, now: datetime) -> Payout:
    """The bank gave the money back, for this reason: it is on the market's account again and to be paid out anew.

    Event: payout.returned.
    """
    locked = _moved(payout, PayoutEvent.RETURN, actor=actor)
    locked.reason = text_given(reason, Refusal("payments.reason_missing", field="reason"))
    locked.bank_reference, locked.paid_at, locked.paid_by_id = None, None, None
    locked.save(update_fields=["state", "bank_reference", "paid_at", "paid_by", "reason"])
    movement = Movement(_BANK, locked.owed_on, locked.amount)
    post(f"{locked.subject}:returned-{locked.times_paid}", [movement], subject=locked.matter, now=now)
    record("payout.returned", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount), reason=locked.reason)
    return locked


def _moved(payout: Payout, event: PayoutEvent, *, actor: Actor) -> Payout:
    """Locked and in its new state, which the caller saves with what else changes."""
    locked = Payout.objects.select_for_update(of=("self",)).select_related("payee").get(pk=payout.pk)
    move = PAYOUT.move(locked.state, event)
    require_mover(actor, locked.payee_id, move.by)
    locked.state = move.to
    return locked
