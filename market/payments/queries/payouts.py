"""What is to be paid out, and what was?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from market.payments.kinds import Purpose
from market.payments.models.payouts import Payout
from market.payments.queries.bank_accounts import order_to
from market.payments.rules.bank_accounts import BankOrder
from market.payments.states import PayoutState
from market.values.money import Money


def payouts_to_make() -> QuerySet[Payout]:
    """Orders that wait for finance, the oldest first."""
    waiting = Payout.objects.filter(state=PayoutState.ORDERED)
    return waiting.select_related("payee__bank_account").order_by("ordered_at", "pk")


def payouts_made() -> QuerySet[Payout]:
    """What the bank has paid, the latest first."""
    return Payout.objects.filter(state=PayoutState.PAID).select_related("payee").order_by("-paid_at", "-pk")


def payouts_of(organisation_id: int | None) -> QuerySet[Payout]:
    """What this organisation is paid or was, the newest first."""
    return Payout.objects.filter(payee_id=organisation_id or 0).order_by("-ordered_at", "-pk")


# What the payee reads on the bank's statement.
_REMARKS = {
    Purpose.PAYABLE_TO_SELLER: "技术交易价款",
    Purpose.COMMISSION_PAYABLE: "佣金",
    Purpose.REWARD_PAYABLE: "成果完成人奖励",
    Purpose.REFUNDS: "退款",
}


def payout_orders() -> list[BankOrder]:
    """What the bank is to pay, the oldest first; payees' account numbers are opened."""
    return [
        order_to(payout.payee, payout.amount, f"{_REMARKS[Purpose(payout.purpose)]} {payout.reference}")
        for payout in payouts_to_make()
    ]


@dataclass(frozen=True, slots=True)
class PayoutSums:
    """How many orders wait, and what they come to."""

    count: int
    total: Money


def payout_sums() -> PayoutSums:
    """Of everything that waits, in one query."""
    sums = Payout.objects.filter(state=PayoutState.ORDERED).aggregate(count=Count("pk"), total=Sum("amount_fen"))
    return PayoutSums(sums["count"], Money(sums["total"] or 0))
