"""How much came in for a settlement, how much lies in escrow, and where did the rest go?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from contracts.models import TechnologyContract
from contracts.settlement.kinds import Cause, DueKind
from contracts.settlement.models.disbursements import Disbursement
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import OPEN_DISPUTE, OPEN_REPORT, DueState
from market.payments.models.stripe import Dispute as CardDispute
from market.values.money import ZERO, Money


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
    """As the rows are now, in two queries."""
    return sums_from(settlement, settlement.dues.all(), settlement.disbursements.all())


def sums_from(settlement: Settlement, dues: Iterable[Due], disbursements: Iterable[Disbursement]) -> EscrowSums:
    """From rows read before: all of this settlement's. Commissions that are paid on their own are not part of the price."""
    of_price = [due for due in dues if due.kind != DueKind.COMMISSION]
    paid = [due for due in of_price if due.state == DueState.PAID]
    used = sum((due.carried for due in of_price if due.state in {DueState.PAID, DueState.AWAITED}), ZERO)
    gone = list(disbursements)
    received, whole = sum((due.to_pay for due in paid), ZERO), sum((due.amount for due in paid), ZERO)
    released, refunded = sum((each.released for each in gone), ZERO), sum((each.to_buyer for each in gone), ZERO)
    held = settlement.carried + received - released - refunded
    return EscrowSums(
        carried=settlement.carried,
        paid=received,
        released=released,
        refunded=refunded,
        held=held,
        earned=min(max(whole - released, ZERO), held),
        credit=min(max(settlement.carried - used, ZERO), held),
    )


def is_disputed(settlement: Settlement) -> bool:
    """True while a dispute keeps the money in escrow: between the parties, or of a payer's bank about a card."""
    return settlement.disputes.filter(state__in=OPEN_DISPUTE).exists() or is_disputed_by_card(settlement)


def is_disputed_by_card(settlement: Settlement) -> bool:
    """True while a payer's bank disputes a payment by card: its money may have to go back."""
    return CardDispute.objects.filter(checkout__payment__due__settlement=settlement, closed_at__isnull=True).exists()


def open_counts(settlement: Settlement) -> tuple[int, int]:
    """How many sums of the price, and how many reports, are still to come."""
    dues = settlement.dues.filter(state__in=[DueState.PLANNED, DueState.AWAITED]).exclude(kind=DueKind.COMMISSION)
    return dues.count(), settlement.reports.filter(state__in=OPEN_REPORT).count()


def given_back(contract: TechnologyContract) -> Money:
    """What of a contract's price went back to its buyer from escrow; the rest of a deposit is no price."""
    back = Disbursement.objects.filter(settlement__contract=contract).exclude(cause=Cause.REST)
    return Money(back.aggregate(fen=Sum("buyer_fen"))["fen"] or 0)
