"""The statement of a settlement: one account of all its money, adding up to the fen, of which each side sees its part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from contracts.settlement.kinds import DueKind
from contracts.settlement.models.disbursements import CommissionPart, Disbursement
from contracts.settlement.models.settlements import Cost, Due, Settlement
from contracts.settlement.queries.money import EscrowSums, sums_from
from contracts.settlement.rules.income import InventorsShare, inventors_share
from contracts.settlement.states import DueState
from listings.models.achievements import Inventor
from market.payments.models.payouts import Payout
from market.policy.models import PolicyRow
from market.values.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class SellersPart:
    """What became of the sum released: fee, commissions and the seller's own; then the net income and the inventors' share of it.

    `reward` is what of that share was paid out by itself.
    """

    fee: Money
    commission: Money
    reward: Money
    to_seller: Money
    commissions: list[CommissionPart]
    paid_beside: Money
    costs: list[Cost]
    share: InventorsShare
    rate: Decimal
    is_agreed_rate: bool
    inventors: list[tuple[Inventor, Money]]

    @property
    def released(self) -> Money:
        """What was released, before fee and commission."""
        return self.fee + self.commission + self.reward + self.to_seller


@dataclass(frozen=True, slots=True)
class Statement:
    """All money of a settlement. `sellers` is None for a reader who is shown the buyer's part alone."""

    settlement: Settlement
    sums: EscrowSums
    dues: list[Due]
    disbursements: list[Disbursement]
    sellers: SellersPart | None
    payouts: list[Payout]

    @property
    def received(self) -> Money:
        return self.sums.carried + self.sums.paid

    @property
    def accounted(self) -> Money:
        """What is held, was released and went back: the same sum, or the statement is wrong."""
        return self.sums.held + self.sums.released + self.sums.refunded


def statement_of(
    settlement: Settlement, *, dues: Sequence[Due], with_sellers_part: bool, payees: Sequence[int] | None
) -> Statement:
    """The account as it stands, from all of the settlement's dues. `payees` are those whose payouts are shown, None for everybody's."""
    disbursements = list(settlement.disbursements.all())
    statement = Statement(
        settlement=settlement,
        sums=sums_from(settlement, dues, disbursements),
        dues=[due for due in dues if due.state == DueState.PAID and due.kind != DueKind.COMMISSION],
        disbursements=disbursements,
        sellers=_sellers_part(settlement, disbursements) if with_sellers_part else None,
        payouts=list(_payouts(settlement, payees)),
    )
    if statement.received != statement.accounted:
        raise ValueError(f"{settlement.subject} does not add up")
    return statement


def _payouts(settlement: Settlement, payees: Sequence[int] | None) -> QuerySet[Payout]:
    payouts = Payout.objects.filter(matter=settlement.subject).select_related("payee")
    return payouts if payees is None else payouts.filter(payee_id__in=payees)


@dataclass(frozen=True, slots=True)
class SellersSums:
    """What became so far of all that was released. `commission_taken` counts too what the seller paid beside it."""

    fee: Money
    commission: Money
    commission_taken: Money
    reward: Money
    to_seller: Money


def sellers_sums(settlement: Settlement) -> SellersSums:
    """As the rows are now, in two queries."""
    return _sums(settlement.disbursements.all(), settlement.commission_parts.filter(principal_id=settlement.seller_id))


def _sums(disbursements: Iterable[Disbursement], parts: Iterable[CommissionPart]) -> SellersSums:
    gone = list(disbursements)
    return SellersSums(
        fee=sum((each.fee for each in gone), ZERO),
        commission=sum((each.commission for each in gone), ZERO),
        commission_taken=sum((Money(part.taken_fen) for part in parts), ZERO),
        reward=sum((each.reward for each in gone), ZERO),
        to_seller=sum((each.to_seller for each in gone), ZERO),
    )


def share_of(
    settlement: Settlement,
    costs: Iterable[Cost],
    *,
    received: Money,
    fee: Money,
    commission: Money,
    weights: Sequence[Decimal] = (),
) -> InventorsShare:
    """The inventors' share of what was received, at the rate that the seller set or the law's least; with weights, each one's too."""
    return inventors_share(
        received=received,
        fee=fee,
        commission=commission,
        costs=[cost.amount for cost in costs],
        rate=settlement.inventors_rate or least_share(settlement),
        weights=weights,
    )


def costs_of(settlement: Settlement) -> QuerySet[Cost]:
    """What the seller entered and did not take out again."""
    return settlement.costs.filter(removed_at__isnull=True).select_related("document")


def _sellers_part(settlement: Settlement, disbursements: Sequence[Disbursement]) -> SellersPart:
    parts = list(settlement.commission_parts.filter(principal_id=settlement.seller_id).select_related("payee"))
    sums = _sums(disbursements, parts)
    received = sums.fee + sums.commission + sums.reward + sums.to_seller
    costs = list(costs_of(settlement))
    listing = settlement.contract.dealt.listing
    # What is developed on commission has no inventors yet.
    inventors = list(listing.achievement.inventors.all()) if listing else []
    share = share_of(
        settlement,
        costs,
        received=received,
        fee=sums.fee,
        commission=sums.commission_taken,
        weights=[inventor.share for inventor in inventors],
    )
    return SellersPart(
        fee=sums.fee,
        commission=sums.commission,
        reward=sums.reward,
        to_seller=sums.to_seller,
        commissions=[part for part in parts if part.taken_fen],
        paid_beside=sums.commission_taken - sums.commission,
        costs=costs,
        share=share,
        rate=settlement.inventors_rate or least_share(settlement),
        is_agreed_rate=settlement.inventors_rate is not None,
        inventors=list(zip(inventors, share.parts, strict=True)),
    )


def least_share(settlement: Settlement) -> Decimal:
    """The inventors' least share under the row the settlement began under."""
    row: PolicyRow = settlement.share_row
    return row.value
