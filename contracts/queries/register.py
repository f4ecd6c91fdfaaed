"""What stands in the register: page by page, and as one long list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contracts.models import Registration
from contracts.queries.statistics import days_of_year

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
        first, after = days_of_year(year)
        registrations = registrations.filter(registered_at__gte=first, registered_at__lt=after)
    return registrations.filter(_beginning(number)) if number else registrations


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


def every_registration(registrations: QuerySet[Registration]) -> Iterator[Registration]:
    """All of them, oldest first, some hundred at a time: memory does not grow with the register."""
    rows = registrations.select_related("contract__seller", "contract__buyer", "contract__applicant")
    yield from rows.prefetch_related("contract__parties").order_by("pk").iterator(chunk_size=_CHUNK)
