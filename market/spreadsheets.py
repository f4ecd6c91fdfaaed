"""Rows on their way into a spreadsheet: as comma-separated lines, as a workbook, and handed out as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# With these at its head a spreadsheet takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

type Row = Sequence[str | Decimal | int]


def plain_cell(text: str) -> str:
    """The text such that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a file, made as they are sent; the first carries the mark by which spreadsheets know UTF-8.

    Texts are guarded; numbers are not, whose minus is meant.
    """
    mark = "\ufeff"
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow(_cells(row))
        yield mark + out.getvalue()
        mark = ""


def text_workbook(title: str, rows: Iterable[Row]) -> IO[bytes]:
    """A workbook of plain texts in a temporary file, written line by line; guarded as the lines are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in _cells(row)])
    out = TemporaryFile()  # noqa: SIM115 - given to the response, which closes it
    book.save(out)
    out.seek(0)
    return out


def csv_answer(rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """The rows as a download of this name, with csv as its ending."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def workbook_answer(title: str, rows: Iterable[Row], name: str) -> FileResponse:
    """The rows as a workbook to download, with xlsx as its ending."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(text_workbook(title, rows), as_attachment=True, filename=f"{name}.xlsx", content_type=kind)


def _cells(row: Row) -> list[str]:
    return [plain_cell(cell) if isinstance(cell, str) else str(cell) for cell in row]
