"""The workbook a registry fills in with its earlier registrations."""

from __future__ import annotations

import io

from contracts.imports.columns import COLUMNS, words
from market.lists.workbooks import saved, template_book


def template_workbook() -> io.BytesIO:
    """An empty list with one example row and a sheet that explains the columns."""
    return saved(template_book("历年登记", COLUMNS, words()))
