"""Which policy holds on a day, and which calendar?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from market.events.queries import timeline
from market.events.story import sentence_of
from market.policy.kinds import KINDS, PolicyKind
from market.policy.models import HolidayYear, PolicyRow
from market.policy.rules import Policy, deadline
from market.policy.states import PolicyRowState
from market.values.dates import Calendar, Deadline


class NoPolicy(LookupError):
    """No approved row of this kind is in force: officials must enter one before the procedure can start."""


def policy_on(kind: str, day: date, *, scope: str = "") -> Policy:
    """The approved row of this kind in force on this day: the one for the scope, else the one for all. Raises `NoPolicy`.

    A scope of parts, such as a rule set in one province, takes the row for its first part before the one for all.
    """
    return policies_on([kind], day, scope=scope)[kind]


def policies_on(kinds: Collection[str], day: date, *, scope: str = "") -> dict[str, Policy]:
    """For each of these kinds what `policy_on` says; one query. Raises `NoPolicy` when one has none."""
    scopes = {scope, scope.partition("/")[0], ""}
    rows = PolicyRow.objects.filter(kind__in=kinds, scope__in=scopes, state=PolicyRowState.APPROVED, valid_from__lte=day)
    found: dict[str, PolicyRow] = {}
    # An empty scope sorts first, so with descending order the particular row wins over the general one.
    for row in rows.order_by("-scope", "-valid_from"):
        found.setdefault(row.kind, row)
    for kind in kinds:
        if kind not in found:
            raise NoPolicy(f"no approved policy row for {kind} [{scope}] on {day}")
    return {kind: policy_of(row) for kind, row in found.items()}


def policy_by_id(row_id: int) -> Policy:
    """The row a procedure began under, whatever holds by now."""
    return policy_of(PolicyRow.objects.get(pk=row_id))


def if_begun_today(kind: str, calendar: Calendar, *, today: date, scope: str = "") -> Deadline:
    """What if: the end of a period of this kind that begins today, under the row in force today. Raises `NoPolicy`."""
    policy = policy_on(kind, today, scope=scope)
    return deadline(today, policy.period, calendar, policy_row=policy.id)


def policy_of(row: PolicyRow) -> Policy:
    """The row as the rules see it."""
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
    """All announced years' holidays and make-up days; one query."""
    # A year without a single special day would still be announced: hence the outer join, and rows without a day.
    rows = list(HolidayYear.objects.values_list("year", "days__on", "days__name", "days__is_working"))
    return Calendar(
        announced_years=frozenset(year for year, *_ in rows),
        off_days={on: name for _, on, name, is_working in rows if on and not is_working},
        extra_working_days=frozenset(on for _, on, _, is_working in rows if on and is_working),
    )


@dataclass(frozen=True, slots=True)
class KindPage:
    """One figure: for each scope the row in force, the rows to come, what waits for a second official, and what was before."""

    kind: PolicyKind
    in_force: list[PolicyRow]
    coming: list[PolicyRow]
    waiting: list[PolicyRow]
    history: list[PolicyRow]


def policy_pages(rows: Iterable[PolicyRow], *, today: date) -> list[KindPage]:
    """Every kind of figure with its rows among these, in the order officials know them by."""
    by_kind: dict[str, list[PolicyRow]] = {code: [] for code in KINDS}
    for row in rows:
        by_kind[row.kind].append(row)
    return [_kind_page(KINDS[code], found, today) for code, found in by_kind.items()]


def _kind_page(kind: PolicyKind, rows: list[PolicyRow], today: date) -> KindPage:
    approved = [row for row in rows if row.state == PolicyRowState.APPROVED]
    begun = sorted((row for row in approved if row.valid_from <= today), key=lambda row: row.valid_from)
    in_force = {row.scope: row for row in begun}
    return KindPage(
        kind=kind,
        in_force=[in_force[scope] for scope in sorted(in_force)],
        coming=sorted((row for row in approved if row.valid_from > today), key=lambda row: row.valid_from),
        waiting=[row for row in rows if row.state == PolicyRowState.PROPOSED],
        history=[
            row for row in rows if row.state == PolicyRowState.REJECTED or (row in begun and in_force[row.scope].pk != row.pk)
        ],
    )


def rows_to_decide() -> QuerySet[PolicyRow]:
    """Those that wait for a second official, longest first."""
    return PolicyRow.objects.filter(state=PolicyRowState.PROPOSED).select_related("proposed_by").order_by("pk")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of a year: its days off, and the days at weekends on which work is made up for it."""

    name: str
    off: list[date]
    made_up: list[date]


def holidays_of(year: HolidayYear) -> list[Holiday]:
    """The year's holidays in the order of their first day."""
    by_name: dict[str, Holiday] = {}
    for day in year.days.all():
        holiday = by_name.setdefault(day.name, Holiday(day.name, [], []))
        (holiday.made_up if day.is_working else holiday.off).append(day.on)
    return list(by_name.values())


def announced_years() -> QuerySet[HolidayYear]:
    """The years whose holidays are known, newest first."""
    return HolidayYear.objects.prefetch_related("days").order_by("-year")


@dataclass(frozen=True, slots=True)
class PolicyStoryEntry:
    """What happened to a figure or a year, in words; the person is named to officials only."""

    at: datetime
    sentence: str
    actor: str
    organisation: str = ""


def policy_story(subjects: Iterable[str], *, with_people: bool) -> list[PolicyStoryEntry]:
    """The events of these subjects as sentences, oldest first."""
    events = list(timeline(subjects))
    people = get_user_model().objects.in_bulk({event.person for event in events if event.person}) if with_people else {}
    return [PolicyStoryEntry(event.at, sentence_of(event), str(people.get(event.person or 0, ""))) for event in events]
