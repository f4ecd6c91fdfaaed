"""What was registered, counted: by month, kind, field, region and kind of organisation, and which way technology flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, F, FilteredRelation, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Left

from contracts.form_kinds import PartySide
from contracts.models import Registration
from contracts.rules.deciding import region_prefix
from contracts.states import RegistrationState
from market.values.dates import start_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the statistics: how many contracts, for how much."""

    value: str
    count: int
    contract_value_fen: int
    technology_value_fen: int


# What the registrations are cut by; regions are counted by city.
_CUTS = ("kind", "field", "seller_nature", "buyer_nature", "seller_region", "buyer_region")
_FLOWS = {"within": (True, True), "out": (True, False), "in": (False, True)}
_SUMS: dict[str, Any] = {"n": Count("pk"), "price": Sum("contract_value_fen"), "technology": Sum("technology_value_fen")}

type _Row = dict[str, Any]


def statistics(
    registrations: QuerySet[Registration], *, year: int, month: int | None = None, registry: str
) -> dict[str, list[Figure]]:
    """The registrations in force of a year, or of one month of it, in every cut; one query, whatever is asked.

    By the day of registration; of joint parties the first counts. The database adds up what is alike in everything, and
    each cut adds up those sums: reading parties and contracts once is what costs.
    """
    first, after = _months(year)[0][1], _months(year)[-1][2]
    in_force = registrations.filter(state=RegistrationState.IN_FORCE, registered_at__gte=first, registered_at__lt=after)
    of_year = list(_alike(in_force, year, region_prefix(registry)))
    found = [row for row in of_year if month in (None, row["month"])]
    return {
        "month": _by(of_year, "month"),
        **{cut: _by(found, cut) for cut in _CUTS},
        "flow": [
            _sum(flow, (row for row in found if (row["from_here"], row["to_here"]) == ends)) for flow, ends in _FLOWS.items()
        ],
        "all": [_sum("", found)],
    }


def _alike(registrations: QuerySet[Registration], year: int, inside: str) -> Iterable[_Row]:
    """The sums of those that no cut tells apart."""
    cut: QuerySet[Any] = registrations.order_by().annotate(
        month=Case(
            *(When(registered_at__lt=after, then=Value(month)) for month, _first, after in _months(year)),
            output_field=IntegerField(),
        ),
        field=F("contract__technology_field"),
        selling=_first(PartySide.SELLER),
        buying=_first(PartySide.BUYER),
        seller_region=Left("selling__region", 4),
        buyer_region=Left("buying__region", 4),
        seller_nature=F("selling__nature"),
        buyer_nature=F("buying__nature"),
        from_here=_lies(inside, "selling"),
        to_here=_lies(inside, "buying"),
    )
    alike: Iterable[_Row] = cut.values("month", *_CUTS, "from_here", "to_here").annotate(**_SUMS)
    return alike


def _months(year: int) -> list[tuple[int, datetime, datetime]]:
    """Each month with its first instant and that of the next, here. Raises ValueError beyond the calendar."""
    firsts = [start_of(date(year + month // 12, month % 12 + 1, 1)) for month in range(13)]
    return [(month + 1, firsts[month], firsts[month + 1]) for month in range(12)]


def _first(side: str) -> FilteredRelation:
    return FilteredRelation("contract__parties", condition=Q(contract__parties__side=side, contract__parties__position=1))


def _lies(inside: str, party: str) -> Case:
    here = When(**{f"{party}__region__startswith": inside}, then=Value(True))
    return Case(here, default=Value(False), output_field=BooleanField())


def _by(rows: Iterable[_Row], cut: str) -> list[Figure]:
    parts: dict[Any, list[_Row]] = {}
    for row in rows:
        parts.setdefault(row[cut] or "", []).append(row)
    return [_sum(str(value), parts[value]) for value in sorted(parts)]


def _sum(value: str, rows: Iterable[_Row]) -> Figure:
    counted = [(row["n"], row["price"], row["technology"]) for row in rows]
    return Figure(value, *(map(sum, zip(*counted, strict=True)) if counted else (0, 0, 0)))


# The chart of months: twelve pairs of bars on a canvas of these measures.
_WIDTH, _HEIGHT, _BAR = 50, 160, 18


@dataclass(frozen=True, slots=True)
class Bars:
    """The two bars of a month on the chart, in its units."""

    month: int
    x: int
    contract_height: int
    technology_height: int

    @property
    def technology_x(self) -> int:
        return self.x + _BAR

    @property
    def contract_y(self) -> int:
        return _HEIGHT - self.contract_height

    @property
    def technology_y(self) -> int:
        return _HEIGHT - self.technology_height

    @property
    def middle(self) -> int:
        return self.x + _BAR


def month_chart(months: list[Figure]) -> list[Bars]:
    """The bars of all twelve months, the highest as high as the chart."""
    by_month = {int(figure.value): figure for figure in months}
    most = max((figure.contract_value_fen for figure in months), default=0) or 1
    nothing = Figure("", 0, 0, 0)
    bars = []
    for month in range(1, 13):
        figure = by_month.get(month, nothing)
        heights = (round(fen * _HEIGHT / most) for fen in (figure.contract_value_fen, figure.technology_value_fen))
        bars.append(Bars(month, (month - 1) * _WIDTH + 7, *heights))
    return bars
