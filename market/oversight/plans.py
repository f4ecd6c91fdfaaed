"""What does a file say of a plan? Its rows as the terms that `load_plan` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from market.oversight.actions import IndicatorTerms, PlanTerms
from market.oversight.rules import Course


def plan_terms(plan: Mapping[str, Any], indicators: Iterable[Mapping[str, Any]]) -> PlanTerms:
    """The terms of `sample/plan.json` and `sample/indicators.json`; figures are written as text, so that they stay exact."""
    return PlanTerms(
        key=plan["key"],
        name_zh=plan["name_zh"],
        name_en=plan["name_en"],
        first_year=plan["first_year"],
        last_year=plan["last_year"],
        indicators=tuple(_indicator(row) for row in indicators),
    )


def _indicator(row: Mapping[str, Any]) -> IndicatorTerms:
    return IndicatorTerms(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        unit_zh=row["unit"],
        unit_en=row["unit_en"],
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        source=row["source"],
        course=Course(
            base_year=row["base_year"],
            base_value=_decimal(row["base_value"]),
            growth_percent=_decimal(row["growth_percent"]),
            yearly_increase=_decimal(row["yearly_increase"]),
            target_year=row["target_year"],
            target_value=_decimal(row["target_value"]),
            decimals=row["decimals"],
        ),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
