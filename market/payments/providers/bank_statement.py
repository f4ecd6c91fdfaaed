"""The bank's statement as a CSV file, read line by line: what came in, and what went out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
# Banks that write one amount with a sign have no column of its own for what went out.
_OUT = ("借方发生额", "支出金额", "借方金额", "debit")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日")
MOST_LINES = 20_000


class WrongRow(Exception):
    """A row that cannot be read: its number as the file counts it (1 is the heading), and what is wrong."""

    def __init__(self, row: int, problem: str) -> None:
        super().__init__(f"row {row}: {problem}")
        self.row = row
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """What a file says, in its order, and every row that cannot be read."""

    lines: list[LineFacts]
    wrong: list[WrongRow]

    @property
    def came_in(self) -> list[LineFacts]:
        return [line for line in self.lines if line.amount > ZERO]

    @property
    def went_out(self) -> list[LineFacts]:
        return [line for line in self.lines if line.amount < ZERO]


def read_statement(content: bytes) -> ReadStatement:
    """All rows but the empty ones; what went out has a negative amount.

    Reads UTF-8 (with or without mark) and GB 18030, as banks write them.
    """
    try:
        rows = csv.DictReader(io.StringIO(_text(content)))
        columns = _columns(rows.fieldnames or [])
    except WrongRow as wrong:
        return ReadStatement([], [wrong])
    read = ReadStatement([], [])
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES + 1:
            read.wrong.append(
                WrongRow(number, _("A statement has at most %(most)s rows; please split it.") % {"most": MOST_LINES})
            )
            break
        try:
            read.lines.extend(_line(number, {name: (row.get(column) or "").strip() for name, column in columns.items()}))
        except WrongRow as wrong:
            read.wrong.append(wrong)
    return read


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
    out = next((by_name[candidate] for candidate in _OUT if candidate in by_name), None)
    return found | ({"out": out} if out else {})


def _line(number: int, cells: Mapping[str, str]) -> list[LineFacts]:
    if not cells["amount"] and not cells.get("out"):
        return []
    amount = _amount(number, cells["amount"] or "0") - _amount(number, cells.get("out") or "0")
    if amount == ZERO:
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
