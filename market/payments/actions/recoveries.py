"""Money that must come back: claimed, paid back, set off, or given up by two persons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from market.events.actions import record
from market.keys import random_key
from market.payments.actions.ledger import post
from market.payments.actions.payments import lapse_payment, request_payment
from market.payments.kinds import Purpose
from market.payments.models.deposits import Payment
from market.payments.models.recoveries import Recovery
from market.payments.models.stripe import CardRefund
from market.payments.permissions import require_mover
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.rules.recoveries import may_write_off
from market.payments.states import OPEN_RECOVERY, PAYMENT, RECOVERY, PaymentEvent, RecoveryEvent
from market.values.actor import CLOCK, Actor
from market.values.refusal import Refusal, require, text_given

_NO_REASON = Refusal("payments.reason_missing", field="reason")


def claim_back(refund: CardRefund, *, now: datetime) -> Recovery:
    """The payer has this refund out of turn and is asked to pay it back under a reference. Inside the transaction that books the claim.

    Events: recovery.opened, payment.requested.
    """
    key, debtor = random_key(), refund.checkout.payment.payer
    payment = request_payment(debtor, refund.amount, matter=f"recovery:{key}", purpose=Purpose.CLAIMS, actor=CLOCK, now=now)
    recovery = Recovery.objects.create(
        key=key, refund=refund, debtor=debtor, payment=payment, amount_fen=refund.amount_fen, opened_at=now
    )
    facts = {"amount": str(recovery.amount), "reference": payment.reference}
    record("recovery.opened", subject=recovery.subject, actor=CLOCK, now=now, **facts)
    return recovery


def receive_recovery(payment: Payment, *, now: datetime) -> None:
    """A payment that was received pays the claim it was asked for; does nothing for other payments. Event: recovery.paid."""
    recovery = Recovery.objects.filter(payment=payment).first()
    if recovery is not None:
        _end(recovery, RecoveryEvent.PAY, "recovery.paid", now=now)


def set_off(recovery: Recovery, *, now: datetime) -> Recovery:
    """The claim is met by what the debtor is owed; the caller books it. Event: recovery.set_off."""
    return _end(recovery, RecoveryEvent.SET_OFF, "recovery.set_off", now=now)


def void_recovery(refund: CardRefund, *, now: datetime) -> Recovery | None:
    """The refund failed after all: nothing is owed back; None where it was met before. The caller books it. Event: recovery.void."""
    recovery = Recovery.objects.filter(refund=refund, state__in=OPEN_RECOVERY).first()
    return _end(recovery, RecoveryEvent.FAIL, "recovery.void", now=now) if recovery else None


@transaction.atomic
def propose_write_off(recovery: Recovery, *, reason: str, actor: Actor, now: datetime) -> Recovery:
    """Finance proposes to give the money up, for this reason. Event: recovery.write_off_proposed."""
    locked, state = _moved(recovery, RecoveryEvent.PROPOSE, actor=actor)
    locked.reason, locked.grounds = text_given(reason, _NO_REASON), ""
    locked.proposed_at, locked.proposed_by_id = now, actor.person
    _set_state(locked, state, "reason", "grounds", "proposed_at", "proposed_by")
    facts = {"amount": str(locked.amount), "reason": locked.reason}
    record("recovery.write_off_proposed", subject=locked.desk_subject, actor=actor, now=now, **facts)
    return locked


@transaction.atomic
def approve_write_off(recovery: Recovery, *, actor: Actor, now: datetime) -> Recovery:
    """The money is given up: the market's own cost, and no longer asked for. Never by whoever proposed it. Event: recovery.written_off."""
    locked, state = _moved(recovery, RecoveryEvent.APPROVE, actor=actor)
    require(may_write_off(proposed_by=locked.proposed_by_id, decider=actor.person))
    locked.decided_by_id, locked.ended_at = actor.person, now
    _set_state(locked, state, "decided_by", "ended_at")
    cost = AccountKey(Purpose.PAYMENT_COSTS.value)
    post(f"{locked.subject}:written-off", [Movement(cost, locked.claim, locked.amount)], subject=locked.subject, now=now)
    lapse_payment(locked.payment, now=now)
    record("recovery.written_off", subject=locked.subject, actor=actor, now=now, amount=str(locked.amount))
    return locked


@transaction.atomic
def reject_write_off(recovery: Recovery, *, grounds: str, actor: Actor, now: datetime) -> Recovery:
    """A supervisor insists that the money come back. Event: recovery.write_off_rejected."""
    locked, state = _moved(recovery, RecoveryEvent.REJECT, actor=actor)
    locked.grounds, locked.decided_by_id = text_given(grounds, _NO_REASON), actor.person
    _set_state(locked, state, "grounds", "decided_by")
    record("recovery.write_off_rejected", subject=locked.desk_subject, actor=actor, now=now, grounds=locked.grounds)
    return locked


@transaction.atomic
def _end(recovery: Recovery, event: RecoveryEvent, name: str, *, now: datetime) -> Recovery:
    locked, state = _moved(recovery, event, actor=CLOCK)
    locked.ended_at = now
    _set_state(locked, state, "ended_at")
    if PAYMENT.may(locked.payment.state, PaymentEvent.LAPSE):
        lapse_payment(locked.payment, now=now)
    record(name, subject=locked.subject, actor=CLOCK, now=now, amount=str(locked.amount))
    return locked


def _moved(recovery: Recovery, event: RecoveryEvent, *, actor: Actor) -> tuple[Recovery, str]:
    """The locked recovery and the state that the event leads to, for an actor who may."""
    locked = Recovery.objects.select_for_update(of=("self",)).select_related("payment", "debtor").get(pk=recovery.pk)
    move = RECOVERY.move(locked.state, event)
    require_mover(actor, locked.debtor_id, move.by)
    return locked, move.to


def _set_state(recovery: Recovery, state: str, *fields: str) -> None:
    recovery.state = state
    recovery.save(update_fields=["state", *fields])
