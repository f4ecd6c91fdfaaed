"""Which movements of money make up one posting, and may it be made?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from market.values.money import ZERO, Money
from market.values.refusal import Refusal


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """An account: what for, and whose. The market's own accounts belong to nobody (0)."""

    purpose: str
    organisation: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount taken from one account and added to another: what one loses the other gains, so every posting sums to zero."""

    source: AccountKey
    target: AccountKey
    amount: Money


def may_post(movements: Iterable[Movement]) -> list[Refusal]:
    """What speaks against these movements whatever the balances are. Source: the market's own."""
    listed = list(movements)
    if not listed:
        return [Refusal("payments.nothing_to_post")]
    if any(movement.amount <= ZERO for movement in listed):
        return [Refusal("payments.amount_not_positive", field="amount")]
    if any(movement.source == movement.target for movement in listed):
        return [Refusal("payments.same_account")]
    return []


def changes(movements: Iterable[Movement]) -> dict[AccountKey, Money]:
    """What the movements change in each account, together; the values add up to zero. Source: the market's own."""
    total: dict[AccountKey, Money] = defaultdict(lambda: ZERO)
    for movement in movements:
        total[movement.source] -= movement.amount
        total[movement.target] += movement.amount
    return dict(total)


def at_risk(movements: Iterable[Movement], *, assets: frozenset[str], unlimited: frozenset[str] = frozenset()) -> set[AccountKey]:
    """The accounts that the movements can overdraw: of all others the balance need not be known. Source: the market's own."""
    return {
        key
        for key, change in changes(movements).items()
        if key.purpose not in unlimited and (change > ZERO if key.purpose in assets else change < ZERO)
    }


def overdrawn(
    balances: Mapping[AccountKey, Money],
    movements: Iterable[Movement],
    *,
    assets: frozenset[str],
    unlimited: frozenset[str] = frozenset(),
) -> list[Refusal]:
    """The accounts from which the movements would take more than is there.

    An account of what the market owes holds at least zero. An asset is the counterpart of what came in through it: its
    balance is at most zero, and pays out no more than that, unless it may be overdrawn.
    Source: the market's own.
    """
    refusals = []
    total = changes(movements)
    for key in sorted(at_risk(movements, assets=assets, unlimited=unlimited)):
        sign = -1 if key.purpose in assets else 1
        before = balances.get(key, ZERO).fen * sign
        if before + total[key].fen * sign < 0:
            refusals.append(Refusal("payments.not_enough", data={"purpose": key.purpose, "balance": str(Money(before))}))
    return refusals
