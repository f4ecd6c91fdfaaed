"""How do the plan's figures stand, year by year, against what was planned?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from market.oversight.models import ActualValue, Indicator, Plan, Source
from market.oversight.rules import planned_value, planned_years, reached_percent


@dataclass(frozen=True, slots=True)
class YearFigure:
    """One year of an indicator; `actual` and `reached` (percent of the planned) are empty until measured."""

    year: int
    planned: Decimal | None
    actual: Decimal | None
    reached: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """An indicator with the years for which something is planned or measured."""

    code: str
    name: str
    unit: str
    note: str
    decimals: int
    source: str
    is_measured_by_market: bool
    base: YearFigure | None
    target: YearFigure | None
    growth_percent: Decimal | None
    yearly_increase: Decimal | None
    years: tuple[YearFigure, ...]

    @property
    def latest(self) -> YearFigure | None:
        """The last year with an actual value."""
        return next((figure for figure in reversed(self.years) if figure.actual is not None), None)


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A plan's indicators against their paths."""

    name: str
    first_year: int
    last_year: int
    indicators: tuple[IndicatorFigures, ...]


def plan_figures() -> PlanFigures | None:
    """The newest plan's figures in the language of the moment; None while no plan is entered. Two or three queries."""
    values = Prefetch("actual_values", ActualValue.objects.order_by("year"))
    indicators = Prefetch("indicators", Indicator.objects.order_by("position", "code").prefetch_related(values))
    plan = Plan.objects.prefetch_related(indicators).first()
    if plan is None:
        return None
    figures = tuple(_figures_of(indicator, plan) for indicator in plan.indicators.all())
    return PlanFigures(name=plan.name, first_year=plan.first_year, last_year=plan.last_year, indicators=figures)


def _figures_of(indicator: Indicator, plan: Plan) -> IndicatorFigures:
    course = indicator.course
    actual = {value.year: value.value for value in indicator.actual_values.all()}
    years = {
        year: YearFigure(
            year=year,
            planned=(planned := planned_value(course, year)),
            actual=actual.get(year),
            reached=reached_percent(actual.get(year), planned),
        )
        for year in planned_years(course, first=plan.first_year, last=plan.last_year)
    }
    return IndicatorFigures(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        note=indicator.note,
        decimals=indicator.decimals,
        source=str(Source(indicator.source).label),
        is_measured_by_market=indicator.source == Source.MARKET,
        base=years.get(indicator.base_year or 0),
        target=years.get(indicator.target_year or 0),
        growth_percent=indicator.growth_percent,
        yearly_increase=indicator.yearly_increase,
        years=tuple(year for year in years.values() if year.planned is not None or year.actual is not None),
    )
