"""Texts on their way into a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

# With these at its head a spreadsheet takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """The text such that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def csv_lines(rows: Iterable[Sequence[str | Decimal]]) -> Iterator[str]:
    """The lines of a file, made as they are sent; the first carries the mark by which spreadsheets know UTF-8.

    Texts are guarded; numbers are not, whose minus is meant.
    """
    yield "\ufeff"
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue()
