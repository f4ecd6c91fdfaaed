"""How much came in for a settlement, how much lies in escrow, and where did the rest go?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Sum

from contracts.settlement.kinds import DueKind
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.states import OPEN_DISPUTE, OPEN_REPORT, DueState
from market.values.money import Money


@dataclass(frozen=True, slots=True)
class EscrowSums:
    """A settlement's money, added up: carried + paid = held + released + refunded, always.

    `earned` is what was paid in full and not yet released. `credit` is what is left of the deposit for sums to come.
    """

    carried: Money
    paid: Money
    released: Money
    refunded: Money
    held: Money
    earned: Money
    credit: Money


def sums_of(settlement: Settlement) -> EscrowSums:
    """In three queries. Commissions that are paid on their own are not part of the price."""
    dues = settlement.dues.exclude(kind=DueKind.COMMISSION)
    paid = dues.filter(state=DueState.PAID).aggregate(whole=Sum("amount_fen"), carried=Sum("carried_fen"))
    used = dues.filter(state__in=[DueState.PAID, DueState.AWAITED]).aggregate(fen=Sum("carried_fen"))["fen"] or 0
    out = settlement.disbursements.aggregate(released=Sum(F("amount_fen") - F("buyer_fen")), refunded=Sum("buyer_fen"))
    whole, released, refunded = paid["whole"] or 0, out["released"] or 0, out["refunded"] or 0
    received = whole - (paid["carried"] or 0)
    held = settlement.carried_fen + received - released - refunded
    return EscrowSums(
        carried=settlement.carried,
        paid=Money(received),
        released=Money(released),
        refunded=Money(refunded),
        held=Money(held),
        earned=Money(min(max(whole - released, 0), held)),
        credit=Money(min(max(settlement.carried_fen - used, 0), held)),
    )


def is_disputed(settlement: Settlement) -> bool:
    """True while a dispute keeps the money in escrow."""
    return settlement.disputes.filter(state__in=OPEN_DISPUTE).exists()


def open_counts(settlement: Settlement) -> tuple[int, int]:
    """How many sums of the price, and how many reports, are still to come."""
    dues = settlement.dues.filter(state__in=[DueState.PLANNED, DueState.AWAITED]).exclude(kind=DueKind.COMMISSION)
    return dues.count(), settlement.reports.filter(state__in=OPEN_REPORT).count()
