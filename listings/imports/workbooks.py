"""The workbooks a university is given: the empty list with its explanations, and its own achievements in the same columns."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from listings.codes import industry_names
from listings.imports.columns import COLUMNS, WORDS
from listings.imports.reading import MOST_ROWS
from listings.kinds import LegalState, PatentKind
from listings.models.achievements import Achievement
from market.spreadsheets import FORMULA_MARKS


def template_workbook() -> io.BytesIO:
    """An empty list with one example row, a sheet that explains the columns, and one with the codes."""
    book = Workbook()
    sheet = _list_sheet(book)
    _write_row(sheet, [column.example for column in COLUMNS])
    _offer_choices(sheet)
    _explain_columns(book.create_sheet("填写说明"))
    _list_codes(book.create_sheet("代码表"))
    return _saved(book)


def achievements_workbook(achievements: Iterable[Achievement]) -> io.BytesIO:
    """These achievements in the columns of the list. Every cell is text: nothing in it is ever run as a formula."""
    book = Workbook()
    sheet = _list_sheet(book)
    for achievement in achievements:
        _write_row(sheet, [_cell_of(achievement, column.field) for column in COLUMNS])
    return _saved(book)


def _list_sheet(book: Workbook) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "成果清单"
    _write_row(sheet, [column.heading for column in COLUMNS])
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True)
        if COLUMNS[number - 1].is_required:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 22
        # Text, so that a code keeps its leading zero and a number its last digits.
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "B2"
    return sheet


def _write_row(sheet: Worksheet, texts: Iterable[str]) -> None:
    row = sheet.max_row + 1 if sheet["A1"].value is not None else 1
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(row, number)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.data_type = "s"
        cell.number_format = "@"
        if text.startswith(FORMULA_MARKS):
            cell.quotePrefix = True


def _offer_choices(sheet: Worksheet) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        if column.choices is None:
            continue
        words = ",".join(WORDS[column.choices])
        offer = DataValidation(type="list", formula1=f'"{words}"', allow_blank=not column.is_required)
        sheet.add_data_validation(offer)
        letter = get_column_letter(number)
        offer.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _explain_columns(sheet: Worksheet) -> None:
    _write_row(sheet, [_("Column"), _("Required"), _("What to write"), _("Words of the list"), _("Example")])
    for column in COLUMNS:
        words = "、".join(WORDS[column.choices]) if column.choices else ""
        _write_row(sheet, [column.heading, _("Yes") if column.is_required else _("No"), str(column.note), words, column.example])
    for letter, width in zip("ABCDE", (20, 8, 48, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def _list_codes(sheet: Worksheet) -> None:
    _write_row(sheet, ["GB/T 4754-2017", ""])
    for code, name in industry_names().items():
        _write_row(sheet, [code, name])
    sheet.column_dimensions["B"].width = 48


def _cell_of(achievement: Achievement, field: str) -> str:
    match field:
        case "inventors":
            return "；".join(f"{row.name}:{row.share_percent.normalize():f}" for row in achievement.inventors.all())
        case "patents":
            return "；".join(
                "|".join(
                    [
                        patent.number,
                        _word(PatentKind, patent.kind),
                        patent.title,
                        patent.ipc,
                        str(patent.granted_on or ""),
                        _word(LegalState, patent.legal_state),
                    ]
                )
                for patent in achievement.patents.all()
            )
        case "is_publicly_funded":
            return "是" if achievement.is_publicly_funded else "否"
    value = getattr(achievement, field)
    if isinstance(value, list):
        return "，".join(value)
    choices = next((column.choices for column in COLUMNS if column.field == field), None)
    return _word(choices, value) if choices else str(value or "")


def _word(choices: type, value: str) -> str:
    return next((word for word, code in WORDS[choices].items() if code == value), value)


def _saved(book: Workbook) -> io.BytesIO:
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content
