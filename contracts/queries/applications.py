"""Which applications wait, until when, and what does the page of one show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from contracts.models import Application, ContractParty, Reading, TechnologyContract
from contracts.queries.experts import spans_with_experts
from contracts.rule_sets import rule_set_for
from contracts.rules.deciding import needs_second
from contracts.states import OPEN_APPLICATION, WAITING_APPLICATION, ApplicationState
from market.accounts.models import Membership, Person
from market.policy.queries import NoPolicy, policy_by_id, policy_on, working_calendar
from market.policy.rules import Policy, deadline
from market.values.actor import Actor, Role
from market.values.dates import Calendar, Deadline, Span, day_of
from market.values.money import Money


def registry_policy(kind: str, day: date, *, rule_set: str) -> Policy:
    """The row of this rule set for the registry's own province, where local law has one, else the rule set's. Raises `NoPolicy`."""
    return policy_on(kind, day, scope=f"{rule_set}/{settings.REGISTRY_CODE[:2]}")


def policy_or_none(kind: str, day: date, *, scope: str = "") -> Policy | None:
    """The row in force, or None where the rule set knows no such figure."""
    try:
        return policy_on(kind, day, scope=scope)
    except NoPolicy:
        return None


def running_applications() -> QuerySet[Application]:
    """Open applications, whose day of decision may still move."""
    return Application.objects.filter(state__in=OPEN_APPLICATION).order_by("pk")


def due_of(application: Application) -> Deadline:
    """The day of decision, counted under the policy row the application began under, with the days that did not count."""
    return _due(application, policy_by_id(application.policy_row_id), working_calendar())


def _due(application: Application, policy: Policy, calendar: Calendar) -> Deadline:
    away = application.away_from
    suspended = [Span(away, application.away_until)] if away else []
    suspended += spans_with_experts(application)
    return deadline(application.counted_from, policy.period, calendar, suspended=suspended, policy_row=policy.id)


@dataclass(frozen=True, slots=True)
class ApplicationDates:
    """The running period of an application and why it ends on its day; all empty once it is settled."""

    decision: Deadline | None = None
    decision_source: str = ""
    if_submitted_today: Deadline | None = None
    correction: Deadline | None = None
    correction_source: str = ""
    # The day of correction is a rule of the market's own as yet: it binds nobody until a source bears it.
    is_correction_confirmed: bool = False
    is_correction_late: bool = False


def application_dates(application: Application, *, today: date) -> ApplicationDates:
    """By when the registry decides, or the seller corrects what was returned."""
    match application.state:
        case ApplicationState.SUBMITTED | ApplicationState.EXAMINED:
            policy, calendar = policy_by_id(application.policy_row_id), working_calendar()
            now_in_force = registry_policy(policy.kind, today, rule_set=rule_set_for(today).id)
            what_if = deadline(today, now_in_force.period, calendar, policy_row=now_in_force.id)
            return ApplicationDates(_due(application, policy, calendar), policy.source, what_if)
        case ApplicationState.RETURNED if application.decided_at:
            returned_on = day_of(application.decided_at)
            # Policy rows never reach back, so the row of that day is still the row it was returned under.
            policy = policy_on("contract.correction_period", returned_on, scope=application.rule_set)
            end = deadline(returned_on, policy.period, working_calendar(), policy_row=policy.id)
            return ApplicationDates(
                correction=end,
                correction_source=policy.source,
                is_correction_confirmed=policy.is_confirmed,
                is_correction_late=today > end.day,
            )
        case _:
            return ApplicationDates()


def waiting_with_party(code: str) -> QuerySet[Application]:
    """The applications the registry has not decided on with this company among the parties, locked."""
    return _waiting(contract_id__in=ContractParty.objects.filter(code=code).values("contract_id"))


def waiting_for(contract: TechnologyContract) -> QuerySet[Application]:
    """The application for this contract while the registry has not decided on it, locked."""
    return _waiting(contract=contract)


def _waiting(**which: Any) -> QuerySet[Application]:
    found = Application.objects.filter(**which, state__in=WAITING_APPLICATION)
    return found.select_for_update(of=("self",)).select_related("contract__deal__listing").order_by("pk")


class Light(StrEnum):
    """How much of a case's time is left: more than a third, less, or none."""

    GREEN = "good"
    YELLOW = "warn"
    RED = "bad"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the registrars' queue."""

    application: Application
    light: Light
    is_own: bool
    is_read: bool


# The whole queue of a registry fits on a page; beyond that the rest is said to be there.
QUEUE_LENGTH = 200


def queue(applications: QuerySet[Application], *, actor: Actor, today: date, order: str) -> list[QueueRow]:
    """What waits for the actor's registry among these, the first due or the heaviest signs first; a constant number of queries."""
    waiting = applications.filter(state__in=WAITING_APPLICATION).select_related(
        "contract__seller", "contract__buyer", "contract__applicant", "assigned_to", "proposed_by"
    )
    waiting = waiting.prefetch_related("contract__parties", "flags", "readings")
    ranking = ("-weight", "due_on") if order == "signs" else ("due_on", "submitted_at")
    return [
        QueueRow(
            application=application,
            light=_light(application, today),
            is_own=actor.person == application.submitted_by_id or actor.organisation in application.contract.side_ids,
            is_read=any(_is_reading_by(reading, actor, application) for reading in application.readings.all()),
        )
        for application in waiting.order_by(*ranking)[:QUEUE_LENGTH]
    ]


def _is_reading_by(reading: Reading, actor: Actor, application: Application) -> bool:
    return reading.person_id == actor.person and reading.submitted_at == application.submitted_at


def _light(application: Application, today: date) -> Light:
    """Red once the day is over, yellow in the last third of the time."""
    left = (application.due_on - today).days
    whole = max((application.due_on - application.counted_from).days, 1)
    if left < 0:
        return Light.RED
    return Light.YELLOW if left * 3 < whole else Light.GREEN


def registrars_of(actor: Actor) -> QuerySet[Person]:
    """The registrars of the actor's own registry."""
    registrars = Membership.objects.filter(organisation_id=actor.organisation or 0, role=Role.REGISTRAR.value)
    return Person.objects.filter(pk__in=registrars.values("person_id"), is_active=True).order_by("name", "pk")


def needs_second_registrar(application: Application, *, today: date) -> bool:
    """True when this application is decided by two."""
    threshold = policy_or_none("contract.four_eyes_from", today)
    return needs_second(Money(application.technology_value_fen), threshold)
