"""What stands in the register: page by page, as one long list, and counted by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth

from contracts.form_kinds import PartySide
from contracts.models import Registration
from contracts.rules.deciding import region_prefix
from contracts.states import RegistrationState
from market.values.dates import SHANGHAI

PAGE_LENGTH = 50
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the register, and where the next one begins."""

    registrations: list[Registration]
    next_before: int | None


def filtered(registrations: QuerySet[Registration], *, kind: str, year: int | None, number: str) -> QuerySet[Registration]:
    """Those of a kind, a year and a number, as far as each is asked for."""
    if kind:
        registrations = registrations.filter(kind=kind)
    if year:
        registrations = registrations.filter(number__startswith=f"{year:04d}")
    if number:
        registrations = registrations.filter(number__startswith=number)
    return registrations


def register_page(registrations: QuerySet[Registration], *, before: int | None) -> RegisterPage:
    """The newest below this key; by key, not by page number, so that the last page costs what the first does."""
    rows = registrations.filter(pk__lt=before) if before else registrations
    rows = rows.select_related("contract__seller", "contract__buyer").prefetch_related("contract__parties")
    found = list(rows.order_by("-pk")[: PAGE_LENGTH + 1])
    more = len(found) > PAGE_LENGTH
    shown = found[:PAGE_LENGTH]
    return RegisterPage(shown, shown[-1].pk if more else None)


def every_registration(registrations: QuerySet[Registration]) -> Iterator[Registration]:
    """All of them, oldest first, some hundred at a time: memory does not grow with the register."""
    rows = registrations.select_related("contract__seller", "contract__buyer", "contract__applicant")
    yield from rows.prefetch_related("contract__parties").order_by("pk").iterator(chunk_size=_CHUNK)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the statistics: how many contracts, for how much."""

    value: str
    count: int
    contract_value_fen: int
    technology_value_fen: int


def statistics(registrations: QuerySet[Registration], *, year: int, registry: str) -> dict[str, list[Figure]]:
    """The registrations in force of a year by month, kind, field, kind of seller, and the way they flow."""
    year_of = registrations.filter(state=RegistrationState.IN_FORCE, number__startswith=f"{year:04d}").order_by()
    found = year_of.annotate(
        month=ExtractMonth("registered_at", tzinfo=SHANGHAI),
        selling=FilteredRelation(
            "contract__parties", condition=Q(contract__parties__side=PartySide.SELLER, contract__parties__position=1)
        ),
        buying=FilteredRelation(
            "contract__parties", condition=Q(contract__parties__side=PartySide.BUYER, contract__parties__position=1)
        ),
    )
    inside = region_prefix(registry)
    from_here, to_here = Q(selling__region__startswith=inside), Q(buying__region__startswith=inside)
    return {
        "month": _by(found, "month"),
        "kind": _by(found, "kind"),
        "field": _by(found.annotate(value=F("contract__technology_field")), "value"),
        "nature": _by(found.annotate(value=F("selling__nature")), "value"),
        "flow": [
            _sum("within", found.filter(from_here, to_here)),
            _sum("out", found.filter(from_here).exclude(to_here)),
            _sum("in", found.filter(to_here).exclude(from_here)),
        ],
    }


_SUMS: dict[str, Any] = {"n": Count("pk"), "price": Sum("contract_value_fen"), "technology": Sum("technology_value_fen")}


def _by(found: QuerySet[Any], name: str) -> list[Figure]:
    rows = found.values(name).annotate(**_SUMS).order_by(name)
    return [Figure(str(row[name] or ""), row["n"], row["price"], row["technology"]) for row in rows]


def _sum(value: str, found: QuerySet[Any]) -> Figure:
    row = found.aggregate(**_SUMS)
    return Figure(value, row["n"], row["price"] or 0, row["technology"] or 0)
