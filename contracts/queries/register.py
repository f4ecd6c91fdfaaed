"""What stands in the register: page by page, and as one long list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched

from django.db.models import Q, QuerySet

from contracts.form_kinds import PartySide
from contracts.models import ContractParty, Registration, TechnologyContract
from contracts.rules.taking_over import WITH_16_DIGITS

PAGE_LENGTH = 50
_CHUNK = 500
# The longest number: year, registry, serial.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the register, and where the next one begins."""

    registrations: list[Registration]
    next_before: str


def filtered(registrations: QuerySet[Registration], *, kind: str, year: int | None, number: str) -> QuerySet[Registration]:
    """Those of a kind, a year and a number, as far as each is asked for."""
    if kind:
        registrations = registrations.filter(kind=kind)
    if year:
        registrations = registrations.filter(_of_year(year))
    return registrations.filter(_beginning(number)) if number else registrations


def _of_year(year: int) -> Q:
    """A number says its year, in four digits or, when it has 14, in two; a page of a year is so a range of numbers."""
    in_four = _beginning(str(year))
    return in_four | _beginning(str(year)[2:]) if year < WITH_16_DIGITS else in_four


def _beginning(digits: str) -> Q:
    """Numbers that begin so, as a range: an index of numbers is of use for it on every database."""
    return Q(number__gte=digits, number__lte=digits.ljust(_DIGITS, "9"))


def register_page(registrations: QuerySet[Registration], *, before: str) -> RegisterPage:
    """The newest below this number; by number, not by page, so that the last page costs what the first does."""
    rows = registrations.filter(number__lt=before) if before else registrations
    rows = rows.select_related("contract__seller", "contract__buyer").prefetch_related("contract__parties")
    found = list(rows.order_by("-number")[: PAGE_LENGTH + 1])
    more = len(found) > PAGE_LENGTH
    shown = found[:PAGE_LENGTH]
    return RegisterPage(shown, shown[-1].number if more else "")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A registration with its contract and the parties of each side."""

    registration: Registration
    contract: TechnologyContract
    sellers: list[ContractParty]
    buyers: list[ContractParty]


def every_entry(registrations: QuerySet[Registration]) -> Iterator[RegisterEntry]:
    """All of them, oldest first, some hundred at a time: memory does not grow with the register.

    Django would link the rows in circles, which are only now and then thrown away: they are put together here instead.
    """
    for some in batched(registrations.order_by("pk").iterator(chunk_size=_CHUNK), _CHUNK):
        contracts = TechnologyContract.objects.in_bulk([it.contract_id for it in some])
        parties: defaultdict[tuple[int, str], list[ContractParty]] = defaultdict(list)
        for party in ContractParty.objects.filter(contract__in=contracts).order_by("position"):
            parties[party.contract_id, party.side].append(party)
        for it in some:
            sides = (parties[it.contract_id, side] for side in (PartySide.SELLER, PartySide.BUYER))
            yield RegisterEntry(it, contracts[it.contract_id], *sides)
