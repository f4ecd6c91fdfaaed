"""Drafting, publishing, changing and closing demands, accepting their terms, and what happens at their deadline."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from listings.demands.models.demands import Acceptance, Demand, DemandVersion
from listings.demands.models.proposals import Proposal
from listings.demands.permissions import require_mover, require_reader_of_details
from listings.demands.queries.demands import entry_of, is_answered
from listings.demands.rules.clinic import examine_demand
from listings.demands.rules.demands import MOST_INDICATORS, DemandEntry, changed_fields, demand_refusals, may_change_published
from listings.demands.states import ANSWERING, DEMAND, PROPOSAL, DemandEvent, DemandState, ProposalEvent, ProposalState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role, require_verified
from market.events.actions import record
from market.policy.actions import next_number
from market.values.actor import CLOCK, Actor, Role
from market.values.dates import day_of, end_of
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_PLAIN_FIELDS = (
    "title",
    "kind",
    "industry",
    "problem",
    "targets",
    "expected",
    "existing_basis",
    "conditions",
    "contact",
    "cooperation",
    "confidentiality",
    "details",
    "nondisclosure",
    "valid_until",
)
_FIELDS = (*_PLAIN_FIELDS, "keywords", "indicators", "budget_from", "budget", "named")


@transaction.atomic
def draft_demand(
    entry: DemandEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Demand:
    """The demand stands under a number of its own; only its enterprise sees it. Event: demand.drafted."""
    require_role(actor, organisation.pk, Role.OWNER, Role.AGENT)
    require_verified(organisation)
    require(demand_refusals(entry, today=day_of(now)))
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
    record("demand.drafted", subject=demand.subject, actor=actor, now=now, number=demand.number)
    return demand


def _require_new(entry: DemandEntry, organisation: Organisation, *, beside: int | None = None) -> None:
    same = Demand.objects.filter(organisation=organisation, title=entry.title, state__in=[DemandState.DRAFT, DemandState.OPEN])
    if beside is not None:
        same = same.exclude(pk=beside)
    if other := same.first():
        raise OutOfTurn([Refusal("demands.exists", data={"number": other.number})])


def _write(demand: Demand, entry: DemandEntry) -> None:
    """The demand is saved as it was typed."""
    for name in _PLAIN_FIELDS:
        setattr(demand, name, getattr(entry, name))
    demand.keywords = list(entry.keywords)
    demand.indicators = [indicator.as_row() for indicator in entry.indicators]
    demand.budget_from_fen = None if entry.budget_from is None else entry.budget_from.fen
    demand.budget_fen = None if entry.budget is None else entry.budget.fen
    demand.ends_at = end_of(entry.valid_until)
    demand.save()
    demand.named.set(entry.named)


@transaction.atomic
def change_demand(demand: Demand, entry: DemandEntry, *, actor: Actor, now: datetime) -> Demand:
    """The demand says what was typed now: a draft by itself, a published one as a new version, of which those who answered are told.

    Events: demand.changed, or demand.revised. Refused as `may_change_published` says, and when the deadline is over.
    """
    locked = locked_demand(demand)
    move = DEMAND.move(locked.state, DemandEvent.CHANGE)
    require_mover(actor, locked, move.by)
    require(demand_refusals(entry, today=day_of(now)))
    _require_new(entry, locked.organisation, beside=locked.pk)
    if locked.state == DemandState.DRAFT:
        _write(locked, entry)
        record("demand.changed", subject=locked.subject, actor=actor, now=now)
        return locked
    before = entry_of(locked)
    changed = changed_fields(before, entry, _FIELDS)
    require(
        may_change_published(before, entry, changed=changed, is_answered=is_answered(locked), is_open_call=locked.is_open_call)
    )
    locked.version += 1
    _write(locked, entry)
    _keep_version(locked, changed, actor=actor, now=now)
    record("demand.revised", subject=locked.subject, actor=actor, now=now, version=locked.version, changed=changed)
    return locked


@transaction.atomic
def adopt_indicators(demand: Demand, *, actor: Actor, now: datetime) -> Demand:
    """What the targets state in words stands among the indicators too. Events and refusals are those of `change_demand`."""
    locked = locked_demand(demand)
    entry = entry_of(locked)
    found = (*entry.indicators, *examine_demand(entry).suggested)
    return change_demand(locked, replace(entry, indicators=found[:MOST_INDICATORS]), actor=actor, now=now)


@transaction.atomic
def publish_draft(demand: Demand, *, actor: Actor, now: datetime) -> Demand:
    """Everybody sees the demand until its last day. Event: demand.published. Refused when that day is over by now."""
    locked = locked_demand(demand)
    move = DEMAND.move(locked.state, DemandEvent.PUBLISH)
    require_mover(actor, locked, move.by)
    require_verified(locked.organisation)
    if locked.valid_until <= day_of(now):
        raise Refused([Refusal("demands.deadline_in_the_past", field="valid_until")])
    locked.published_at, locked.version = now, 1
    _set_state(locked, move.to, "published_at", "version")
    _keep_version(locked, [], actor=actor, now=now)
    record("demand.published", subject=locked.subject, actor=actor, now=now, number=locked.number)
    return locked


def _keep_version(demand: Demand, changed: list[str], *, actor: Actor, now: datetime) -> None:
    DemandVersion.objects.create(
        demand=demand,
        number=demand.version,
        content=_content(demand),
        changed=changed,
        published_at=now,
        published_by_id=actor.person,
    )


def _content(demand: Demand) -> dict[str, Any]:
    """The demand's words and figures, as a version keeps them."""
    kept = {name: getattr(demand, name) for name in _PLAIN_FIELDS} | {"valid_until": demand.valid_until.isoformat()}
    fen = {"budget_from_fen": demand.budget_from_fen, "budget_fen": demand.budget_fen}
    named = list(demand.named.order_by("pk").values_list("key", flat=True))
    return kept | fen | {"keywords": demand.keywords, "indicators": demand.indicators, "named": named}


