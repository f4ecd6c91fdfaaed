"""What does a list say, row by row, and what is wrong with it?"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from listings.actions.achievements import AchievementEntry, facts_of_entry
from listings.imports.columns import COLUMNS, HEADING_OF, WORDS
from listings.kinds import LegalState, PatentKind
from listings.rules.achievements import InventorFacts, PatentFacts, may_submit
from market.lists import reading
from market.lists.columns import Column
from market.lists.reading import Cells, RowError, WrongCell, at_most, day_in, not_empty, one_of, yes_or_no
from market.refusals import sentence

_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LONGEST = {"title": 120, "evaluator": 120, "contact": 120, "gbt4754": 4}


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: its number in the file, its title as far as it could be read, the entry or what is wrong with it."""

    number: int
    title: str
    entry: AchievementEntry | None
    errors: list[RowError] = field(default_factory=list)


def read_rows(name: str, content: bytes) -> list[tuple[int, Cells]]:
    """The filled rows of a list of achievements with their numbers. Raises `UnreadableFile`."""
    return reading.read_rows(name, content, COLUMNS)


def checked_rows(rows: Iterable[tuple[int, Cells]], *, today: date, taken: Collection[str] = ()) -> Iterator[Row]:
    """Each row as an entry, or what is wrong with it; `taken` are the titles the organisation has entered before."""
    seen: dict[str, int] = {}
    for number, cells in rows:
        entry, errors = _entry_of(number, cells)
        if entry is not None:
            errors = _rule_errors(number, entry, today) + _twice(number, entry.title, seen, taken) + _example(number, entry)
            seen.setdefault(entry.title, number)
        yield Row(number, cells.get(HEADING_OF["title"], "").strip()[:120], None if errors else entry, errors)


def entry_key(source: str, number: int) -> str:
    """The key of the entry that this row of this file becomes: confirmed twice, the file is still loaded once."""
    digest = int.from_bytes(hashlib.sha256(f"{source}:{number}".encode()).digest())
    letters = []
    for _place in range(16):
        digest, index = divmod(digest, len(_KEY_LETTERS))
        letters.append(_KEY_LETTERS[index])
    return "".join(letters)


def _twice(number: int, title: str, seen: dict[str, int], taken: Collection[str]) -> list[RowError]:
    if title in seen:
        return [RowError(number, HEADING_OF["title"], _("Row %(first)s has the same title.") % {"first": seen[title]})]
    if title in taken:
        return [RowError(number, HEADING_OF["title"], _("Your organisation has entered an achievement of this title already."))]
    return []


def _example(number: int, entry: AchievementEntry) -> list[RowError]:
    example = next(column.example for column in COLUMNS if column.field == "abstract")
    return (
        [RowError(number, HEADING_OF["title"], _("This is the example: delete this row."))] if entry.abstract == example else []
    )


def _entry_of(number: int, cells: Cells) -> tuple[AchievementEntry | None, list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in COLUMNS:
        text = cells.get(column.heading, "").strip()
        # An empty cell of a column that need not be filled leaves the field as it is by default.
        if not text and not column.is_required and column.field not in _WHEN_EMPTY:
            continue
        try:
            values[column.field] = _parse(column, text)
        except WrongCell as wrong:
            errors.append(RowError(number, column.heading, str(wrong), text))
    return (None, errors) if errors else (AchievementEntry(**values), errors)


def _parse(column: Column, text: str) -> Any:
    if column.is_required:
        not_empty(text)
    if column.choices is not None:
        return one_of(WORDS[column.choices], text)
    if longest := _LONGEST.get(column.field):
        at_most(longest, text)
    parse = _PARSERS.get(column.field)
    return parse(text) if parse else text


def _rule_errors(number: int, entry: AchievementEntry, today: date) -> list[RowError]:
    return [
        RowError(number, HEADING_OF.get(refusal.field or "", ""), sentence(refusal))
        for refusal in may_submit(facts_of_entry(entry), today=today)
    ]


def _words(text: str) -> tuple[str, ...]:
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _inventors(text: str) -> tuple[InventorFacts, ...]:
    inventors = []
    for part in _parts(text):
        name, _colon, share = unicodedata.normalize("NFKC", part).partition(":")
        try:
            percent = Decimal(share.replace("%", "").strip())
        except InvalidOperation as error:
            raise WrongCell(_("Write inventors as 发明人甲:60；发明人乙:40.")) from error
        # As in the form: what the database could not hold exactly is refused, not rounded.
        if not name.strip() or len(name) > 60 or not percent.is_finite() or percent != round(percent, 3):
            raise WrongCell(_("Write inventors as 发明人甲:60；发明人乙:40."))
        inventors.append(InventorFacts(name.strip(), percent / 100))
    return tuple(inventors)


def _patents(text: str) -> tuple[PatentFacts, ...]:
    patents = []
    for part in _parts(text):
        cells = [cell.strip() for cell in part.replace("｜", "|").split("|")]
        if len(cells) != 6 or len(cells[0]) > 20 or len(cells[2]) > 120 or len(cells[3]) > 20:
            raise WrongCell(_("Write a patent as six parts: number|kind|title|IPC|day of grant|legal state."))
        number, kind, title, ipc, granted, state = cells
        granted_on = day_in(granted) if granted else None
        patents.append(
            PatentFacts(number, one_of(WORDS[PatentKind], kind), title, ipc.upper(), granted_on, one_of(WORDS[LegalState], state))
        )
    return tuple(patents)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "keywords": _words,
    "co_completers": _words,
    "completed_on": day_in,
    "started_on": day_in,
    "evaluated_on": day_in,
    "is_publicly_funded": yes_or_no,
    "inventors": _inventors,
    "patents": _patents,
}
# Fields an entry cannot do without, though their column may be empty or missing.
_WHEN_EMPTY = frozenset({"keywords", "gbt4754", "patents"})
