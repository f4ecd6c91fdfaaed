"""A deposit's life: asked for, held, and then refunded, carried into the price, or forfeited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role
from market.accounts.states import OrganisationState
from market.documents.models import Document
from market.events.actions import record, record_each
from market.payments.actions.ledger import post
from market.payments.actions.payments import (
    cancel_payment,
    charge_back_payment,
    lapse_payment,
    receive_payment,
    refund_payment,
    refund_payment_otherwise,
    request_payment,
    require_undisputed,
)
from market.payments.actions.payouts import order_payout
from market.payments.actions.recoveries import receive_recovery, set_off
from market.payments.kinds import Instrument, Provider, Purpose
from market.payments.models.deposits import Deposit, Payment
from market.payments.permissions import PAYERS, require_market_finance, require_mover
from market.payments.queries.deposits import open_deposits, refund_orders
from market.payments.queries.recoveries import open_recoveries
from market.payments.rules.bank_accounts import BankOrder
from market.payments.rules.deposits import forfeited_movements, may_hold_deposit, may_request_deposit
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.states import DEPOSIT, DepositEvent
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("payments.reason_missing", field="reason")


@transaction.atomic
def request_deposit(payer: Organisation, amount: Money, *, matter: str, actor: Actor, now: datetime) -> Deposit:
    """The payer is asked for a deposit for this matter, by bank transfer unless they choose another way.

    Refused for whoever is barred from the market; out of turn when there is one already. Event: deposit.requested.
    """
    require_role(actor, payer.pk, *PAYERS)
    require(may_request_deposit(amount=amount, is_barred=payer.state == OrganisationState.SUSPENDED))
    return _ask(payer, amount, matter=matter, person=person_of(actor), actor=actor, now=now)


def _ask(
    payer: Organisation,
    amount: Money,
    *,
    matter: str,
    person: int,
    guarantee: Document | None = None,
    actor: Actor,
    now: datetime,
) -> Deposit:
    payment = None
    if guarantee is None:
        payment = request_payment(payer, amount, matter=matter, purpose=Purpose.DEPOSIT_HELD, actor=actor, now=now)
    try:
        with transaction.atomic():
            deposit = Deposit.objects.create(
                payer=payer,
                matter=matter,
                amount_fen=amount.fen,
                instrument=Instrument.MONEY if payment else Instrument.GUARANTEE,
                payment=payment,
                guarantee=guarantee,
                requested_at=now,
                requested_by_id=person,
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("payments.deposit_exists")]) from error
    record("deposit.requested", subject=deposit.subject, actor=actor, now=now, amount=str(amount), matter=matter)
    return deposit


@transaction.atomic
def cancel_deposit(deposit: Deposit, *, actor: Actor, now: datetime) -> Deposit:
    """The payer does not pay it; money that comes in later goes to the list of unknown payments. Event: deposit.cancelled."""
    locked = _moved(deposit, DepositEvent.CANCEL, actor=actor, now=now)
    if locked.payment:
        cancel_payment(locked.payment, actor=actor, now=now)
    record("deposit.cancelled", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def lapse_deposit(deposit: Deposit, *, now: datetime) -> Deposit:
    """What it was asked for is over before it was paid: nothing is awaited any more. Event: deposit.cancelled."""
    locked = _moved(deposit, DepositEvent.LAPSE, actor=CLOCK, now=now)
    if locked.payment:
        lapse_payment(locked.payment, now=now)
    record("deposit.cancelled", subject=locked.subject, actor=CLOCK, now=now)
    return locked


@transaction.atomic
def confirm_payment(payment: Payment, *, by: Provider = Provider.BANK, actor: Actor, now: datetime) -> Payment:
    """The money is there, come in by this way; a deposit that it pays is held, and a claim that it pays is met.

    Events: payment.received, deposit.held, recovery.paid.
    """
    # The deposit is locked before its payment, here as when it is refunded.
    deposit = Deposit.objects.select_for_update(of=("self",)).filter(payment=payment).first()
    received = receive_payment(payment, by=by, actor=actor, now=now)
    if deposit is not None:
        _hold(deposit, actor=actor, now=now)
    receive_recovery(received, now=now)
    return received


@transaction.atomic
def offer_guarantee(deposit: Deposit, letter: Document, *, actor: Actor, now: datetime) -> Deposit:
    """Instead of the money a bank's letter waits for finance; the money, or the letter before, is no longer awaited.

    Refused for whoever is barred. Events: deposit.cancelled, deposit.requested, deposit.guarantee_offered.
    """
    cancelled = cancel_deposit(deposit, actor=actor, now=now)
    require(may_request_deposit(amount=cancelled.amount, is_barred=_is_barred(cancelled)))
    offered = _ask(
        cancelled.payer,
        cancelled.amount,
        matter=cancelled.matter,
        person=person_of(actor),
        guarantee=letter,
        actor=actor,
        now=now,
    )
    record("deposit.guarantee_offered", subject=offered.subject, actor=actor, now=now)
    return offered


@transaction.atomic
def accept_guarantee(deposit: Deposit, *, actor: Actor, now: datetime) -> Deposit:
    """Finance has checked the bank's letter; it stands for the money. Event: deposit.held."""
    held = _hold(deposit, actor=actor, now=now)
    _require_letter(held)
    return held


