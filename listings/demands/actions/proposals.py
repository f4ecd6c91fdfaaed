"""Drafting, handing in, revising and withdrawing proposals; asking about them, and answering in writing."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from listings.demands.actions.demands import locked_demand, set_proposal_state
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal, Question
from listings.demands.permissions import require_proposal_mover, require_proposer
from listings.demands.queries.proposals import achievements_to_refer_to, digest_of, entry_of
from listings.demands.rules.proposals import ProposalEntry, may_answer, proposal_refusals
from listings.demands.states import ANSWERING, DEMAND, PROPOSAL, DemandEvent, ProposalEvent, ProposalState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role
from market.events.actions import record
from market.values.actor import Actor, Role
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_NO_TEXT = Refusal("demands.nothing_typed", field="text")


@transaction.atomic
def draft_proposal(demand: Demand, entry: ProposalEntry, *, organisation: Organisation, actor: Actor, now: datetime) -> Proposal:
    """A draft stands that only its own organisation sees. Event: proposal.drafted.

    Forbidden to the enterprise itself, and to whoever may not read the details; out of turn beside another proposal.
    """
    locked = locked_demand(demand)
    # Proposals are taken in the one state in which the worker ends the taking.
    DEMAND.move(locked.state, DemandEvent.SELECT)
    require_proposer(actor, locked, organisation)
    require(may_answer(now=now, ends_at=locked.ends_at))
    proposal = Proposal(
        demand=locked, organisation=organisation, for_version=locked.version, created_by_id=person_of(actor), created_at=now
    )
    try:
        with transaction.atomic():
            _write(proposal, entry)
    except IntegrityError as error:
        raise OutOfTurn([Refusal("demands.proposal_exists")]) from error
    record("proposal.drafted", subject=proposal.subject, actor=actor, now=now, demand=locked.number)
    return proposal


def _write(proposal: Proposal, entry: ProposalEntry) -> None:
    """The proposal is saved as it was typed. Refused with achievements that are not the proposer's own registered ones."""
    achievements = list(achievements_to_refer_to(proposal.organisation_id).filter(pk__in=entry.achievements))
    if len(achievements) != len(set(entry.achievements)):
        raise Refused([Refusal("demands.not_your_achievement", field="achievements")])
    proposal.approach = entry.approach
    proposal.promises = [promise.as_row() for promise in entry.promises]
    proposal.team = [{"name": member.name, "part": member.part} for member in entry.team]
    proposal.price_fen, proposal.months = entry.price.fen, entry.months
    proposal.save()
    proposal.achievements.set(achievements)
    proposal.documents.set(entry.documents)


@transaction.atomic
def change_proposal(proposal: Proposal, entry: ProposalEntry, *, actor: Actor, now: datetime) -> Proposal:
    """The draft says what was typed; what was handed in is revised, and answers the demand's newest version.

    Events: proposal.changed for a draft, proposal.revised with the new fingerprint. Refused after the deadline.
    """
    locked = _locked(proposal)
    move = PROPOSAL.move(locked.state, ProposalEvent.REVISE)
    require_proposal_mover(actor, locked, move.by)
    require(may_answer(now=now, ends_at=locked.demand.ends_at))
    if locked.state == ProposalState.DRAFT:
        _write(locked, entry)
        record("proposal.changed", subject=locked.subject, actor=actor, now=now)
        return locked
    require(proposal_refusals(entry, locked.demand.figures))
    _write(locked, entry)
    _seal(locked, now=now)
    locked.revised_at = now
    set_proposal_state(locked, move.to, "revised_at", "digest", "for_version")
    record("proposal.revised", subject=locked.subject, actor=actor, now=now, digest=locked.digest)
    return locked


