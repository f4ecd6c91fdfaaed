"""Who gets what of the money in escrow? Parts that always add up to the whole, to the fen, and are never negative."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from market.payments.rules.ledger import AccountKey, Movement
from market.values.money import ZERO, Money
from market.values.refusal import Refusal


class Outcome(enum.StrEnum):
    """What a supervisor decides about the money in escrow."""

    RELEASE = "release"
    REFUND = "refund"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a broker's mandate has earned of the seller and was not yet paid. `claim` is its key in the register."""

    claim: int
    payee: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Taken:
    """What a claim takes this time."""

    claim: int
    payee: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Parts:
    """A sum that leaves escrow: the market's fee, the commissions, what the seller gets, what goes back to the buyer.

    `reward` is the inventors' where the seller has it paid out by itself.
    """

    fee: Money
    commissions: tuple[Taken, ...]
    seller: Money
    buyer: Money
    reward: Money = ZERO

    @property
    def commission(self) -> Money:
        return sum((taken.amount for taken in self.commissions), ZERO)

    @property
    def whole(self) -> Money:
        return self.fee + self.commission + self.reward + self.seller + self.buyer


def parts_of(to_seller: Money, to_buyer: Money, *, released_before: Money, fee_rate: Decimal, claims: Sequence[Claim]) -> Parts:
    """What is paid of a sum released for the seller, and of one that goes back to the buyer, who pays no fee.

    The fee is counted over everything released so far, so that many parts cost what one would. The commissions follow in the
    order in which they were credited, as far as the sum reaches; the seller gets what remains.
    Source: domain rule 3 of brokers: a commission is paid out with the settlement it belongs to (medium); the fee is a policy row.
    """
    fee = (released_before + to_seller).share(fee_rate) - released_before.share(fee_rate)
    left = to_seller - fee
    taken = []
    for claim in claims:
        amount = min(claim.amount, left)
        if amount > ZERO:
            taken.append(Taken(claim.claim, claim.payee, amount))
            left -= amount
    return Parts(fee, tuple(taken), left, to_buyer)


def with_reward(parts: Parts, *, share: Money, before: Money) -> Parts:
    """The inventors' share of all that was released so far is taken from the seller's part, less what they had before.

    As far as the part reaches: what is wanting comes from the next one.
    Source: 促进科技成果转化法 art. 45: the unit rewards from the net income (high); that the market pays it apart is its own.
    """
    reward = min(max(share - before, ZERO), parts.seller)
    return replace(parts, seller=parts.seller - reward, reward=reward)


def movements_of(
    parts: Parts,
    *,
    escrow: AccountKey,
    fee: AccountKey,
    commission: str,
    reward: AccountKey,
    seller: AccountKey,
    buyer: AccountKey,
) -> list[Movement]:
    """The same in the ledger, without movements of nothing. `commission` is the purpose of the payees' accounts.

    Source: the market's own.
    """
    moves = [Movement(escrow, fee, parts.fee)]
    moves += [Movement(escrow, AccountKey(commission, taken.payee), taken.amount) for taken in parts.commissions]
    moves += [
        Movement(escrow, reward, parts.reward),
        Movement(escrow, seller, parts.seller),
        Movement(escrow, buyer, parts.buyer),
    ]
    return [move for move in moves if move.amount > ZERO]


@dataclass(frozen=True, slots=True)
class Division:
    """What a decision gives to either side, of the money in escrow."""

    to_seller: Money
    to_buyer: Money


def divided(outcome: Outcome, *, held: Money, earned: Money, to_seller: Money | None = None) -> Division:
    """What a decision does with the money held. Released is what was paid in full; split is as the decision says.

    `earned` is the part of `held` that stands for sums paid in full: the rest is the deposit's, counted towards sums still open.
    Source: domain rule 8 of listing: escrow is released on delivery or by decision (medium).
    """
    match outcome:
        case Outcome.RELEASE:
            return Division(earned, ZERO)
        case Outcome.REFUND:
            return Division(ZERO, held)
        case Outcome.SPLIT:
            part = to_seller or ZERO
            return Division(part, held - part)


def may_divide(outcome: Outcome, *, held: Money, earned: Money, to_seller: Money | None) -> list[Refusal]:
    """What speaks against this decision: nothing to divide, or a split that is none. Source: the market's own."""
    if outcome is Outcome.RELEASE and earned <= ZERO:
        return [Refusal("settlement.nothing_to_release", field="outcome")]
    if outcome is Outcome.SPLIT and (to_seller is None or not ZERO < to_seller < held):
        return [Refusal("settlement.split_out_of_range", field="to_seller", data={"held": str(held)})]
    return []


def is_settled(*, is_delivered: bool, open_dues: int, open_reports: int, is_disputed: bool) -> bool:
    """True when nothing more is to come: delivered, every sum paid, every report settled, no dispute. Source: the market's own."""
    return is_delivered and not (open_dues or open_reports or is_disputed)
