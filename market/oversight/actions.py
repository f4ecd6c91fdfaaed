"""Entering a plan with its indicators, and the values that officials report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from market.events.actions import record
from market.oversight.models import ActualValue, Indicator, Plan, Source
from market.oversight.permissions import require_plan_official
from market.oversight.rules import Course, may_state, repeated
from market.values.actor import Actor
from market.values.refusal import Refusal, Refused, require


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """What a plan says of one indicator."""

    code: str
    name_zh: str
    name_en: str
    source: str
    course: Course
    unit_zh: str = ""
    unit_en: str = ""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan as it is entered."""

    key: str
    name_zh: str
    name_en: str
    first_year: int
    last_year: int
    indicators: tuple[IndicatorTerms, ...]


@transaction.atomic
def load_plan(terms: PlanTerms, *, actor: Actor, now: datetime) -> Plan:
    """The plan stands with all its indicators. One that stands already is left as officials keep it. Event: plan.loaded."""
    require_plan_official(actor)
    require(Refusal("oversight.code_twice", data={"code": code}) for code in repeated(i.code for i in terms.indicators))
    require(refusal for indicator in terms.indicators for refusal in may_state(indicator.course))
    plan, created = Plan.objects.get_or_create(
        key=terms.key,
        defaults={
            "name_zh": terms.name_zh,
            "name_en": terms.name_en,
            "first_year": terms.first_year,
            "last_year": terms.last_year,
        },
    )
    if not created:
        return plan
    Indicator.objects.bulk_create(_rows(plan, terms.indicators))
    record(
        "plan.loaded",
        subject=f"plan:{plan.pk}",
        actor=actor,
        now=now,
        key=plan.key,
        indicators=len(terms.indicators),
    )
    return plan


def _rows(plan: Plan, indicators: Iterable[IndicatorTerms]) -> Iterable[Indicator]:
    for position, terms in enumerate(indicators, start=1):
        course = terms.course
        yield Indicator(
            plan=plan,
            code=terms.code,
            position=position,
            name_zh=terms.name_zh,
            name_en=terms.name_en,
            unit_zh=terms.unit_zh,
            unit_en=terms.unit_en,
            note_zh=terms.note_zh,
            note_en=terms.note_en,
            source=Source(terms.source),
            decimals=course.decimals,
            base_year=course.base_year,
            base_value=course.base_value,
            growth_percent=course.growth_percent,
            yearly_increase=course.yearly_increase,
            target_year=course.target_year,
            target_value=course.target_value,
        )


@transaction.atomic
def enter_actual_value(
    indicator: Indicator, *, year: int, value: Decimal, evidence: str, actor: Actor, now: datetime
) -> ActualValue:
    """The reported value stands for its year, in place of an earlier one. Event: plan.value_entered."""
    require_plan_official(actor)
    locked = Indicator.objects.select_for_update().select_related("plan").get(pk=indicator.pk)
    if locked.source != Source.ENTERED:
        raise Refused([Refusal("oversight.measured_by_the_market", field="value")])
    if value < 0:
        raise Refused([Refusal("oversight.value_negative", field="value")])
    if not locked.plan.first_year <= year <= locked.plan.last_year:
        raise Refused([Refusal("oversight.year_outside_plan", field="year", data={"year": year})])
    entry, _ = ActualValue.objects.update_or_create(
        indicator=locked,
        year=year,
        defaults={"value": value, "evidence": evidence, "entered_by_id": actor.person, "entered_at": now},
    )
    record(
        "plan.value_entered",
        subject=f"plan:{locked.plan_id}",
        actor=actor,
        now=now,
        code=locked.code,
        year=year,
        value=str(value),
        evidence=evidence,
    )
    return entry
