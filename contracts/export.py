"""The register as a spreadsheet: the fields of the national registration form, one contract a line, however many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from tempfile import TemporaryFile
from typing import IO

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from contracts.form_kinds import PartySide
from contracts.models import ContractParty, Registration
from contracts.national_form import CONTRACT_FIELDS, PARTY_FIELDS, FormLine, Subject
from contracts.queries.statistics import Figure
from contracts.wording import cut_name, cut_value
from market.spreadsheets import plain_cell
from market.values.dates import day_of
from market.values.money import Money

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NONE = ContractParty()
_SIDES = ((PartySide.SELLER, _("Seller")), (PartySide.BUYER, _("Buyer")))


def columns() -> list[tuple[str, str]]:
    """The national form's names and, beside them, the headings."""
    return [
        ("number", gettext("Registration number")),
        *((field.name, str(field.label)) for field in CONTRACT_FIELDS),
        *((f"{side}{field.name}", f"{label}{gettext(': ')}{field.label}") for side, label in _SIDES for field in PARTY_FIELDS),
        ("registered", gettext("Registered on")),
        ("state", gettext("State")),
        ("origin", gettext("Origin")),
    ]


def register_csv(registrations: Iterable[Registration]) -> Iterator[str]:
    """The lines of the file, made as they are sent; the first carries the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + csv_line([label for _name, label in columns()])
    for registration in registrations:
        yield csv_line(_cells(registration))


def register_workbook(registrations: Iterable[Registration]) -> IO[bytes]:
    """The same as a workbook in a temporary file, written line by line."""
    heads = ([name for name, _label in columns()], [label for _name, label in columns()])
    return _workbook("合同登记", chain(heads, (_cells(registration) for registration in registrations)))


def form_workbook(lines: Iterable[FormLine]) -> IO[bytes]:
    """The registration form of one contract, a field a line."""
    return _workbook("技术合同登记表", _form_rows(lines))


def _workbook(title: str, rows: Iterable[Sequence[str]]) -> IO[bytes]:
    """A workbook of plain texts in a temporary file, written line by line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    out = TemporaryFile()  # noqa: SIM115 - given to the response, which closes it
    book.save(out)
    out.seek(0)
    return out


def statistics_csv(figures: Mapping[str, Sequence[Figure]]) -> str:
    """Every cut of the statistics, a figure a line."""
    return "\ufeff" + "".join(csv_line(cells) for cells in _statistics_rows(figures))


def statistics_workbook(figures: Mapping[str, Sequence[Figure]]) -> IO[bytes]:
    """The same as a workbook."""
    return _workbook("统计", _statistics_rows(figures))


def _statistics_rows(figures: Mapping[str, Sequence[Figure]]) -> Iterator[list[str]]:
    heads = (gettext("Contracts"), gettext("Contract value"), gettext("Technology transaction value"))
    yield [gettext("Statistics"), "", *heads]
    for cut, rows in figures.items():
        for row in rows:
            amounts = (f"{Money(fen).in_yuan:.2f}" for fen in (row.contract_value_fen, row.technology_value_fen))
            yield [plain_cell(cell) for cell in (cut_name(cut), cut_value(cut, row.value), str(row.count), *amounts)]


def form_csv(lines: Iterable[FormLine]) -> str:
    """The same as comma-separated text."""
    return "\ufeff" + "".join(csv_line(cells) for cells in _form_rows(lines))


def _form_rows(lines: Iterable[FormLine]) -> Iterator[list[str]]:
    yield ["field", gettext("Field"), gettext("Value"), gettext("Code"), gettext("Comes from")]
    for line in lines:
        yield [plain_cell(cell) for cell in (line.name, line.label, line.words, line.code, str(line.origin.label))]


def _cells(registration: Registration) -> list[str]:
    contract = registration.contract
    subject = Subject(contract, registration.contract_value, registration.technology_value)
    cells = [registration.number, *(field.words(subject) for field in CONTRACT_FIELDS)]
    for parties in (contract.sellers, contract.buyers):
        first = parties[0] if parties else _NONE
        names = "、".join(party.name for party in parties)
        cells += [names, *(field.words(first) for field in PARTY_FIELDS[1:])]
    cells += [day_of(registration.registered_at), registration.get_state_display(), registration.get_origin_display()]
    return [plain_cell(str(cell or "")) for cell in cells]


def csv_line(cells: Iterable[str]) -> str:
    """One line of a comma-separated file."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
