"""What does a list of earlier registrations say, row by row, and what is wrong with it?"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contracts.actions.taking_over import TakenEntry, facts_of_entry
from contracts.imports.columns import COLUMNS, HEADING_OF, words
from contracts.queries.taking_over import Standing, standing_among
from contracts.rules.taking_over import may_take_over
from market.lists import reading
from market.lists.columns import Column
from market.lists.reading import Cells, RowError, WrongCell, at_most, day_in, not_empty, one_of, yes_or_no
from market.refusals import sentence
from market.values.money import Money

_LONGEST = {"number": 16, "title": 120, "seller_code": 18, "buyer_code": 18, "content": 10000, "industry_served": 4}


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: its number in the file, its title as far as it could be read, the entry or what is wrong with it."""

    number: int
    title: str
    entry: TakenEntry | None
    errors: list[RowError] = field(default_factory=list)


def read_rows(name: str, content: bytes) -> list[tuple[int, Cells]]:
    """The filled rows of a list of earlier registrations with their numbers. Raises `UnreadableFile`."""
    return reading.read_rows(name, content, COLUMNS)


def checked_list(name: str, content: bytes, *, today: date) -> list[Row]:
    """Every filled row of the file as an entry, or what is wrong with it. Raises `UnreadableFile`."""
    rows = read_rows(name, content)
    days = []
    for _number, cells in rows:
        with contextlib.suppress(WrongCell):
            days.append(day_in(cells.get(HEADING_OF["signed_on"], "").strip()))
    standing = standing_among([cells.get(HEADING_OF["number"], "").strip() for _number, cells in rows], days)
    return list(checked_rows(rows, today=today, standing=standing))


def checked_rows(rows: Iterable[tuple[int, Cells]], *, today: date, standing: Standing) -> Iterator[Row]:
    """Each row as an entry, or what is wrong with it; `standing` is what the register holds, and grows with every row."""
    for number, cells in rows:
        entry, errors = _entry_of(number, cells)
        if entry is not None:
            errors = [*_rule_errors(number, entry, cells, standing, today), *_example(number, entry)]
            standing.add(entry.number, entry.same)
        yield Row(number, cells.get(HEADING_OF["title"], "").strip()[:120], None if errors else entry, errors)


def _entry_of(number: int, cells: Cells) -> tuple[TakenEntry | None, list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in COLUMNS:
        text = cells.get(column.heading, "").strip()
        if not text and not column.is_required:
            continue
        try:
            values[column.field] = _parse(column, text)
        except WrongCell as wrong:
            errors.append(RowError(number, column.heading, str(wrong), text))
    return (None, errors) if errors else (TakenEntry(**values), errors)


def _parse(column: Column, text: str) -> Any:
    if column.is_required:
        not_empty(text)
    if column.choices is not None:
        return one_of(words()[column.choices], text)
    if longest := _LONGEST.get(column.field):
        at_most(longest, text)
    parse = _PARSERS.get(column.field)
    return parse(text) if parse else text


def _rule_errors(number: int, entry: TakenEntry, cells: Cells, standing: Standing, today: date) -> list[RowError]:
    if standing.holds(entry.number):
        message = _("This number stands in the register or further up in the list.")
        return [RowError(number, HEADING_OF["number"], message, entry.number)]
    facts = facts_of_entry(entry, twin=standing.twin_of(entry.same))
    found = []
    for refusal in may_take_over(facts, today=today):
        heading = HEADING_OF.get(refusal.field or "", "")
        found.append(RowError(number, heading, sentence(refusal), cells.get(heading, "")))
    return found


def _example(number: int, entry: TakenEntry) -> list[RowError]:
    example = next(column.example for column in COLUMNS if column.field == "title")
    if entry.title != example:
        return []
    return [RowError(number, HEADING_OF["title"], _("This is the example: delete this row."), entry.title)]


def _money(text: str) -> Money:
    try:
        return Money.yuan(text.replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").strip())
    except ValueError as error:
        raise WrongCell(_("“%(text)s” is no amount in yuan.") % {"text": text[:30]}) from error


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.replace("；", "、").replace(";", "、").split("、") if name.strip())
    for name in names:
        at_most(120, name)
    return names or (not_empty(""),)


_PARSERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("registered_on", "signed_on", "valid_from", "valid_until", "ended_on"), day_in),
    **dict.fromkeys(("contract_value", "technology_value"), _money),
    **dict.fromkeys(("is_related_party", "is_cross_border"), yes_or_no),
    **dict.fromkeys(("seller_name", "buyer_name"), _names),
    **dict.fromkeys(("seller_code", "buyer_code"), str.upper),
}
