"""How templates show the plan's figures."""

from __future__ import annotations

from decimal import Decimal

from django import template

from market.oversight.queries.plans import PlanFigures
from market.oversight.queries.plans import plan_figures as figures_of_plan

register = template.Library()


@register.filter
def figure(value: Decimal | None, decimals: int = 0) -> str:
    """The number with as many places as the plan writes, grouped by thousands as amounts of money are; nothing for no value."""
    return "" if value is None else f"{value:,.{decimals}f}"


@register.filter
def rate(value: Decimal) -> str:
    """A percentage exactly as the plan states it, without zeros behind it."""
    return f"{value.normalize():f}"


@register.inclusion_tag("oversight/plan_strip.html")
def plan_strip(count: int = 4) -> dict[str, object]:
    """The plan's first indicators with their targets, for pages of other apps."""
    plan: PlanFigures | None = figures_of_plan()
    return {"plan": plan, "indicators": plan.indicators[:count] if plan else ()}
