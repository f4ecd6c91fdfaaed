"""Rows as files: whole in a spreadsheet, harmless in it, and on their way before the last row is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from openpyxl import load_workbook

from market.spreadsheets import csv_answer, workbook_answer, workbook_parts

ROWS = [["名称", "<a & b>", ""], ["=HYPERLINK(1)", " \x0b\uffff端 ", "𠮷"], [3, "", "第一行\n第二行"]]
SHOWN = (("名称", "<a & b>", None), ("'=HYPERLINK(1)", " 端 ", "𠮷"), ("3", None, "第一行\n第二行"))


def test_a_workbook_has_every_text_as_it_is_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(b"".join(workbook_parts("登记 & “统计”", ROWS))))
    assert (book.sheetnames, tuple(book.active.iter_rows(values_only=True))) == (["登记 & “统计”"], SHOWN)
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}


def test_both_files_are_on_their_way_before_the_last_row_is_made() -> None:
    made: list[int] = []

    def rows() -> Iterator[list[str]]:
        for number in range(100_000):
            made.append(number)
            yield [f"{number * 7919 % 104729}"] * 20

    for answer in (csv_answer(rows(), "x"), workbook_answer("登记", rows(), "x")):
        made.clear()
        assert len(next(iter(answer.streaming_content))) >= 1 << 16
        assert len(made) < 10_000


def test_lines_are_guarded_and_the_first_has_the_mark_of_utf_8() -> None:
    content = b"".join(csv_answer(ROWS, "x").streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1][0] == "'=HYPERLINK(1)"
