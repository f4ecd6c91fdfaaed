"""The register as a spreadsheet: the fields of the national registration form, one contract a line, however many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from contracts.models import ContractParty, Registration, TechnologyContract
from market.spreadsheets import plain_cell

_NONE = ContractParty()

# The national form's names beside the headings, so that nobody retypes a contract.
COLUMNS = (
    ("number", _("Registration number")),
    ("projectname", _("Title")),
    ("contracttype", _("Kind")),
    ("subtype", _("Sub-kind")),
    ("sellername", _("Seller")),
    ("sellercode", _("Seller's code")),
    ("sellertype", _("Kind of seller")),
    ("sellerregion", _("Region of the seller")),
    ("buyername", _("Buyer")),
    ("buyercode", _("Buyer's code")),
    ("buyertype", _("Kind of buyer")),
    ("buyerregion", _("Region of the buyer")),
    ("totalamount", _("Contract value")),
    ("technicalamount", _("Technology transaction value")),
    ("paymethod", _("Payment")),
    ("signdate", _("Signed on")),
    ("contractbegindate", _("Valid from")),
    ("contractenddate", _("Valid until")),
    ("ipr", _("Intellectual property")),
    ("projectplantype", _("Origin of funding")),
    ("techarea", _("Field of technology")),
    ("socialgoal", _("Social-economic goal")),
    ("industry", _("Industry served (GB/T 4754)")),
    ("isrelated", _("Between related parties")),
    ("iscrossborder", _("Cross-border")),
    ("registered", _("Registered on")),
    ("state", _("State")),
)


def register_csv(registrations: Iterable[Registration]) -> Iterator[str]:
    """The lines of the file, made as they are sent; the first carries the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line([str(label) for _name, label in COLUMNS])
    for registration in registrations:
        yield _line(_cells(registration))


def register_workbook(registrations: Iterable[Registration]) -> IO[bytes]:
    """The same as a workbook in a temporary file, written line by line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("合同登记")
    sheet.append([name for name, _label in COLUMNS])
    sheet.append([str(label) for _name, label in COLUMNS])
    for registration in registrations:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in _cells(registration)])
    out = TemporaryFile()  # noqa: SIM115 - given to the response, which closes it
    book.save(out)
    out.seek(0)
    return out


def _cells(registration: Registration) -> list[str]:
    contract = registration.contract
    return [plain_cell(cell) for cell in (registration.number, *_of_contract(contract, registration))]


def _of_contract(contract: TechnologyContract, registration: Registration) -> list[str]:
    cells = [contract.title, str(contract.get_kind_display()), str(contract.get_sub_kind_display())]
    for parties in (contract.sellers, contract.buyers):
        first = parties[0] if parties else _NONE
        name = "、".join(party.name for party in parties)
        cells += [name, first.code, str(first.get_nature_display()), first.region]
    return [
        *cells,
        f"{registration.contract_value.in_yuan:.2f}",
        f"{registration.technology_value.in_yuan:.2f}",
        str(contract.get_payment_mode_display()),
        *(day.isoformat() if day else "" for day in (contract.signed_on, contract.valid_from, contract.valid_until)),
        str(contract.get_ip_kind_display()),
        str(contract.get_funding_source_display()),
        str(contract.get_technology_field_display()),
        str(contract.get_objective_display()),
        contract.industry_served,
        "是" if contract.is_related_party else "否",
        "是" if contract.is_cross_border else "否",
        registration.registered_at.date().isoformat(),
        str(registration.get_state_display()),
    ]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
