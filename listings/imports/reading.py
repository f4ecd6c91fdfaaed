"""What does a list say, row by row, and what is wrong with it?"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import BadZipFile

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from listings.actions.achievements import AchievementEntry, facts_of_entry
from listings.imports.columns import COLUMNS, HEADING_OF, WORDS, Column
from listings.kinds import LegalState, PatentKind
from listings.rules.achievements import InventorFacts, PatentFacts, may_submit
from market.refusals import sentence

MOST_ROWS = 5000
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LONGEST = {"title": 120, "evaluator": 120, "contact": 120, "gbt4754": 4}


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell: the row as the file counts it, the column's heading, the sentence."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: its number in the file, its title as far as it could be read, the entry or what is wrong with it."""

    number: int
    title: str
    entry: AchievementEntry | None
    errors: list[RowError] = field(default_factory=list)


class _WrongCell(Exception):
    pass


type Cells = dict[str, str]


def read_rows(name: str, content: bytes) -> list[tuple[int, Cells]]:
    """The filled rows of an xlsx or csv file with their numbers. Raises `UnreadableFile`."""
    rows = list(_xlsx_rows(content) if name.lower().endswith(".xlsx") else _csv_rows(content))
    if not rows:
        raise UnreadableFile(_("The file is empty."))
    headings = [heading.strip() for heading in rows[0]]
    missing = [column.heading for column in COLUMNS if column.is_required and column.heading not in headings]
    if missing:
        raise UnreadableFile(_("Columns are missing: %(columns)s.") % {"columns": "、".join(missing)})
    if doubled := sorted({heading for heading in headings if heading and headings.count(heading) > 1}):
        raise UnreadableFile(_("Columns stand there twice: %(columns)s.") % {"columns": "、".join(doubled)})
    filled = [
        (number, dict(zip(headings, cells, strict=False)))
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not filled:
        raise UnreadableFile(_("There is no row below the headings."))
    if len(filled) > MOST_ROWS:
        raise UnreadableFile(_("At most %(most)s rows at a time.") % {"most": MOST_ROWS})
    return filled


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS * 2, max_col=len(COLUMNS) * 2):
            yield [_as_text(cell) for cell in row]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile(_("This is not an Excel workbook.")) from error


def _as_text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            return iter(list(csv.reader(io.StringIO(text, newline=""))))
        except csv.Error as error:
            raise UnreadableFile(_("This is not a list with commas: %(why)s.") % {"why": error}) from error
    raise UnreadableFile(_("This is not a text file in UTF-8 or GB18030."))


def checked_rows(rows: Iterable[tuple[int, Cells]], *, today: date, taken: Collection[str] = ()) -> Iterator[Row]:
    """Each row as an entry, or what is wrong with it; `taken` are the titles the organisation has entered before."""
    seen: dict[str, int] = {}
    for number, cells in rows:
        entry, errors = _entry_of(number, cells)
        if entry is not None:
            errors = _rule_errors(number, entry, today) + _twice(number, entry.title, seen, taken) + _example(number, entry)
            seen.setdefault(entry.title, number)
        yield Row(number, cells.get(HEADING_OF["title"], "").strip()[:120], None if errors else entry, errors)


def entry_key(source: str, number: int) -> str:
    """The key of the entry that this row of this file becomes: confirmed twice, the file is still loaded once."""
    digest = int.from_bytes(hashlib.sha256(f"{source}:{number}".encode()).digest())
    letters = []
    for _place in range(16):
        digest, index = divmod(digest, len(_KEY_LETTERS))
        letters.append(_KEY_LETTERS[index])
    return "".join(letters)


def _twice(number: int, title: str, seen: dict[str, int], taken: Collection[str]) -> list[RowError]:
    if title in seen:
        return [RowError(number, HEADING_OF["title"], _("Row %(first)s has the same title.") % {"first": seen[title]})]
    if title in taken:
        return [RowError(number, HEADING_OF["title"], _("Your organisation has entered an achievement of this title already."))]
    return []


def _example(number: int, entry: AchievementEntry) -> list[RowError]:
    example = next(column.example for column in COLUMNS if column.field == "abstract")
    return (
        [RowError(number, HEADING_OF["title"], _("This is the example: delete this row."))] if entry.abstract == example else []
    )


