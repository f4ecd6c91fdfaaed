"""A university's own list of achievements as a file: its template, its rows, and what is wrong with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from listings.actions.achievements import AchievementEntry, facts_of_entry
from listings.kinds import AchievementKind, FundingSource, Industry, LegalState, Maturity, PatentKind
from listings.rules.achievements import InventorFacts, PatentFacts, may_submit
from market.refusals import sentence

# The heading of each column, and what a cell of it looks like.
COLUMNS = {
    "成果名称": "低热值煤循环流化床稳燃技术",
    "成果类别": "应用技术",
    "成果简介": "不少于120字，写明解决的问题、技术指标和验证情况……",
    "关键词": "循环流化床，稳燃",
    "所属产业": "电力及新能源",
    "国民经济行业代码": "4411",
    "成熟度": "通过中试",
    "完成日期": "2025-06-30",
    "是否财政资金支持": "是",
    "计划来源": "省级计划",
    "完成人及份额": "发明人甲:60；发明人乙:40",
    "专利": "ZL201910123456.X|发明专利|循环流化床锅炉布风装置|F23C 10/00|2023-05-09|有效",
}
# What universities write in their lists; the codes themselves are understood too.
_WORDS: dict[type[TextChoices], dict[str, str]] = {
    AchievementKind: {"应用技术": "applied", "基础理论": "basic", "软科学": "soft"},
    Industry: {
        "煤炭": "coal",
        "电力及新能源": "power",
        "新材料": "materials",
        "装备制造": "equipment",
        "节能环保": "environment",
        "新能源汽车": "vehicles",
        "生物医药": "biomedicine",
        "现代农业": "agriculture",
        "文化旅游": "culture",
    },
    Maturity: {
        "正在研发": "in_research",
        "已有样品": "sample_made",
        "通过小试": "lab_scale",
        "通过中试": "pilot_scale",
        "可以量产": "mass_production",
    },
    FundingSource: {
        "国家计划": "national",
        "部门计划": "ministry",
        "省级计划": "province",
        "市县计划": "city",
        "计划外": "none",
    },
    PatentKind: {"发明专利": "invention", "实用新型": "utility_model", "外观设计": "design"},
    LegalState: {"审查中": "pending", "有效": "in_force", "已终止": "expired", "无效": "invalid"},
}
MOST_ROWS = 5000


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell: the row as the file counts it, the column's heading, the sentence."""

    row: int
    column: str
    message: str


class _WrongCell(Exception):
    pass


