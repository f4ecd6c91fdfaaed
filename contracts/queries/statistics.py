"""What was registered, counted: by month, kind, field, region and kind of organisation, and which way technology flows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth, Left

from contracts.form_kinds import PartySide
from contracts.models import Registration
from contracts.rules.deciding import region_prefix
from contracts.states import RegistrationState
from market.values.dates import SHANGHAI, start_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the statistics: how many contracts, for how much."""

    value: str
    count: int
    contract_value_fen: int
    technology_value_fen: int


def days_of_year(year: int) -> tuple[datetime, datetime]:
    """The first instant of the year and of the next, here. Raises ValueError beyond the calendar."""
    return start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))


def statistics(
    registrations: QuerySet[Registration], *, year: int, month: int | None = None, registry: str
) -> dict[str, list[Figure]]:
    """The registrations in force of a year, or of one month of it, in every cut; a constant number of queries.

    By the day of registration. Regions are counted by city; of joint parties the first counts.
    """
    first, after = days_of_year(year)
    in_force = registrations.filter(state=RegistrationState.IN_FORCE, registered_at__gte=first, registered_at__lt=after)
    of_year = in_force.order_by().annotate(
        month=ExtractMonth("registered_at", tzinfo=SHANGHAI),
        field=F("contract__technology_field"),
        selling=_first(PartySide.SELLER),
        buying=_first(PartySide.BUYER),
        seller_region=Left("selling__region", 4),
        buyer_region=Left("buying__region", 4),
        seller_nature=F("selling__nature"),
        buyer_nature=F("buying__nature"),
    )
    found = of_year.filter(month=month) if month else of_year
    inside = region_prefix(registry)
    from_here, to_here = Q(selling__region__startswith=inside), Q(buying__region__startswith=inside)
    cuts = ("kind", "field", "seller_nature", "buyer_nature", "seller_region", "buyer_region")
    return {
        "month": _by(of_year, "month"),
        **{cut: _by(found, cut) for cut in cuts},
        "flow": [
            _sum("within", found.filter(from_here, to_here)),
            _sum("out", found.filter(from_here).exclude(to_here)),
            _sum("in", found.filter(to_here).exclude(from_here)),
        ],
        "all": [_sum("", found)],
    }


def _first(side: str) -> FilteredRelation:
    return FilteredRelation("contract__parties", condition=Q(contract__parties__side=side, contract__parties__position=1))


_SUMS: dict[str, Any] = {"n": Count("pk"), "price": Sum("contract_value_fen"), "technology": Sum("technology_value_fen")}


def _by(found: QuerySet[Any], name: str) -> list[Figure]:
    rows = found.values(name).annotate(**_SUMS).order_by(name)
    return [Figure(str(row[name] or ""), row["n"], row["price"], row["technology"]) for row in rows]


def _sum(value: str, found: QuerySet[Any]) -> Figure:
    row = found.aggregate(**_SUMS)
    return Figure(value, row["n"], row["price"] or 0, row["technology"] or 0)


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
