"""What Stripe says of a payment is entered: each fact once, each with its movements in the ledger, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from market.events.actions import record
from market.payments.actions.deposits import charge_back_deposit, confirm_payment, refund_deposit
from market.payments.actions.ledger import post
from market.payments.actions.payments import account_of, charge_back_payment, refund_payment
from market.payments.actions.recoveries import claim_back, void_recovery
from market.payments.holders import taken_back
from market.payments.kinds import PaidWith, Provider, Purpose
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.stripe import CardRefund, Checkout, Dispute
from market.payments.queries.ledger import balance
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.rules.stripe import DisputeFacts, IntentFacts, RefundFacts, dispute_movements, fee_movements
from market.values.actor import CLOCK
from market.values.refusal import OutOfTurn, Refused

CLEARING = AccountKey(Purpose.STRIPE_CLEARING.value)
CLAIMS = AccountKey(Purpose.CLAIMS.value)
COSTS = AccountKey(Purpose.PAYMENT_COSTS.value)


class UnexpectedFacts(Exception):
    """Stripe says what cannot be: a person must look at it."""


def apply_facts(checkout: Checkout, facts: IntentFacts, *, now: datetime) -> None:
    """Everything that Stripe says of this payment stands in the ledger. Doing it again, or with older facts, changes nothing.

    Inside the transaction that holds the checkout's lock. Events: those of the payment and its deposit, of refunds and disputes.
    """
    if not checkout.intent_id:
        checkout.intent_id = facts.number
        checkout.save(update_fields=["intent_id"])
    if facts.is_cancelled:
        end_checkout(checkout, now=now)
    if not facts.has_succeeded:
        return
    _receive(checkout, facts, now=now)
    _book_fee(checkout, facts, now=now)
    for refund in facts.refunds:
        _apply_refund(checkout, refund, now=now)
    for dispute in facts.disputes:
        _apply_dispute(checkout, dispute, now=now)


def end_checkout(checkout: Checkout, *, now: datetime) -> None:
    """Nobody paid on the page, and it is closed. Says nothing where it was paid or had ended."""
    if checkout.is_open:
        checkout.ended_at = now
        checkout.save(update_fields=["ended_at"])


# --- Money that came in


def _receive(checkout: Checkout, facts: IntentFacts, *, now: datetime) -> None:
    if checkout.paid_at is not None:
        return
    if facts.currency != "cny" or facts.received != checkout.amount:
        raise UnexpectedFacts(f"{facts.number}: {facts.received} {facts.currency} for a payment of {checkout.amount} yuan")
    checkout.paid_at, checkout.charge_id = now, facts.charge or None
    checkout.paid_with = facts.paid_with if facts.paid_with in PaidWith.values else ""
    try:
        with transaction.atomic():
            confirm_payment(checkout.payment, by=Provider.STRIPE, actor=CLOCK, now=now)
    except Refused:
        # It was paid otherwise, given up, or may no longer be taken from this payer: the money is not ours to keep.
        checkout.is_surplus = True
        owed = AccountKey(Purpose.REFUNDS.value, checkout.payment.payer_id)
        _post(checkout, "surplus", [Movement(CLEARING, owed, checkout.amount)], now=now)
        record("checkout.surplus", subject=checkout.subject, actor=CLOCK, now=now, amount=str(checkout.amount))
    checkout.save(update_fields=["paid_at", "charge_id", "paid_with", "is_surplus"])


def _book_fee(checkout: Checkout, facts: IntentFacts, *, now: datetime) -> None:
    if checkout.fee_fen is not None or facts.fee is None:
        return
    checkout.fee_fen = facts.fee.fen
    checkout.save(update_fields=["fee_fen"])
    if movements := fee_movements(CLEARING, COSTS, facts.fee):
        _post(checkout, "fee", movements, now=now)


# --- Money that went back


def _apply_refund(checkout: Checkout, facts: RefundFacts, *, now: datetime) -> None:
    refund = _known_refund(checkout, facts, now=now)
    if facts.has_succeeded and refund.succeeded_at is None and refund.failed_at is None:
        give_back(refund, now=now)
        refund.succeeded_at = now
        refund.save(update_fields=["succeeded_at"])
    if facts.has_failed and refund.failed_at is None:
        refund.failed_at, refund.problem = now, facts.problem
        refund.save(update_fields=["failed_at", "problem"])
        if refund.succeeded_at is not None:
            void = void_recovery(refund, now=now)
            owed = void.claim if void else AccountKey(Purpose.REFUNDS.value, checkout.payment.payer_id)
            back = [Movement(CLEARING, owed, refund.amount)]
            post(f"{refund.subject}:came-back", back, subject=checkout.payment.matter, now=now)
        record("card_refund.failed", subject=refund.subject, actor=CLOCK, now=now, problem=facts.problem)


def _known_refund(checkout: Checkout, facts: RefundFacts, *, now: datetime) -> CardRefund:
    known = CardRefund.objects.filter(checkout=checkout, refund_id=facts.number).first()
    known = known or CardRefund.objects.filter(checkout=checkout, key=facts.key, refund_id__isnull=True).first()
    if known is None:
        # Made by hand in Stripe's own pages.
        return CardRefund.objects.create(checkout=checkout, amount_fen=facts.amount.fen, refund_id=facts.number, asked_at=now)
    known.checkout = checkout
    if known.refund_id is None:
        known.refund_id = facts.number
        known.save(update_fields=["refund_id"])
    return known


def give_back(refund: CardRefund, *, now: datetime) -> None:
    """For the ledger the money has left for the payer. Inside the transaction that holds the checkout's lock.

    What nobody waited for, or cannot be given back out of turn, is taken from where it is; the rest is claimed back from the
    payer. Event: recovery.opened.
    """
    checkout = refund.checkout
    owed = AccountKey(Purpose.REFUNDS.value, checkout.payment.payer_id)
    claim = AccountKey(Purpose.CLAIMS.value, checkout.payment.payer_id)
    source = owed if checkout.is_surplus and balance(owed) >= refund.amount else claim
    if not checkout.is_surplus and refund.amount == checkout.amount and _whole_went_back(checkout.payment, now=now):
        return
    post(f"{refund.subject}:refunded", [Movement(source, CLEARING, refund.amount)], subject=checkout.payment.matter, now=now)
    if source == claim:
        claim_back(refund, now=now)


def _whole_went_back(payment: Payment, *, now: datetime) -> bool:
    deposit = Deposit.objects.filter(payment=payment).first()
    try:
        with transaction.atomic():
            if deposit is not None:
                refund_deposit(deposit, actor=CLOCK, now=now)
            elif taken_back(payment, now=now):
                refund_payment(payment, actor=CLOCK, now=now)
            else:
                # It was passed on: what lies on the account is another matter's.
                return False
    except OutOfTurn:
        return False
    return True


# --- Money that the payer's bank takes back


def _apply_dispute(checkout: Checkout, facts: DisputeFacts, *, now: datetime) -> None:
    dispute, is_new = Dispute.objects.get_or_create(
        dispute_id=facts.number,
        defaults={
            "checkout": checkout,
            "amount_fen": facts.amount.fen,
            "reason": facts.reason,
            "opened_at": facts.opened_at,
            "evidence_due_at": facts.evidence_due_at,
        },
    )
    if is_new:
        record("dispute.opened", subject=dispute.subject, actor=CLOCK, now=now, amount=str(dispute.amount))
    for change in facts.changes:
        if movements := dispute_movements(CLEARING, CLAIMS, COSTS, change):
            post(f"stripe:{change.number}", movements, subject=checkout.payment.matter, now=now)
    if not facts.is_closed or dispute.closed_at is not None:
        return
    dispute.closed_at, dispute.is_lost = now, facts.is_lost
    dispute.save(update_fields=["closed_at", "is_lost"])
    if dispute.is_lost:
        _lose(dispute, now=now)
    kind = "dispute.lost" if dispute.is_lost else "dispute.won"
    record(kind, subject=dispute.subject, actor=CLOCK, now=now, amount=str(dispute.amount))


def _lose(dispute: Dispute, *, now: datetime) -> None:
    """The claim ends: it is taken from what is held for the payer, and is the market's loss where nothing is held any more."""
    checkout, payment = dispute.checkout, dispute.checkout.payment
    owed = AccountKey(Purpose.REFUNDS.value, payment.payer_id)
    source = COSTS
    if checkout.is_surplus:
        source = owed if balance(owed) >= dispute.amount else COSTS
    elif dispute.amount == payment.amount and _charged_back(payment, now=now):
        held = account_of(payment)
        source = held if balance(held) >= dispute.amount else COSTS
    post(f"{dispute.subject}:lost", [Movement(source, CLAIMS, dispute.amount)], subject=payment.matter, now=now)


def _charged_back(payment: Payment, *, now: datetime) -> bool:
    deposit = Deposit.objects.filter(payment=payment).first()
    try:
        with transaction.atomic():
            if deposit is not None:
                charge_back_deposit(deposit, now=now)
            elif taken_back(payment, now=now):
                charge_back_payment(payment, now=now)
            else:
                return False
    except OutOfTurn:
        return False
    return True


def _post(checkout: Checkout, what: str, movements: list[Movement], *, now: datetime) -> None:
    post(f"{checkout.subject}:{what}", movements, subject=checkout.payment.matter, now=now)