def template_workbook() -> io.BytesIO:
    """An empty list with one example row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "成果清单"
    sheet.append(list(COLUMNS))
    sheet.append(list(COLUMNS.values()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True)
    for letter in "ABCDEFGHIJKL":
        sheet.column_dimensions[letter].width = 22
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The filled rows of an xlsx or csv file with their numbers. Raises `UnreadableFile`."""
    rows = list(_xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path))
    if not rows:
        raise UnreadableFile(_("The file is empty."))
    headings = [heading.strip() for heading in rows[0]]
    if missing := [column for column in COLUMNS if column not in headings]:
        raise UnreadableFile(_("Columns are missing: %(columns)s.") % {"columns": "、".join(missing)})
    if len(rows) > MOST_ROWS + 1:
        raise UnreadableFile(_("At most %(most)s rows at a time.") % {"most": MOST_ROWS})
    return [
        (number, dict(zip(headings, cells, strict=False)))
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise UnreadableFile(_("This is not an Excel workbook.")) from error
    for row in sheet.iter_rows(values_only=True):
        yield [_as_text(cell) for cell in row]


def _as_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _csv_rows(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return iter(list(csv.reader(io.StringIO(text))))
    raise UnreadableFile(_("This is not a text file in UTF-8 or GB18030."))


def entries_of(
    rows: Iterable[tuple[int, dict[str, str]]], *, today: date
) -> Iterator[tuple[int, AchievementEntry | None, list[RowError]]]:
    """Each row as an entry, or what is wrong with it."""
    seen: dict[str, int] = {}
    for number, cells in rows:
        entry, errors = _entry_of(number, cells)
        if entry is not None:
            errors = _rule_errors(number, entry, today)
            if first := seen.get(entry.title):
                message = _("Row %(first)s has the same title.") % {"first": first}
                errors.append(RowError(number, "成果名称", message))
            seen.setdefault(entry.title, number)
        yield number, (None if errors else entry), errors


def _entry_of(number: int, cells: dict[str, str]) -> tuple[AchievementEntry | None, list[RowError]]:
    errors: list[RowError] = []

    def read(column: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(cells.get(column, "").strip())
        except _WrongCell as wrong:
            errors.append(RowError(number, column, str(wrong)))
            return None

    entry = AchievementEntry(
        title=read("成果名称", _title),
        kind=read("成果类别", _one_of(AchievementKind)),
        abstract=cells.get("成果简介", "").strip(),
        keywords=read("关键词", _words),
        industry=read("所属产业", _one_of(Industry)),
        gbt4754=cells.get("国民经济行业代码", "").strip()[:4],
        maturity=read("成熟度", _one_of(Maturity)),
        completed_on=read("完成日期", _day),
        is_publicly_funded=read("是否财政资金支持", _yes_or_no),
        funding_source=read("计划来源", _one_of(FundingSource)),
        inventors=read("完成人及份额", _inventors),
        patents=read("专利", _patents),
    )
    return (None, errors) if errors else (entry, errors)


def _rule_errors(number: int, entry: AchievementEntry, today: date) -> list[RowError]:
    columns = {
        "abstract": "成果简介",
        "keywords": "关键词",
        "completed_on": "完成日期",
        "funding_source": "计划来源",
        "gbt4754": "国民经济行业代码",
        "inventors": "完成人及份额",
        "patents": "专利",
    }
    return [
        RowError(number, columns.get(refusal.field or "", ""), sentence(refusal))
        for refusal in may_submit(facts_of_entry(entry), today=today)
    ]


def _title(text: str) -> str:
    if not text:
        raise _WrongCell(_("This cell must be filled in."))
    if len(text) > 120:
        raise _WrongCell(_("At most %(most)s characters.") % {"most": 120})
    return text


def _one_of(choices: type[TextChoices]) -> Callable[[str], str]:
    words = _WORDS[choices]

    def parse(text: str) -> str:
        value = words.get(text, text)
        if value not in choices.values:
            raise _WrongCell(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": "、".join(words)})
        return value

    return parse


def _words(text: str) -> tuple[str, ...]:
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError as error:
        raise _WrongCell(_("“%(text)s” is not a day such as 2025-06-30.") % {"text": text}) from error


def _yes_or_no(text: str) -> bool:
    if text not in {"是", "否", "yes", "no"}:
        raise _WrongCell(_("Write 是 or 否."))
    return text in {"是", "yes"}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _inventors(text: str) -> tuple[InventorFacts, ...]:
    inventors = []
    for part in _parts(text):
        name, _colon, share = part.replace("：", ":").partition(":")
        try:
            rate = Decimal(share.replace("%", "").strip()) / 100
        except InvalidOperation as error:
            raise _WrongCell(_("Write inventors as 发明人甲:60；发明人乙:40.")) from error
        inventors.append(InventorFacts(name.strip(), rate))
    return tuple(inventors)


def _patents(text: str) -> tuple[PatentFacts, ...]:
    patents = []
    for part in _parts(text):
        cells = [cell.strip() for cell in part.replace("｜", "|").split("|")]
        if len(cells) != 6:
            raise _WrongCell(_("Write a patent as six parts: number|kind|title|IPC|day of grant|legal state."))
        number, kind, title, ipc, granted, state = cells
        granted_on = _day(granted) if granted else None
        patents.append(PatentFacts(number, _one_of(PatentKind)(kind), title, ipc, granted_on, _one_of(LegalState)(state)))
    return tuple(patents)
