"""The register as a spreadsheet: the fields of the national registration form, one contract a line, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from contracts.form_kinds import PartySide
from contracts.models import ContractParty
from contracts.national_form import CONTRACT_FIELDS, PARTY_FIELDS, FormLine, Subject
from contracts.queries.register import RegisterEntry
from contracts.queries.statistics import Figure
from contracts.wording import cut_name, cut_value, word_of
from market.spreadsheets import Row
from market.values.dates import day_of
from market.values.money import Money

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


def register_rows(entries: Iterable[RegisterEntry]) -> Iterator[Row]:
    """The headings, then a contract a line, read as they are sent."""
    yield [label for _name, label in columns()]
    yield from map(_cells, entries)


def named_register_rows(entries: Iterable[RegisterEntry]) -> Iterator[Row]:
    """The same with the national form's names above the headings."""
    yield [name for name, _label in columns()]
    yield from register_rows(entries)


def statistics_rows(figures: Mapping[str, Sequence[Figure]]) -> Iterator[Row]:
    """Every cut of the statistics, a figure a line."""
    heads = (gettext("Contracts"), gettext("Contract value"), gettext("Technology transaction value"))
    yield [gettext("Statistics"), "", *heads]
    for cut, rows in figures.items():
        for row in rows:
            amounts = (f"{Money(fen).in_yuan:.2f}" for fen in (row.contract_value_fen, row.technology_value_fen))
            yield [cut_name(cut), cut_value(cut, row.value), str(row.count), *amounts]


def form_rows(lines: Iterable[FormLine]) -> Iterator[Row]:
    """The registration form of one contract, a field a line."""
    yield [
        "field",
        pgettext("registration form", "Field"),
        pgettext("registration form", "Value"),
        pgettext("registration form", "Code"),
        gettext("Comes from"),
    ]
    for line in lines:
        yield [line.name, line.label, line.words, line.code, str(line.origin.label)]


def _cells(entry: RegisterEntry) -> Row:
    registration = entry.registration
    subject = Subject(entry.contract, registration.contract_value, registration.technology_value)
    cells = [registration.number, *(field.words(subject) for field in CONTRACT_FIELDS)]
    for parties in (entry.sellers, entry.buyers):
        first = parties[0] if parties else _NONE
        names = "、".join(party.name for party in parties)
        cells += [names, *(field.words(first) for field in PARTY_FIELDS[1:])]
    cells += [day_of(registration.registered_at), word_of(registration, "state"), word_of(registration, "origin")]
    return [str(cell or "") for cell in cells]
