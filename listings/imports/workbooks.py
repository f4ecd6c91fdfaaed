"""The workbooks a university is given: the empty list with its explanations, and its own achievements in the same columns."""

from __future__ import annotations

import io
from collections.abc import Iterable

from openpyxl.worksheet.worksheet import Worksheet

from listings.codes import industry_names
from listings.imports.columns import COLUMNS, WORDS
from listings.kinds import LegalState, PatentKind
from listings.models.achievements import Achievement
from market.lists.workbooks import list_book, saved, template_book, write_row

_TITLE = "成果清单"


def template_workbook() -> io.BytesIO:
    """An empty list with one example row, a sheet that explains the columns, and one with the codes."""
    book = template_book(_TITLE, COLUMNS, WORDS)
    _list_codes(book.create_sheet("代码表"))
    return saved(book)


def achievements_workbook(achievements: Iterable[Achievement]) -> io.BytesIO:
    """These achievements in the columns of the list."""
    rows = ([_cell_of(achievement, column.field) for column in COLUMNS] for achievement in achievements)
    return saved(list_book(_TITLE, COLUMNS, rows))


def _list_codes(sheet: Worksheet) -> None:
    write_row(sheet, ["GB/T 4754-2017", ""])
    for code, name in industry_names().items():
        write_row(sheet, [code, name])
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
