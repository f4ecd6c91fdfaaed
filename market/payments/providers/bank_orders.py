"""Orders to pay, as a CSV file that a bank's own tools take in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from market.payments.rules.bank_accounts import BankOrder
from market.spreadsheets import plain_cell

_HEADINGS = ("收款户名", "开户行", "收款账号", "金额", "附言")


def written_orders(orders: Iterable[BankOrder]) -> bytes:
    """UTF-8 with its mark, one order a line. An account number stays text, and nothing in a name is run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    for order in orders:
        account = f"\t{order.account}" if order.account else ""
        amount = f"{order.amount.in_yuan:.2f}"
        writer.writerow([plain_cell(order.payee), plain_cell(order.bank), account, amount, plain_cell(order.remark)])
    return ("\ufeff" + out.getvalue()).encode()