def _entry_of(number: int, cells: Cells) -> tuple[AchievementEntry | None, list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in COLUMNS:
        text = cells.get(column.heading, "").strip()
        # An empty cell of a column that need not be filled leaves the field as it is by default.
        if not text and not column.is_required and column.field not in _WHEN_EMPTY:
            continue
        try:
            values[column.field] = _parse(column, text)
        except _WrongCell as wrong:
            errors.append(RowError(number, column.heading, str(wrong)))
    return (None, errors) if errors else (AchievementEntry(**values), errors)


def _parse(column: Column, text: str) -> Any:
    if not text and column.is_required:
        raise _WrongCell(_("This cell must be filled in."))
    if column.choices is not None:
        return _one_of(column.choices)(text)
    if (longest := _LONGEST.get(column.field)) and len(text) > longest:
        raise _WrongCell(_("At most %(most)s characters.") % {"most": longest})
    parse = _PARSERS.get(column.field)
    return parse(text) if parse else text


def _rule_errors(number: int, entry: AchievementEntry, today: date) -> list[RowError]:
    return [
        RowError(number, HEADING_OF.get(refusal.field or "", ""), sentence(refusal))
        for refusal in may_submit(facts_of_entry(entry), today=today)
    ]


def _one_of(choices: type[TextChoices]) -> Callable[[str], str]:
    words = WORDS[choices]

    def parse(text: str) -> str:
        value = words.get(text, text)
        if value not in choices.values:
            raise _WrongCell(_("“%(text)s” is none of: %(words)s.") % {"text": text[:30], "words": "、".join(words)})
        return value

    return parse


def _words(text: str) -> tuple[str, ...]:
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _day(text: str) -> date:
    plain = unicodedata.normalize("NFKC", text).replace("年", "-").replace("月", "-").replace("日", "")
    try:
        year, month, day = (int(part) for part in plain.replace("/", "-").replace(".", "-").split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise _WrongCell(_("“%(text)s” is not a day such as 2025-06-30.") % {"text": text[:30]}) from error


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"是", "否", "yes", "no"}:
        raise _WrongCell(_("Write 是 or 否."))
    return text.lower() in {"是", "yes"}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _inventors(text: str) -> tuple[InventorFacts, ...]:
    inventors = []
    for part in _parts(text):
        name, _colon, share = unicodedata.normalize("NFKC", part).partition(":")
        try:
            percent = Decimal(share.replace("%", "").strip())
        except InvalidOperation as error:
            raise _WrongCell(_("Write inventors as 发明人甲:60；发明人乙:40.")) from error
        # As in the form: what the database could not hold exactly is refused, not rounded.
        if not name.strip() or len(name) > 60 or not percent.is_finite() or percent != round(percent, 3):
            raise _WrongCell(_("Write inventors as 发明人甲:60；发明人乙:40."))
        inventors.append(InventorFacts(name.strip(), percent / 100))
    return tuple(inventors)


def _patents(text: str) -> tuple[PatentFacts, ...]:
    patents = []
    for part in _parts(text):
        cells = [cell.strip() for cell in part.replace("｜", "|").split("|")]
        if len(cells) != 6 or len(cells[0]) > 20 or len(cells[2]) > 120 or len(cells[3]) > 20:
            raise _WrongCell(_("Write a patent as six parts: number|kind|title|IPC|day of grant|legal state."))
        number, kind, title, ipc, granted, state = cells
        granted_on = _day(granted) if granted else None
        patents.append(PatentFacts(number, _one_of(PatentKind)(kind), title, ipc.upper(), granted_on, _one_of(LegalState)(state)))
    return tuple(patents)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "keywords": _words,
    "co_completers": _words,
    "completed_on": _day,
    "started_on": _day,
    "evaluated_on": _day,
    "is_publicly_funded": _yes_or_no,
    "inventors": _inventors,
    "patents": _patents,
}
# Fields an entry cannot do without, though their column may be empty or missing.
_WHEN_EMPTY = frozenset({"keywords", "gbt4754", "patents"})
