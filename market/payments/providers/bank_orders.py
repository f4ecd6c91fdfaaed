"""Orders to pay refunds, as a CSV file that a bank's own tools take in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from market.payments.queries.deposits import RefundOrder

_HEADINGS = ("收款户名", "开户行", "收款账号", "金额", "附言")
# With these a spreadsheet takes a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written_orders(orders: Iterable[RefundOrder]) -> bytes:
    """UTF-8 with its mark, one order a line. An account number stays text, and nothing in a name is run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    for order in orders:
        account = f"\t{order.account}" if order.account else ""
        amount, remark = f"{order.amount.in_yuan:.2f}", f"退保证金 {order.remark}"
        writer.writerow([_plain(order.payee), _plain(order.bank), account, amount, remark])
    return ("\ufeff" + out.getvalue()).encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
