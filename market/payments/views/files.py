"""Files that the market's finance takes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpResponse

from market.payments.providers.bank_orders import written_orders
from market.payments.rules.bank_accounts import BankOrder


def orders_file(kind: str, orders: Iterable[BankOrder], day: date) -> HttpResponse:
    """The orders to the bank as a file to keep, named after their kind and the day."""
    name = f"{kind}-{day:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written_orders(orders), "text/csv; charset=utf-8", headers=headers)
