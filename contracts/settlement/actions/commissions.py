"""What brokers have earned: entered in the settlement, paid out of the seller's money, or asked of whoever owes it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from contracts.settlement.actions.dues import ask_one, cancel_dues
from contracts.settlement.commissions import commissions_of
from contracts.settlement.kinds import DueKind
from contracts.settlement.models.disbursements import CommissionPart
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import SETTLEMENT, DueState, SettlementState
from listings.models.deals import Deal
from market.payments.actions.ledger import post
from market.payments.actions.payouts import order_payout
from market.payments.kinds import Purpose
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.states import PaymentState
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK
from market.values.dates import day_of
from market.values.money import ZERO, Money


def enter_commissions(settlement: Settlement, *, now: datetime) -> None:
    """What was credited for the deal stands in the settlement. The seller's is taken from what is released, the buyer's is asked for.

    So is the seller's once everything is released. Under the settlement's lock. Events: due.asked.
    """
    for share in commissions_of(settlement.contract.dealt):
        CommissionPart.objects.get_or_create(
            settlement=settlement,
            commission=share.commission,
            principal_id=share.principal,
            payee_id=share.payee,
            defaults={"amount_fen": share.amount.fen},
        )
    if settlement.state == SettlementState.ENDED:
        return
    asked = set(settlement.dues.exclude(state=DueState.CANCELLED).values_list("commission", "payer_id"))
    for (commission, principal), amount in _open(settlement).items():
        is_sellers = principal == settlement.seller_id
        if (commission, principal) not in asked and (not is_sellers or settlement.state in SETTLEMENT.final):
            due_on = due_day(now)
            ask_one(settlement, amount, due_on, kind=DueKind.COMMISSION, payer=principal, commission=commission, now=now)


def _open(settlement: Settlement) -> dict[tuple[str, int], Money]:
    totals: dict[tuple[str, int], Money] = {}
    for part in settlement.commission_parts.filter(amount_fen__gt=F("taken_fen")):
        key = (part.commission, part.principal_id)
        totals[key] = totals.get(key, ZERO) + part.open
    return totals


def pay_commission_due(due: Due, *, now: datetime) -> None:
    """The money that its principal paid for a commission is owed to those who share it. Under the settlement's lock.

    Event: payout.ordered for each.
    """
    escrow = AccountKey(Purpose.ESCROW.value, due.payer_id)
    owed_by_payer = due.settlement.commission_parts.filter(commission=due.commission, principal_id=due.payer_id)
    parts = list(owed_by_payer.filter(amount_fen__gt=F("taken_fen")))
    owed = [(part.payee_id, Purpose.COMMISSION_PAYABLE, part.open) for part in parts]
    # Paid just when the commission was reversed: it goes back to whoever paid.
    if rest := due.amount - sum((part.open for part in parts), ZERO):
        owed.append((due.payer_id, Purpose.REFUNDS, rest))
    movements = [Movement(escrow, AccountKey(purpose.value, payee), amount) for payee, purpose, amount in owed]
    matter = due.settlement.subject
    post(f"{due.subject}:commission", movements, subject=matter, now=now)
    for payee, purpose, amount in owed:
        order_payout(payee, amount, purpose=purpose, matter=matter, actor=CLOCK, now=now)
    for part in parts:
        CommissionPart.objects.filter(pk=part.pk).update(taken_fen=part.amount_fen)


@transaction.atomic
def take_in_commissions(deal: Deal, *, now: datetime) -> None:
    """The deal's settlement knows what was credited by now. For `brokers`, when they credit; does nothing before there is a settlement.

    Event: due.asked, where the commission is not taken from what is released.
    """
    settlement = _settlement_of(deal)
    if settlement is not None:
        enter_commissions(settlement, now=now)


@transaction.atomic
def drop_commissions(deal: Deal, commissions: Collection[str], *, now: datetime) -> None:
    """Nothing more is paid of these commissions, which were reversed; what was paid stays paid. For `brokers`. Event: due.cancelled."""
    settlement = _settlement_of(deal)
    if settlement is None:
        return
    settlement.commission_parts.filter(commission__in=commissions).update(amount_fen=F("taken_fen"))
    asked = settlement.dues.filter(commission__in=commissions, state=DueState.AWAITED)
    cancel_dues(asked.exclude(payment__state=PaymentState.RECEIVED).select_related("payment"), now=now)


def _settlement_of(deal: Deal) -> Settlement | None:
    found = Settlement.objects.select_for_update(of=("self",)).filter(contract__deal=deal)
    return found.select_related("contract__deal").first()


def due_day(now: datetime) -> date:
    """The day by which a sum is to be paid that is asked for today, under the row in force."""
    today = day_of(now)
    return deadline(today, policy_on("settlement.payment_period", today).period, working_calendar()).day
