"""What the payments and payouts of settlements are for, in words."""

from __future__ import annotations

from collections.abc import Collection

from contracts.settlement.models.settlements import Due, Settlement
from market.payments.matters import Matter


def dues_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By the due's key: what kind of sum it is, and of which contract."""
    dues = Due.objects.filter(key__in=keys).select_related("settlement__contract")
    return {
        due.key: Matter(f"{due.get_kind_display()} · {due.settlement.contract.title}", due.get_absolute_url()) for due in dues
    }


def settlements_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By the settlement's key: the contract's title."""
    settlements = Settlement.objects.filter(key__in=keys).select_related("contract")
    return {each.key: Matter(each.contract.title, each.get_absolute_url()) for each in settlements}
