"""What does a list say, row by row? Excel or comma-separated, as spreadsheets write them."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from market.lists.columns import Column

MOST_ROWS = 5000


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


class WrongCell(Exception):
    """What stands in a cell cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell: the row as the file counts it, the column's heading, the sentence, and what was typed."""

    row: int
    column: str
    message: str
    typed: str = ""


type Cells = dict[str, str]


def read_rows(name: str, content: bytes, columns: Sequence[Column]) -> list[tuple[int, Cells]]:
    """The filled rows of an xlsx or csv file with their numbers. Raises `UnreadableFile`."""
    rows = list(_xlsx_rows(content, len(columns)) if name.lower().endswith(".xlsx") else _csv_rows(content))
    if not rows:
        raise UnreadableFile(_("The file is empty."))
    headings = [heading.strip() for heading in rows[0]]
    missing = [column.heading for column in columns if column.is_required and column.heading not in headings]
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


def _xlsx_rows(content: bytes, columns: int) -> Iterator[list[str]]:
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS * 2, max_col=columns * 2):
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


def one_of(words: dict[str, str], text: str) -> str:
    """The value that this word stands for; values are understood too. Raises `WrongCell`."""
    value = words.get(text, text)
    if value not in words.values():
        raise WrongCell(_("“%(text)s” is none of: %(words)s.") % {"text": text[:30], "words": "、".join(words)})
    return value


def day_in(text: str) -> date:
    """The day, however people write it. Raises `WrongCell`."""
    plain = unicodedata.normalize("NFKC", text).replace("年", "-").replace("月", "-").replace("日", "")
    try:
        year, month, day = (int(part) for part in plain.replace("/", "-").replace(".", "-").split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise WrongCell(_("“%(text)s” is not a day such as 2025-06-30.") % {"text": text[:30]}) from error


def yes_or_no(text: str) -> bool:
    """True for yes. Raises `WrongCell`."""
    if text.lower() not in {"是", "否", "yes", "no"}:
        raise WrongCell(_("Write 是 or 否."))
    return text.lower() in {"是", "yes"}


def not_empty(text: str) -> str:
    """The text of a cell that must say something. Raises `WrongCell`."""
    if not text:
        raise WrongCell(_("This cell must be filled in."))
    return text


def at_most(longest: int, text: str) -> str:
    """The text, if it is no longer than that. Raises `WrongCell`."""
    if len(text) > longest:
        raise WrongCell(_("At most %(most)s characters.") % {"most": longest})
    return text
