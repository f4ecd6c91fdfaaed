"""Is the money of a payment still where it came in? Higher apps that pass money on say so for their own matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from market.payments.models.deposits import Payment

# Gives whether the whole sum was still there, and then counts it as gone. Inside the transaction that books its going.
type TakeBack = Callable[[Payment, datetime], bool]

_HOLDERS: dict[str, TakeBack] = {}


def add_holder(kind: str, take_back: TakeBack) -> None:
    """Payments for matters of this kind ("due:…") are passed on by an app, which this function asks; called once, when it is ready."""
    _HOLDERS[kind] = take_back


def taken_back(payment: Payment, *, now: datetime) -> bool:
    """True when the payer may have the sum back from where it lies; then whoever held it knows that it is gone."""
    take_back = _HOLDERS.get(payment.matter.partition(":")[0])
    return take_back is not None and take_back(payment, now)
