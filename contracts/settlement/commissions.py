"""Which commissions were credited for a deal? Brokers stand above contracts: they register who can say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from listings.models.deals import Deal
from market.values.money import Money


@dataclass(frozen=True, slots=True)
class CommissionShare:
    """What `principal` owes one payee of a commission; `commission` is its key in the brokers' register."""

    commission: str
    principal: int
    payee: int
    amount: Money


type Source = Callable[[Deal], Iterable[CommissionShare]]

_SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    """Settlements pay what this function names; called once, when the app is ready."""
    _SOURCES.append(source)


def commissions_of(deal: Deal) -> list[CommissionShare]:
    """What is credited for this deal and was not reversed, in the order in which it was credited."""
    return [share for source in _SOURCES for share in source(deal)]
