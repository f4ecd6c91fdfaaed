"""What happens to a settlement's money: received, released, given back; and the settlement's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from contracts.settlement.actions.commissions import due_day, pay_commission_due
from contracts.settlement.actions.dues import ask_one, pay_due
from contracts.settlement.kinds import Cause, DueKind
from contracts.settlement.models.disbursements import CommissionPart, Disbursement
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.money import is_disputed, open_counts, sums_of
from contracts.settlement.queries.statement import costs_of, sellers_sums, share_of
from contracts.settlement.rules.escrow import Claim, Parts, Taken, is_settled, movements_of, parts_of, with_reward
from contracts.settlement.states import SETTLEMENT, DueState, SettlementEvent, SettlementState
from market.events.actions import record
from market.payments.actions.ledger import post
from market.payments.actions.payouts import order_payout
from market.payments.kinds import Purpose
from market.payments.models.deposits import Payment
from market.payments.rules.ledger import AccountKey
from market.payments.states import PaymentState
from market.policy.queries import policy_by_id
from market.values.actor import CLOCK, Actor
from market.values.money import ZERO, Money


def locked_settlement(settlement: Settlement) -> Settlement:
    """The settlement as it is now, locked, with its contract, deal and parties."""
    related = ("contract__seller", "contract__buyer", "contract__deal__intent")
    return Settlement.objects.select_for_update(of=("self",)).select_related(*related).get(pk=settlement.pk)


@transaction.atomic
def receive_payment_of_due(payment: Payment, *, now: datetime) -> None:
    """A payment that was received pays its due, and is released where delivery was confirmed before.

    Does nothing for payments of other matters, and when it was done before. Events: due.paid, settlement.paid, settlement.closed.
    """
    due = Due.objects.filter(payment=payment).select_related("settlement").first()
    if due is not None:
        go_on(locked_settlement(due.settlement), now=now)


def go_on(settlement: Settlement, *, now: datetime) -> None:
    """Everything that follows by itself has happened: sums received, released after delivery, the settlement closed.

    Under the settlement's lock.
    """
    enter_received(settlement, now=now)
    if settlement.state != SettlementState.DELIVERED or is_disputed(settlement):
        return
    release_earned(settlement, cause=Cause.RECEIPT, actor=CLOCK, now=now)
    dues, reports = open_counts(settlement)
    if is_settled(is_delivered=True, open_dues=dues, open_reports=reports, is_disputed=False):
        _close(settlement, now=now)


def enter_received(settlement: Settlement, *, now: datetime) -> None:
    """Dues whose payment has come in are paid. Under the settlement's lock. Event: due.paid."""
    waiting = settlement.dues.filter(state=DueState.AWAITED, payment__state=PaymentState.RECEIVED)
    for due in waiting.select_related("payment", "payer"):
        pay_due(due, now=now)
        if due.kind == DueKind.COMMISSION:
            pay_commission_due(due, now=now)


@transaction.atomic
def take_back_payment(payment: Payment, now: datetime) -> bool:
    """The payer's bank or card takes this sum out of escrow, and it is asked for anew; False where it was released before.

    For `market.payments`, which books it. Events: due.asked, settlement.refunded.
    """
    due = Due.objects.filter(payment=payment).select_related("settlement").first()
    if due is None:
        return True
    settlement = locked_settlement(due.settlement)
    enter_received(settlement, now=now)
    due.refresh_from_db()
    if due.kind == DueKind.COMMISSION or due.state != DueState.PAID or sums_of(settlement).held < payment.amount:
        return False
    parts = Parts(ZERO, (), ZERO, payment.amount)
    _enter(settlement, parts, Cause.TAKEN_BACK, now=now)
    _tell(settlement, ZERO, payment.amount, total=ZERO, actor=CLOCK, now=now)
    ask_one(settlement, payment.amount, due_day(now), kind=DueKind(due.kind), payer=due.payer_id, now=now)
    return True


def _close(settlement: Settlement, *, now: datetime) -> None:
    """What is left of the deposit goes back. Events: settlement.refunded, settlement.closed."""
    disburse(settlement, to_seller=ZERO, to_buyer=sums_of(settlement).held, cause=Cause.REST, actor=CLOCK, now=now)
    settlement.ended_at = now
    set_settlement_state(settlement, SETTLEMENT.move(settlement.state, SettlementEvent.CLOSE).to, "ended_at")
    record("settlement.closed", subject=settlement.subject, actor=CLOCK, now=now, contract=settlement.contract.key)


def release_earned(settlement: Settlement, *, cause: Cause, actor: Actor, now: datetime) -> None:
    """Everything that was paid in full goes to the seller. Under the settlement's lock. Event: settlement.paid."""
    disburse(settlement, to_seller=sums_of(settlement).earned, to_buyer=ZERO, cause=cause, actor=actor, now=now)