@transaction.atomic
def refuse_guarantee(deposit: Deposit, *, reason: str, actor: Actor, now: datetime) -> Deposit:
    """The letter does not do, for this reason; the payer is asked for the money anew, or for a better letter.

    Gives the new deposit. Events: deposit.guarantee_refused, deposit.requested.
    """
    given = text_given(reason, _NO_REASON)
    locked = _moved(deposit, DepositEvent.REFUSE, "ended_at", actor=actor, now=now)
    _require_letter(locked)
    locked.reason = given
    locked.save(update_fields=["reason"])
    record("deposit.guarantee_refused", subject=locked.subject, actor=actor, now=now, reason=given)
    person = locked.requested_by_id
    return _ask(locked.payer, locked.amount, matter=locked.matter, person=person, actor=actor, now=now)


def _require_letter(deposit: Deposit) -> None:
    if deposit.is_money:
        raise Refused([Refusal("payments.no_guarantee")])


def _hold(deposit: Deposit, *, actor: Actor, now: datetime) -> Deposit:
    locked = _moved(deposit, DepositEvent.HOLD, "held_at", actor=actor, now=now)
    require(may_hold_deposit(is_barred=_is_barred(locked)))
    facts = {"matter": locked.matter, "amount": str(locked.amount), "instrument": locked.instrument}
    record("deposit.held", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


def _is_barred(deposit: Deposit) -> bool:
    return deposit.payer.state == OrganisationState.SUSPENDED


@transaction.atomic
def free_deposits(matters: Collection[str], *, now: datetime) -> None:
    """Whatever was put up for these matters is due back, and what was not yet paid is no longer asked for.

    Does nothing where there is no deposit, or where it was freed before. Events: deposit.released or deposit.cancelled.
    """
    held = []
    for deposit in open_deposits(matters):
        if DEPOSIT.may(deposit.state, DepositEvent.RELEASE):
            held.append(deposit)
        elif DEPOSIT.may(deposit.state, DepositEvent.LAPSE):
            lapse_deposit(deposit, now=now)
    if held:
        release_deposits(held, now=now)


@transaction.atomic
def release_deposits(deposits: Collection[Deposit], *, now: datetime) -> list[Deposit]:
    """Their payers get them back within the period of the policy row in force, which the deposits keep. Event: deposit.released."""
    locked = _moved_each(deposits, DepositEvent.RELEASE, actor=CLOCK, now=now)
    today = day_of(now)
    policy = policy_on("deposit.refund_period", today)
    due = deadline(today, policy.period, working_calendar(), policy_row=policy.id)
    for deposit in locked:
        deposit.released_on, deposit.due_back_on, deposit.policy_row_id = today, due.day, policy.id
    Deposit.objects.bulk_update(locked, ["released_on", "due_back_on", "policy_row"])
    subjects = [deposit.subject for deposit in locked]
    record_each("deposit.released", subjects, actor=CLOCK, now=now, due_back_on=due.day.isoformat())
    return locked


@transaction.atomic
def refund_deposit(deposit: Deposit, *, actor: Actor, now: datetime) -> Deposit:
    """The money went back the way it came, or the letter was returned. Event: deposit.refunded.

    Nobody says so by hand of what came by card: Stripe does.
    """
    locked = _moved(deposit, DepositEvent.REFUND, "ended_at", actor=actor, now=now)
    if locked.payment and locked.payment.provider == Provider.STRIPE and not actor.is_clock:
        raise Refused([Refusal("payments.goes_back_by_card")])
    if locked.payment:
        refund_payment(locked.payment, actor=actor, now=now)
    record("deposit.refunded", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def give_back_the_rest(deposit: Deposit, *, now: datetime) -> Deposit:
    """What went back by hand in Stripe's own pages is set off, and the rest is ordered at the bank, for the card takes no more.

    Events: deposit.refunded, payment.refunded, recovery.set_off, payout.ordered. Out of turn while the payment is disputed.
    """
    locked = _moved(deposit, DepositEvent.REFUND, "ended_at", actor=CLOCK, now=now)
    assert locked.payment is not None
    require_undisputed(locked.payment)
    claims = open_recoveries().filter(refund__checkout__payment=locked.payment)
    met = [set_off(each, now=now) for each in claims]
    rest = locked.amount - sum((each.amount for each in met), ZERO)
    owed = AccountKey(Purpose.REFUNDS.value, locked.payer_id)
    movements = [Movement(_held(locked), each.claim, each.amount) for each in met]
    movements += [Movement(_held(locked), owed, rest)] if rest > ZERO else []
    refund_payment_otherwise(locked.payment, movements, now=now)
    if rest > ZERO:
        order_payout(locked.payer_id, rest, purpose=Purpose.REFUNDS, matter=locked.matter, actor=CLOCK, now=now)
    record("deposit.refunded", subject=locked.subject, actor=CLOCK, now=now)
    return locked


@transaction.atomic
def order_refunds(*, actor: Actor, now: datetime) -> list[BankOrder]:
    """Finance has taken out what the bank is to pay, with payers' account numbers. Event: payments.orders_exported."""
    require_market_finance(actor)
    orders = refund_orders()
    day = day_of(now).isoformat()
    record("payments.orders_exported", subject=f"payment-orders:{day}", actor=actor, now=now, count=len(orders))
    return orders


@transaction.atomic
def carry_deposit(deposit: Deposit, *, now: datetime) -> Deposit:
    """The winner's money counts towards the price, in escrow; a letter only ends. Event: deposit.carried."""
    locked = _moved(deposit, DepositEvent.CARRY, "ended_at", actor=CLOCK, now=now)
    if locked.payment:
        require_undisputed(locked.payment)
        held, escrow = _held(locked), AccountKey(Purpose.ESCROW.value, locked.payer_id)
        post(f"{locked.subject}:carried", [Movement(held, escrow, locked.amount)], subject=locked.matter, now=now)
    record("deposit.carried", subject=locked.subject, actor=CLOCK, now=now)
    return locked


@transaction.atomic
def forfeit_deposit(deposit: Deposit, *, seller: Organisation, reason: str, actor: Actor, now: datetime) -> Deposit:
    """The payer did not keep to the terms: the seller's share by policy goes to the seller, the rest to the market.

    A guarantee letter is called at the bank; what the bank then pays comes in as a payment. Events: deposit.forfeited, payout.ordered.
    """
    given = text_given(reason, _NO_REASON)
    locked = _moved(deposit, DepositEvent.FORFEIT, "ended_at", actor=actor, now=now)
    locked.reason = given
    locked.save(update_fields=["reason"])
    if locked.payment:
        require_undisputed(locked.payment)
        share = policy_on("deposit.forfeit_sellers_share", day_of(now)).rate
        seller_account = AccountKey(Purpose.PAYABLE_TO_SELLER.value, seller.pk)
        movements = forfeited_movements(
            _held(locked), seller_account, AccountKey(Purpose.PLATFORM_FEE.value), locked.amount, share
        )
        post(f"{locked.subject}:forfeited", movements, subject=locked.matter, now=now)
        for movement in (each for each in movements if each.target == seller_account):
            purpose, matter = Purpose.PAYABLE_TO_SELLER, locked.matter
            order_payout(seller.pk, movement.amount, purpose=purpose, matter=matter, actor=actor, now=now)
    record("deposit.forfeited", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    return locked


@transaction.atomic
def charge_back_deposit(deposit: Deposit, *, now: datetime) -> Deposit:
    """The payer's bank took the money back for good: nothing is held any more. Events: payment.charged_back, deposit.charged_back."""
    locked = _moved(deposit, DepositEvent.CHARGE_BACK, "ended_at", actor=CLOCK, now=now)
    if locked.payment:
        charge_back_payment(locked.payment, now=now)
    record("deposit.charged_back", subject=locked.subject, actor=CLOCK, now=now)
    return locked


@transaction.atomic
def note_overdue_refund(deposit: Deposit, *, now: datetime) -> None:
    """The log says once that a refund is late; officials see it. Event: deposit.refund_overdue."""
    locked = _locked(deposit)
    if locked.overdue_since or not DEPOSIT.may(locked.state, DepositEvent.REFUND):
        return
    if locked.due_back_on is None or day_of(now) <= locked.due_back_on:
        return
    locked.overdue_since = now
    locked.save(update_fields=["overdue_since"])
    due_back_on = locked.due_back_on.isoformat()
    record("deposit.refund_overdue", subject=locked.subject, actor=CLOCK, now=now, due_back_on=due_back_on)


def _held(deposit: Deposit) -> AccountKey:
    return AccountKey(Purpose.DEPOSIT_HELD.value, deposit.payer_id)


def _locked(deposit: Deposit) -> Deposit:
    return Deposit.objects.select_for_update(of=("self",)).select_related("payer", "payment").get(pk=deposit.pk)


def _moved(deposit: Deposit, event: DepositEvent, stamp: str = "", *, actor: Actor, now: datetime) -> Deposit:
    return _moved_each([deposit], event, stamp, actor=actor, now=now)[0]


def _moved_each(
    deposits: Collection[Deposit], event: DepositEvent, stamp: str = "", *, actor: Actor, now: datetime
) -> list[Deposit]:
    keys = [deposit.pk for deposit in deposits]
    rows = Deposit.objects.select_for_update(of=("self",)).select_related("payer", "payment")
    locked = list(rows.filter(pk__in=keys).order_by("pk"))
    for deposit in locked:
        move = DEPOSIT.move(deposit.state, event)
        require_mover(actor, deposit.payer_id, move.by)
        deposit.state = move.to
        if stamp:
            setattr(deposit, stamp, now)
    Deposit.objects.bulk_update(locked, ["state", *filter(None, [stamp])])
    return locked