@transaction.atomic
def submit_proposal(proposal: Proposal, *, actor: Actor, now: datetime) -> Proposal:
    """The proposal is handed in: the enterprise reads it, of an open call only after the deadline. Event: proposal.submitted.

    Refused after the deadline, and while something is missing that a contract would need.
    """
    locked = _locked(proposal)
    move = PROPOSAL.move(locked.state, ProposalEvent.SUBMIT)
    require_proposal_mover(actor, locked, move.by)
    require(may_answer(now=now, ends_at=locked.demand.ends_at))
    require(proposal_refusals(entry_of(locked), locked.demand.figures))
    locked.submitted_at = now
    _seal(locked, now=now)
    set_proposal_state(locked, move.to, "submitted_at", "digest", "for_version")
    facts = {"demand": locked.demand.number, "digest": locked.digest}
    record("proposal.submitted", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


def _seal(proposal: Proposal, *, now: datetime) -> None:
    """The (unsaved) proposal answers the newest version, under the fingerprint of what it says now."""
    proposal.for_version = proposal.demand.version
    proposal.digest = digest_of(proposal)


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, actor: Actor, now: datetime) -> Proposal:
    """Its organisation takes the proposal back, before or after the deadline; nobody else reads it any more. Event: proposal.withdrawn."""
    locked = _locked(proposal)
    move = PROPOSAL.move(locked.state, ProposalEvent.WITHDRAW)
    require_proposal_mover(actor, locked, move.by)
    was_handed_in = locked.state != ProposalState.DRAFT
    set_proposal_state(locked, move.to)
    record("proposal.withdrawn", subject=locked.subject, actor=actor, now=now, was_handed_in=was_handed_in)
    return locked


@transaction.atomic
def shortlist_proposal(proposal: Proposal, *, actor: Actor, now: datetime) -> Proposal:
    """The enterprise takes a closer look at it. Event: proposal.shortlisted. Of an open call experts find the order instead."""
    locked, state = _decide(proposal, ProposalEvent.SHORTLIST, reason="", actor=actor, now=now)
    set_proposal_state(locked, state, "decided_at", "decided_by", "reason")
    record("proposal.shortlisted", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def decline_proposal(proposal: Proposal, *, reason: str, actor: Actor, now: datetime) -> Proposal:
    """The enterprise says why it does not follow this proposal. Event: proposal.declined."""
    given = text_given(reason, Refusal("demands.reason_missing", field="reason"))
    locked, state = _decide(proposal, ProposalEvent.DECLINE, reason=given, actor=actor, now=now)
    set_proposal_state(locked, state, "decided_at", "decided_by", "reason")
    record("proposal.declined", subject=locked.subject, actor=actor, now=now, reason=given)
    return locked


def _decide(proposal: Proposal, event: ProposalEvent, *, reason: str, actor: Actor, now: datetime) -> tuple[Proposal, str]:
    """The (unsaved) decision stands in the locked proposal; gives it with the state it leads to."""
    locked = _locked(proposal)
    move = PROPOSAL.move(locked.state, event)
    require_proposal_mover(actor, locked, move.by)
    if locked.demand.is_open_call:
        raise OutOfTurn([Refusal("demands.experts_decide")])
    locked.decided_at, locked.decided_by_id, locked.reason = now, actor.person, reason
    return locked, move.to


@transaction.atomic
def ask_question(proposal: Proposal, *, text: str, actor: Actor, now: datetime) -> Question:
    """The enterprise asks about the proposal; the team is told. Event: proposal.asked. Out of turn unless it may still be chosen."""
    locked = _locked(proposal)
    if locked.state not in ANSWERING:
        raise OutOfTurn([Refusal("demands.not_to_be_chosen")])
    require_proposal_mover(actor, locked, "seeker")
    question = Question.objects.create(
        proposal=locked, asked_by_id=person_of(actor), asked_at=now, question=text_given(text, _NO_TEXT)
    )
    record("proposal.asked", subject=locked.subject, actor=actor, now=now, question=question.question)
    return question


@transaction.atomic
def answer_question(question: Question, *, text: str, actor: Actor, now: datetime) -> Question:
    """The team's answer is recorded, once. Event: proposal.answered."""
    proposal = _locked(question.proposal)
    require_role(actor, proposal.organisation_id, Role.OWNER, Role.AGENT)
    locked = Question.objects.select_for_update().get(pk=question.pk)
    if locked.answered_at is not None or proposal.state not in ANSWERING:
        raise OutOfTurn([Refusal("demands.answered_before")])
    locked.answer, locked.answered_at, locked.answered_by_id = text_given(text, _NO_TEXT), now, person_of(actor)
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    record("proposal.answered", subject=proposal.subject, actor=actor, now=now, answer=locked.answer)
    return locked


def _locked(proposal: Proposal) -> Proposal:
    """The demand first, then the proposal: both as they stand, locked until the transaction ends."""
    demand = locked_demand(proposal.demand)
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=proposal.pk)
    locked.demand = demand
    return locked