def disburse(settlement: Settlement, *, to_seller: Money, to_buyer: Money, cause: Cause, actor: Actor, now: datetime) -> None:
    """These sums leave escrow as one posting, in the parts that the rules say, and finance has its orders; nothing for nothing.

    Under the settlement's lock. Events: settlement.paid, settlement.refunded, payout.ordered.
    """
    if to_seller + to_buyer == ZERO:
        return
    before = sums_of(settlement).released
    parts = _parts(settlement, to_seller, to_buyer, released_before=before)
    row = _enter(settlement, parts, cause, now=now)
    deal = settlement.contract.dealt
    movements = movements_of(
        parts,
        escrow=AccountKey(Purpose.ESCROW.value, deal.buyer_id),
        fee=AccountKey(Purpose.PLATFORM_FEE.value),
        commission=Purpose.COMMISSION_PAYABLE.value,
        reward=AccountKey(Purpose.REWARD_PAYABLE.value, deal.seller_id),
        seller=AccountKey(Purpose.PAYABLE_TO_SELLER.value, deal.seller_id),
        buyer=AccountKey(Purpose.REFUNDS.value, deal.buyer_id),
    )
    post(f"{settlement.subject}:disbursed-{row.number}", movements, subject=settlement.subject, now=now)
    _take(parts.commissions)
    _order(settlement, parts, actor=actor, now=now)
    _tell(settlement, to_seller, to_buyer, total=before + to_seller, actor=actor, now=now)


def _parts(settlement: Settlement, to_seller: Money, to_buyer: Money, *, released_before: Money) -> Parts:
    open_parts = CommissionPart.objects.filter(
        settlement=settlement, principal_id=settlement.seller_id, amount_fen__gt=F("taken_fen")
    )
    claims = [Claim(part.pk, part.payee_id, part.open) for part in open_parts]
    rate = policy_by_id(settlement.fee_row_id).rate
    parts = parts_of(to_seller, to_buyer, released_before=released_before, fee_rate=rate, claims=claims)
    if not settlement.pays_reward_apart:
        return parts
    so_far = sellers_sums(settlement)
    share = share_of(
        settlement,
        costs_of(settlement),
        received=released_before + to_seller,
        fee=so_far.fee + parts.fee,
        commission=so_far.commission_taken + parts.commission,
    )
    return with_reward(parts, share=share.amount, before=so_far.reward)


def _enter(settlement: Settlement, parts: Parts, cause: Cause, *, now: datetime) -> Disbursement:
    return Disbursement.objects.create(
        settlement=settlement,
        number=settlement.disbursements.count() + 1,
        cause=cause,
        amount_fen=parts.whole.fen,
        fee_fen=parts.fee.fen,
        commission_fen=parts.commission.fen,
        reward_fen=parts.reward.fen,
        seller_fen=parts.seller.fen,
        buyer_fen=parts.buyer.fen,
        disbursed_at=now,
    )


def _take(commissions: Iterable[Taken]) -> None:
    for taken in commissions:
        CommissionPart.objects.filter(pk=taken.claim).update(taken_fen=F("taken_fen") + taken.amount.fen)


def _order(settlement: Settlement, parts: Parts, *, actor: Actor, now: datetime) -> None:
    deal = settlement.contract.dealt
    by_payee: dict[tuple[int, Purpose], Money] = defaultdict(lambda: ZERO)
    for taken in parts.commissions:
        by_payee[taken.payee, Purpose.COMMISSION_PAYABLE] += taken.amount
    by_payee[deal.seller_id, Purpose.REWARD_PAYABLE] += parts.reward
    by_payee[deal.seller_id, Purpose.PAYABLE_TO_SELLER] += parts.seller
    by_payee[deal.buyer_id, Purpose.REFUNDS] += parts.buyer
    for (payee, purpose), amount in by_payee.items():
        if amount > ZERO:
            order_payout(payee, amount, purpose=purpose, matter=settlement.subject, actor=actor, now=now)


def _tell(settlement: Settlement, to_seller: Money, to_buyer: Money, *, total: Money, actor: Actor, now: datetime) -> None:
    contract = settlement.contract
    whose = {"contract": contract.key, "deal": contract.dealt.key}
    if to_seller > ZERO:
        facts = {"amount": str(to_seller), "amount_fen": to_seller.fen, "total": str(total), "total_fen": total.fen}
        record("settlement.paid", subject=settlement.subject, actor=actor, now=now, **whose, **facts)
    if to_buyer > ZERO:
        facts = {"amount": str(to_buyer), "amount_fen": to_buyer.fen}
        record("settlement.refunded", subject=settlement.subject, actor=actor, now=now, **whose, **facts)


def set_settlement_state(settlement: Settlement, state: str, *fields: str) -> None:
    """The one place where a settlement's state is written, for all actions on settlements."""
    settlement.state = state
    settlement.save(update_fields=["state", *fields])
