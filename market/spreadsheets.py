"""Rows on their way into a spreadsheet: as comma-separated lines, as a workbook, and handed out as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import StreamingHttpResponse

# With these at its head a spreadsheet takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PORTION_BYTES = 1 << 16

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


class _Outlet:
    """What the archive has written and nobody has taken yet."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = bytes(self._written)
        self._written.clear()
        return data


def workbook_parts(title: str, rows: Iterable[Row]) -> Iterator[bytes]:
    """A workbook of plain texts, guarded as the lines are, made as it is sent: neither rows nor file are kept.

    Libraries write a workbook whole before its first byte can go. Raises RuntimeError beyond 2 GiB of sheet, some half a
    million contracts.
    """
    out = _Outlet()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        for name, text in _AROUND_THE_SHEET.items():
            book.writestr(name, _XML + text.format(title=escape(title, {'"': "&quot;"})))
        with book.open(_SHEET, "w") as sheet:
            sheet.write(f"{_XML}<worksheet {_MAIN}><sheetData>".encode())
            for row in rows:
                sheet.write(f"<row>{''.join(map(_workbook_cell, _cells(row)))}</row>".encode())
                yield out.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield out.taken()


def _workbook_cell(text: str) -> str:
    if not text:
        return "<c/>"
    plain = escape(_NOT_IN_XML.sub("", text))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET = "xl/worksheets/sheet1.xml"
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f'xmlns="{_FORMATS}/spreadsheetml/2006/main"'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = f"{_FORMATS}/officeDocument/2006/relationships"
_LINKS = (
    f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_PARTS}/{{}}" Target="{{}}"/></Relationships>'
)
# By ECMA-376: what each part is, where the workbook is, which sheets it has, and where its one sheet is.
_AROUND_THE_SHEET = {
    "[Content_Types].xml": f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": _LINKS.format("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_PARTS}">'
    '<sheets><sheet name="{title}" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _LINKS.format("worksheet", "worksheets/sheet1.xml"),
}


def csv_answer(rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """The rows as a download of this name, with csv as its ending."""
    return _download(map(str.encode, csv_lines(rows)), "text/csv; charset=utf-8", f"{name}.csv")


def workbook_answer(title: str, rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """The rows as a workbook to download, with xlsx as its ending."""
    return _download(workbook_parts(title, rows), f"{_TYPE}.sheet", f"{name}.xlsx")


def _download(pieces: Iterable[bytes], kind: str, file_name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_portions(pieces), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _portions(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces put together: each that is sent goes through a thread of its own."""
    portion = bytearray()
    for piece in pieces:
        portion += piece
        if len(portion) >= _PORTION_BYTES:
            yield bytes(portion)
            portion.clear()
    yield bytes(portion)


def _cells(row: Row) -> list[str]:
    return [plain_cell(cell) if isinstance(cell, str) else str(cell) for cell in row]
