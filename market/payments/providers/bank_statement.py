"""The bank's statement as a CSV file, read line by line: what came in, and what went out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

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
_ALL_FIRST = "、".join(candidates[0] for candidates in _COLUMNS.values())
# Banks that write one amount with a sign have no column of its own for what went out.
_OUT = ("借方发生额", "支出金额", "借方金额", "debit")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日")
MOST_LINES = 20_000
# Above the headings a bank says whose account it is, and of which days.
_MOST_ROWS_ABOVE = 20
_DELIMITERS = (",", "\t", ";")
# Below the last line many banks add up.
_SUMS = ("合计", "总计", "小计", "汇总")
EXAMPLE = Path(__file__).parent.parent / "data" / "bank_statement.csv"


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

    Reads UTF-8 (with or without mark) and GB 18030, separated by commas, tabs or semicolons, as banks write them, with what
    they write above the headings.
    """
    try:
        rows = _rows(_text(content))
        head, columns = _headings(rows)
    except WrongRow as wrong:
        return ReadStatement([], [wrong])
    read = ReadStatement([], [])
    for number, row in enumerate(rows[head:], start=head + 1):
        if next(filter(None, row), "").startswith(_SUMS):
            continue
        try:
            cells = {name: row[column].strip() if column < len(row) else "" for name, column in columns.items()}
            read.lines.extend(_line(number, cells))
        except WrongRow as wrong:
            read.wrong.append(wrong)
    return read


def _rows(text: str) -> list[list[str]]:
    """The file's rows as a table. Raises `WrongRow` for one that is no table, or too long a one."""
    delimiter = max(_DELIMITERS, key=text[:5_000].count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_LINES + _MOST_ROWS_ABOVE:
                problem = _("A statement has at most %(most)s rows; please split it.") % {"most": MOST_LINES}
                raise WrongRow(len(rows), problem)
    except csv.Error as error:
        raise WrongRow(len(rows) + 1, _("This is no table in CSV.")) from error
    return rows


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """How many rows there are down to the headings, and which column is what. Raises `WrongRow` for what is missing."""
    above = rows[:_MOST_ROWS_ABOVE]
    nearest = max(range(len(above)), key=lambda index: len(_known(above[index])), default=None)
    known = _known(above[nearest]) if nearest is not None else {}
    if nearest is None or not known:
        raise WrongRow(1, _("There are no headings as a bank's statement has them, such as %(names)s.") % {"names": _ALL_FIRST})
    for name, candidates in _COLUMNS.items():
        if name not in known:
            raise WrongRow(nearest + 1, _("There is no column %(names)s.") % {"names": " / ".join(candidates)})
    return nearest + 1, known


def _known(row: Sequence[str]) -> dict[str, int]:
    """The columns that this row of headings names."""
    places = {heading.strip().casefold(): column for column, heading in reversed(list(enumerate(row)))}
    first = {name: next((it for it in names if it in places), None) for name, names in (_COLUMNS | {"out": _OUT}).items()}
    return {name: places[heading] for name, heading in first.items() if heading is not None}


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongRow(1, _("The file is not text in UTF-8 or GB 18030. Please save it as CSV in one of these."))


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
