"""The workbooks that are handed out for a list: the empty one with its explanations, and rows in the same columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from market.lists.columns import Column, Words
from market.lists.reading import MOST_ROWS
from market.spreadsheets import FORMULA_MARKS

# Excel takes no longer list of words in a cell's offer.
_LONGEST_OFFER = 255


def list_book(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Workbook:
    """A workbook with this list. Every cell is text: nothing in it is ever run as a formula."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    write_row(sheet, [column.heading for column in columns])
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True)
        if columns[number - 1].is_required:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 22
        # Text, so that a code keeps its leading zero and a number its last digits.
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "B2"
    for row in rows:
        write_row(sheet, row)
    return book


def template_book(title: str, columns: Sequence[Column], words: Words) -> Workbook:
    """The empty list with one example row and a sheet that explains the columns."""
    book = list_book(title, columns, [[column.example for column in columns]])
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    _offer_choices(sheet, columns, words)
    _explain_columns(book.create_sheet("填写说明"), columns, words)
    return book


def write_row(sheet: Worksheet, texts: Iterable[str]) -> None:
    """One more row of plain texts."""
    row = sheet.max_row + 1 if sheet["A1"].value is not None else 1
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(row, number)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.data_type = "s"
        cell.number_format = "@"
        if text.startswith(FORMULA_MARKS):
            cell.quotePrefix = True


def _offer_choices(sheet: Worksheet, columns: Sequence[Column], words: Words) -> None:
    for number, column in enumerate(columns, start=1):
        if column.choices is None:
            continue
        offered = ",".join(words[column.choices])
        if len(offered) > _LONGEST_OFFER:
            continue
        offer = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=not column.is_required)
        sheet.add_data_validation(offer)
        letter = get_column_letter(number)
        offer.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _explain_columns(sheet: Worksheet, columns: Sequence[Column], words: Words) -> None:
    write_row(sheet, [_("Column"), _("Required"), _("What to write"), _("Words of the list"), _("Example")])
    for column in columns:
        listed = "、".join(words[column.choices]) if column.choices else ""
        write_row(sheet, [column.heading, _("Yes") if column.is_required else _("No"), str(column.note), listed, column.example])
    for letter, width in zip("ABCDE", (20, 8, 48, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def saved(book: Workbook) -> io.BytesIO:
    """The workbook as a file, to be read from its beginning."""
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content
