"""Texts on their way into a spreadsheet."""

from __future__ import annotations

# With these at its head a spreadsheet takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """The text such that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
