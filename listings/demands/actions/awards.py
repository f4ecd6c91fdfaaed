"""Awarding a demand to a proposal, and what becomes of both with the deal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from listings.actions.deals import enter_agreed_deal
from listings.demands.actions.demands import lapse_drafts, locked_demand, lose_proposals, move_demand, set_proposal_state
from listings.demands.models.proposals import Proposal
from listings.demands.permissions import require_proposal_mover
from listings.demands.states import DEMAND, PROPOSAL, DemandEvent, DemandState, ProposalEvent, ProposalState
from listings.models.deals import Deal
from listings.states.deals import DealState
from market.events.actions import record
from market.values.actor import CLOCK, Actor
from market.values.refusal import OutOfTurn, Refusal


@transaction.atomic
def award_proposal(proposal: Proposal, *, actor: Actor, now: datetime) -> Deal:
    """The enterprise takes this proposal: a deal at its price stands between the two, and the others end without the award.

    Events: proposal.awarded, demand.awarded, deal.concluded, proposal.lost for each other one. Out of turn while the shortlist
    holds no such proposal, and for an open call, whose order the experts find.
    """
    demand = locked_demand(proposal.demand)
    if demand.is_open_call:
        raise OutOfTurn([Refusal("demands.experts_decide")])
    return give_award(proposal, actor=actor, now=now)


def give_award(proposal: Proposal, *, actor: Actor, now: datetime) -> Deal:
    """The same for whoever has found out that this proposal is the one; the caller is in a transaction."""
    demand = locked_demand(proposal.demand)
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=proposal.pk)
    locked.demand = demand
    move = PROPOSAL.move(locked.state, ProposalEvent.AWARD)
    # The demand's own table too: a proposal not chosen can be awarded only while the demand is to be awarded anew.
    DEMAND.move(demand.state, DemandEvent.AWARD)
    require_proposal_mover(actor, locked, move.by)
    deal = enter_agreed_deal(
        demand.title, seller=locked.organisation, buyer=demand.organisation, price=locked.price, actor=actor, now=now
    )
    locked.deal, locked.decided_at, locked.decided_by_id = deal, now, actor.person
    set_proposal_state(locked, move.to, "deal", "decided_at", "decided_by")
    move_demand(demand, DemandEvent.AWARD)
    record("proposal.awarded", subject=locked.subject, actor=actor, now=now, deal=deal.key)
    facts = {"organisation": locked.organisation.name, "deal": deal.number}
    record("demand.awarded", subject=demand.subject, actor=actor, now=now, **facts)
    lapse_drafts(demand, actor=actor, now=now)
    lose_proposals(demand, actor=actor, now=now)
    return deal


@transaction.atomic
def follow_deal(deal: Deal, *, now: datetime) -> None:
    """The demand knows what became of its deal: the contract is signed, or another proposal can be chosen.

    Does nothing for a deal without a proposal, or twice. Events: demand.contracted; or proposal.failed and demand.reopened.
    """
    proposal = Proposal.objects.filter(deal=deal).select_related("demand").first()
    if proposal is None:
        return
    demand = locked_demand(proposal.demand)
    if demand.state != DemandState.AWARDED or proposal.state != ProposalState.AWARDED:
        return
    if deal.state == DealState.CONTRACTED:
        move_demand(demand, DemandEvent.SIGN)
        record("demand.contracted", subject=demand.subject, actor=CLOCK, now=now, deal=deal.number)
    elif deal.state == DealState.FAILED:
        set_proposal_state(proposal, PROPOSAL.move(proposal.state, ProposalEvent.FAIL).to)
        record("proposal.failed", subject=proposal.subject, actor=CLOCK, now=now)
        move_demand(demand, DemandEvent.FAIL)
        record("demand.reopened", subject=demand.subject, actor=CLOCK, now=now, deal=deal.number)
