"""What the pages of demands and proposals show, read in few queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from listings.demands.models.demands import Demand, DemandVersion
from listings.demands.models.proposals import Proposal, Question
from listings.demands.permissions import (
    has_accepted,
    is_named,
    may_edit,
    may_propose,
    may_see_details,
    visible_demands,
    visible_proposals,
)
from listings.demands.rules.proposals import Kept, kept_promises
from listings.demands.states import ANSWERING, DEMAND, PROPOSAL, STANDING, DemandEvent, ProposalEvent
from market.accounts.permissions import acts_for
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.values.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class DemandPage:
    """Everything the page of one demand shows to this actor. `proposals` are those the actor may read; a sealed one is nobody's."""

    demand: Demand
    is_own: bool
    moves: frozenset[str]
    may_propose: bool
    shows_details: bool
    # Accepting the terms would help: they protect something, and this organisation may read it.
    may_accept: bool
    is_not_named: bool
    own_proposal: Proposal | None
    proposals: list[Proposal]
    versions: list[DemandVersion]
    story: list[StoryEntry]


def demand_page(demand: Demand, *, actor: Actor) -> DemandPage:
    """The page of this demand as this actor may see it."""
    is_own = may_edit(actor, demand)
    is_insider = is_own or actor.is_official
    shows_details, offers = may_see_details(actor, demand), may_propose(actor, demand)
    is_out = demand.confidentiality == "named" and offers and not is_named(actor.organisation, demand)
    proposals = visible_proposals(actor).filter(demand=demand) if is_own or actor.has(Role.SUPERVISOR) else []
    return DemandPage(
        demand=demand,
        is_own=is_own,
        moves=frozenset(str(move.event) for move in DEMAND.moves_from(demand.state)) if is_own else frozenset(),
        may_propose=offers,
        shows_details=shows_details,
        may_accept=offers and not is_out and not shows_details and not has_accepted(actor.organisation, demand),
        is_not_named=is_out,
        own_proposal=_own_proposal(demand, actor),
        proposals=list(proposals),
        versions=list(demand.versions.filter(number__gt=1)) if demand.version > 1 else [],
        story=story(timeline([demand.subject]), reader=actor) if is_insider else [],
    )


def _own_proposal(demand: Demand, actor: Actor) -> Proposal | None:
    if actor.organisation in {None, demand.organisation_id}:
        return None
    return demand.proposals.filter(organisation_id=actor.organisation).order_by("-pk").first()


def own_demands(actor: Actor) -> QuerySet[Demand]:
    """Those of the organisation one acts for, each with how many proposals there are to choose from; a sealed one counts for nobody."""
    answers = Q(proposals__state__in=ANSWERING) & (Q(is_open_call=False) | Q(opened_at__isnull=False))
    own = visible_demands(actor).filter(organisation_id=actor.organisation or 0)
    return own.annotate(answers=Count("proposals", filter=answers)).order_by("-created_at")


def own_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Those of the organisation one acts for, the newest first."""
    return visible_proposals(actor).filter(organisation_id=actor.organisation or 0).order_by("-created_at")


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """Everything the page of one proposal shows to this actor; `is_behind` when the demand was changed after it was handed in."""

    proposal: Proposal
    is_team: bool
    is_seeker: bool
    moves: frozenset[str]
    kept: list[Kept]
    questions: list[Question]
    may_ask: bool
    is_behind: bool
    story: list[StoryEntry]


def proposal_page(proposal: Proposal, *, actor: Actor) -> ProposalPage:
    """The page of this proposal as its team, the enterprise or a supervisor sees it."""
    demand = proposal.demand
    is_team = acts_for(actor, proposal.organisation_id, Role.OWNER, Role.AGENT)
    is_seeker = may_edit(actor, demand)
    return ProposalPage(
        proposal=proposal,
        is_team=is_team,
        is_seeker=is_seeker,
        moves=_moves(proposal, is_team=is_team, is_seeker=is_seeker),
        kept=kept_promises(demand.figures, proposal.promised),
        questions=list(proposal.questions.all()),
        may_ask=is_seeker and proposal.state in ANSWERING,
        is_behind=proposal.state in STANDING and proposal.for_version < demand.version and demand.state == "open",
        story=story(timeline([proposal.subject]), reader=actor),
    )


def _moves(proposal: Proposal, *, is_team: bool, is_seeker: bool) -> frozenset[str]:
    """What the reader may do: revising and handing in while the demand is open, choosing where no experts do."""
    demand = proposal.demand
    mine = ({"proposer"} if is_team else set()) | ({"seeker"} if is_seeker and not demand.is_open_call else set())
    moves = {str(move.event) for move in PROPOSAL.moves_from(proposal.state) if move.by in mine}
    if demand.state != "open":
        moves -= {ProposalEvent.SUBMIT, ProposalEvent.REVISE}
    if not DEMAND.may(demand.state, DemandEvent.AWARD):
        moves -= {ProposalEvent.AWARD}
    return frozenset(moves)
