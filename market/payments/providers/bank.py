"""Bank transfer: the bank's statement as a CSV file, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from market.payments.rules.statements import LineFacts
from market.values.money import ZERO, Money

# What banks head their columns with; the first that is there counts.
_COLUMNS = {
    "on": ("交易日期", "记账日期", "日期", "date"),
    "amount": ("贷方发生额", "收入金额", "贷方金额", "金额", "amount"),
    "payer": ("对方户名", "付款人", "付款方户名", "payer"),
    "remark": ("附言", "摘要", "用途", "备注", "remark"),
    "bank_reference": ("交易流水号", "流水号", "凭证号", "reference"),
}
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日")
MOST_LINES = 20_000


class WrongRow(Exception):
    """A row that cannot be read: its number as the file counts it (1 is the heading), and what is wrong."""

    def __init__(self, row: int, problem: str) -> None:
        super().__init__(f"row {row}: {problem}")
        self.row = row
        self.problem = problem


def read_statement(content: bytes) -> list[LineFacts]:
    """The money that came in, in the file's order; payments out and empty rows are left out.

    Reads UTF-8 (with or without mark) and GB 18030, as banks write them. Raises `WrongRow` for the first row that
    cannot be read: a statement is read whole or not at all.
    """
    rows = csv.DictReader(io.StringIO(_text(content)))
    columns = _columns(rows.fieldnames or [])
    lines: list[LineFacts] = []
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES + 1:
            raise WrongRow(number, _("A statement has at most %(most)s rows; please split it.") % {"most": MOST_LINES})
        lines += _line(number, {name: (row.get(column) or "").strip() for name, column in columns.items()})
    return lines


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongRow(1, _("The file is not text in UTF-8 or GB 18030."))


def _columns(headings: Sequence[str]) -> dict[str, str]:
    by_name = {heading.strip().casefold(): heading for heading in headings}
    found = {}
    for name, candidates in _COLUMNS.items():
        column = next((by_name[candidate] for candidate in candidates if candidate in by_name), None)
        if column is None:
            raise WrongRow(1, _("There is no column %(names)s.") % {"names": " / ".join(candidates)})
        found[name] = column
    return found


def _line(number: int, cells: Mapping[str, str]) -> list[LineFacts]:
    if not cells["amount"]:
        return []
    amount = _amount(number, cells["amount"])
    if amount <= ZERO:
        return []
    if not cells["bank_reference"]:
        raise WrongRow(number, _("The bank's number is missing."))
    return [LineFacts(_day(number, cells["on"]), amount, cells["payer"], cells["remark"], cells["bank_reference"])]


def _amount(number: int, text: str) -> Money:
    try:
        return Money.yuan(text.replace("¥", "").replace("￥", ""))
    except ValueError as error:
        raise WrongRow(number, _("“%(text)s” is not an amount in yuan.") % {"text": text}) from error


def _day(number: int, text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text.split(" ")[0], form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    raise WrongRow(number, _("“%(text)s” is not a day.") % {"text": text})