@transaction.atomic
def publish_demand(
    entry: DemandEntry, *, organisation: Organisation, actor: Actor, now: datetime, is_sample: bool = False
) -> Demand:
    """The demand is public under a number of its own. Events: demand.drafted, demand.published."""
    demand = draft_demand(entry, organisation=organisation, actor=actor, now=now, is_sample=is_sample)
    return publish_draft(demand, actor=actor, now=now)


@transaction.atomic
def accept_terms(demand: Demand, *, organisation: Organisation, actor: Actor, now: datetime) -> Acceptance:
    """The organisation keeps secret what it reads from now on. Event: demand.terms_accepted.

    Forbidden to the enterprise itself, and to parties it did not name; out of turn the second time, and where nothing is protected.
    """
    locked = locked_demand(demand)
    # Whoever may still answer may still read: the one state in which the worker ends the taking of proposals.
    DEMAND.move(locked.state, DemandEvent.SELECT)
    require_reader_of_details(actor, locked, organisation)
    if not locked.nondisclosure:
        raise OutOfTurn([Refusal("demands.nothing_protected")])
    digest = hashlib.sha256(locked.nondisclosure.encode()).hexdigest()
    try:
        with transaction.atomic():
            acceptance = Acceptance.objects.create(
                demand=locked, organisation=organisation, person_id=person_of(actor), accepted_at=now, digest=digest
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("demands.accepted_before")]) from error
    record("demand.terms_accepted", subject=locked.subject, actor=actor, now=now, organisation=organisation.name, digest=digest)
    return acceptance


@transaction.atomic
def close_demand(demand: Demand, *, reason: str = "", actor: Actor, now: datetime) -> Demand:
    """The enterprise no longer looks for it, and says why to those who answered; a draft needs no reason.

    Events: demand.closed, and proposal.lost or proposal.lapsed for each proposal.
    """
    locked = locked_demand(demand)
    move = DEMAND.move(locked.state, DemandEvent.CLOSE)
    require_mover(actor, locked, move.by)
    if locked.state != DemandState.DRAFT:
        locked.reason = text_given(reason, Refusal("demands.reason_missing", field="reason"))
    _set_state(locked, move.to, "reason")
    record("demand.closed", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    lapse_drafts(locked, actor=actor, now=now)
    lose_proposals(locked, actor=actor, now=now)
    return locked


@transaction.atomic
def end_taking_proposals(demand: Demand, *, now: datetime) -> Demand:
    """A demand past its deadline takes no more proposals: the enterprise chooses among those there are; without any it is over.

    Does nothing before, or when it is closed already. Events: demand.opened or demand.expired; proposal.lapsed for each draft.
    """
    locked = locked_demand(demand)
    if locked.state != DemandState.OPEN or locked.ends_at > now:
        return locked
    answers = locked.proposals.filter(state__in=ANSWERING).count()
    move = DEMAND.move(locked.state, DemandEvent.SELECT if answers else DemandEvent.EXPIRE)
    if answers:
        locked.opened_at = now
    _set_state(locked, move.to, "opened_at")
    if answers:
        record("demand.opened", subject=locked.subject, actor=CLOCK, now=now, proposals=answers)
    else:
        record("demand.expired", subject=locked.subject, actor=CLOCK, now=now)
    lapse_drafts(locked, actor=CLOCK, now=now)
    return locked


def lapse_drafts(demand: Demand, *, actor: Actor, now: datetime) -> None:
    """What was never handed in is over. The caller holds the demand's lock. Event: proposal.lapsed for each."""
    for draft in demand.proposals.select_for_update().filter(state=ProposalState.DRAFT):
        set_proposal_state(draft, PROPOSAL.move(draft.state, ProposalEvent.LAPSE).to)
        record("proposal.lapsed", subject=draft.subject, actor=actor, now=now)


def lose_proposals(demand: Demand, *, actor: Actor, now: datetime) -> None:
    """What could still have been chosen ends without the award. The caller holds the demand's lock. Event: proposal.lost for each."""
    for proposal in demand.proposals.select_for_update().filter(state__in=ANSWERING):
        set_proposal_state(proposal, PROPOSAL.move(proposal.state, ProposalEvent.LOSE).to)
        record("proposal.lost", subject=proposal.subject, actor=actor, now=now)


def move_demand(demand: Demand, event: DemandEvent) -> None:
    """The demand has made this move. The caller holds its lock, has asked for the permission, and records the event."""
    _set_state(demand, DEMAND.move(demand.state, event).to)


def locked_demand(demand: Demand) -> Demand:
    """The demand as it stands, locked until the transaction ends. Proposals are locked after their demand, never before."""
    return Demand.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=demand.pk)


def set_proposal_state(proposal: Proposal, state: str, *fields: str) -> None:
    """The proposal stands in this state, its other fields saved with it. Whoever calls this has asked the table."""
    proposal.state = state
    proposal.save(update_fields=["state", *fields])


def _set_state(demand: Demand, state: str, *fields: str) -> None:
    demand.state = state
    demand.save(update_fields=["state", *fields])
