"""What a page shows of a list before it is entered: which rows are right, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.forms import BaseForm

from market.documents.models import Document
from market.lists.reading import RowError, UnreadableFile

# More than a person reads in one go; the rest shows after these are mended.
MOST_SHOWN = 200


class CheckedRow(Protocol):
    """A row as it was read."""

    @property
    def errors(self) -> Iterable[RowError]: ...


def preview(form: BaseForm, document: Document, check: Callable[[str, bytes], Iterable[CheckedRow]]) -> dict[str, Any]:
    """The rows of the file by `check`, for `list_import.html`; or the form says why there are none."""
    with document.file.open("rb") as source:
        content = source.read()
    try:
        rows = list(check(document.name, content))
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return {}
    wrong = [row for row in rows if row.errors]
    errors = [error for row in wrong for error in row.errors]
    return {
        "right": [row for row in rows if not row.errors],
        "wrong": wrong,
        "shown_errors": errors[:MOST_SHOWN],
        "error_count": len(errors),
        "document": document,
    }
