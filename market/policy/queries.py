"""Which policy holds on a day, and which calendar?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from market.policy.models import CalendarDay, HolidayYear, PolicyRow
from market.policy.rules import Policy
from market.policy.states import PolicyRowState
from market.values.dates import Calendar


class NoPolicy(LookupError):
    """No approved row of this kind is in force: officials must enter one before the procedure can start."""


def policy_on(kind: str, day: date, *, scope: str = "") -> Policy:
    """The approved row of this kind in force on this day: the one for the scope, else the one for all. Raises `NoPolicy`."""
    rows = PolicyRow.objects.filter(kind=kind, scope__in={scope, ""}, state=PolicyRowState.APPROVED, valid_from__lte=day)
    # An empty scope sorts first, so with descending order the particular row wins over the general one.
    row = rows.order_by("-scope", "-valid_from").first()
    if row is None:
        raise NoPolicy(f"no approved policy row for {kind} [{scope}] on {day}")
    return policy_of(row)


def policy_by_id(row_id: int) -> Policy:
    """The row a procedure began under, whatever holds by now."""
    return policy_of(PolicyRow.objects.get(pk=row_id))


def policy_of(row: PolicyRow) -> Policy:
    return Policy(
        id=row.pk,
        kind=row.kind,
        scope=row.scope,
        value=row.value,
        measure=row.measure,
        source=row.source,
        confidence=row.confidence,
        valid_from=row.valid_from,
    )


def working_calendar() -> Calendar:
    """All announced years' holidays and make-up days."""
    days = list(CalendarDay.objects.all())
    return Calendar(
        announced_years=frozenset(HolidayYear.objects.values_list("year", flat=True)),
        off_days={day.on: day.name for day in days if not day.is_working},
        extra_working_days=frozenset(day.on for day in days if day.is_working),
    )


def policy_rows() -> QuerySet[PolicyRow]:
    """All rows, by kind, newest first."""
    return PolicyRow.objects.select_related("proposed_by", "decided_by")
