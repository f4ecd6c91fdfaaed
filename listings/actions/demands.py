"""Drafting, publishing, closing and expiring demands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from listings.models.demands import Demand
from listings.permissions.demands import require_mover
from listings.states.demands import DEMAND, DemandEvent, DemandState
from market.accounts.models import Organisation
from market.accounts.permissions import require_role, require_verified
from market.events.actions import record
from market.policy.actions import next_number
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of, end_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require

MOST_KEYWORDS = 5


@dataclass(frozen=True, slots=True)
class DemandEntry:
    """Everything that is typed of a demand."""

    title: str
    industry: str
    problem: str
    targets: str
    expected: str
    keywords: tuple[str, ...]
    budget: Money | None
    cooperation: str
    valid_until: date
    kind: str = "breakthrough"
    existing_basis: str = ""
    contact: str = ""


@transaction.atomic
def draft_demand(
    entry: DemandEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Demand:
    """The demand stands under a number of its own; only its enterprise sees it. Event: demand.drafted."""
    require_role(actor, organisation.pk, Role.OWNER, Role.AGENT)
    require_verified(organisation)
    require(_refusals(entry, today=day_of(now)))
    # The second of two clicks waits here and then finds the demand of the first.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _require_new(entry, organisation)
    year = day_of(now).year
    demand = Demand(
        number=f"N{year}-{next_number(f'demand:{year}'):05d}",
        organisation=organisation,
        created_by_id=actor.person,
        created_at=now,
        is_sample=is_sample,
    )
    _write(demand, entry)
    demand.save()
    record("demand.drafted", subject=demand.subject, actor=actor, now=now, number=demand.number)
    return demand


def _require_new(entry: DemandEntry, organisation: Organisation, *, beside: int | None = None) -> None:
    same = Demand.objects.filter(organisation=organisation, title=entry.title, state__in=[DemandState.DRAFT, DemandState.OPEN])
    if beside is not None:
        same = same.exclude(pk=beside)
    if other := same.first():
        raise OutOfTurn([Refusal("listings.demand_exists", data={"number": other.number})])


def _write(demand: Demand, entry: DemandEntry) -> None:
    for name in ("title", "kind", "industry", "problem", "targets", "expected", "existing_basis", "contact", "cooperation"):
        setattr(demand, name, getattr(entry, name))
    demand.keywords = list(entry.keywords)
    demand.budget_fen = None if entry.budget is None else entry.budget.fen
    demand.valid_until = entry.valid_until
    demand.ends_at = end_of(entry.valid_until)


@transaction.atomic
def change_demand(demand: Demand, entry: DemandEntry, *, actor: Actor, now: datetime) -> Demand:
    """The draft says what was typed now. Event: demand.changed. What is published stays as it was answered to."""
    locked = _locked(demand)
    DEMAND.move(locked.state, DemandEvent.PUBLISH)
    require_mover(actor, locked, "owner")
    require(_refusals(entry, today=day_of(now)))
    _require_new(entry, locked.organisation, beside=locked.pk)
    _write(locked, entry)
    locked.save()
    record("demand.changed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def publish_draft(demand: Demand, *, actor: Actor, now: datetime) -> Demand:
    """Everybody sees the demand until its last day. Event: demand.published. Refused when that day is over by now."""
    locked = _locked(demand)
    move = DEMAND.move(locked.state, DemandEvent.PUBLISH)
    require_mover(actor, locked, move.by)
    require_verified(locked.organisation)
    if locked.valid_until <= day_of(now):
        raise Refused([Refusal("listings.valid_until_in_the_past", field="valid_until")])
    locked.published_at = now
    _set_state(locked, move.to, "published_at")
    record("demand.published", subject=locked.subject, actor=actor, now=now, number=locked.number)
    return locked


@transaction.atomic
def publish_demand(
    entry: DemandEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Demand:
    """The demand is public under a number of its own. Events: demand.drafted, demand.published."""
    demand = draft_demand(entry, organisation=organisation, actor=actor, now=now, is_sample=is_sample)
    return publish_draft(demand, actor=actor, now=now)


def _refusals(entry: DemandEntry, *, today: date) -> list[Refusal]:
    refusals = []
    if len(entry.keywords) > MOST_KEYWORDS:
        refusals.append(Refusal("listings.too_many_keywords", field="keywords", data={"most": MOST_KEYWORDS}))
    if entry.valid_until <= today:
        refusals.append(Refusal("listings.valid_until_in_the_past", field="valid_until"))
    if entry.budget is not None and entry.budget.fen <= 0:
        refusals.append(Refusal("listings.budget_zero", field="budget"))
    return refusals


@transaction.atomic
def close_demand(demand: Demand, *, actor: Actor, now: datetime) -> Demand:
    """The enterprise no longer looks for it. Event: demand.closed."""
    locked = _locked(demand)
    move = DEMAND.move(locked.state, DemandEvent.CLOSE)
    require_mover(actor, locked, move.by)
    _set_state(locked, move.to)
    record("demand.closed", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def expire_demand(demand: Demand, *, now: datetime) -> Demand:
    """A demand past its day is out of the market; nothing happens when it is closed already. Event: demand.expired."""
    locked = _locked(demand)
    if DEMAND.may(locked.state, DemandEvent.EXPIRE) and locked.ends_at <= now:
        move = DEMAND.move(locked.state, DemandEvent.EXPIRE)
        _set_state(locked, move.to)
        record("demand.expired", subject=locked.subject, actor=CLOCK, now=now)
    return locked


def _locked(demand: Demand) -> Demand:
    return Demand.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=demand.pk)


def _set_state(demand: Demand, state: str, *fields: str) -> None:
    demand.state = state
    demand.save(update_fields=["state", *fields])
