"""What waits for somebody in demands and proposals, and until when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal, Question
from listings.demands.states import ANSWERING, DemandState, ProposalState
from market.counts import counted
from market.values.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many demands to publish and to choose for, proposals to hand in (the first by `deadline`) and questions to answer."""

    drafts: int
    choices: int
    proposals: int
    deadline: date | None
    questions: int


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the organisation one acts for."""
    own = actor.organisation or 0
    demands, proposals = Demand.objects.filter(organisation_id=own), Proposal.objects.filter(organisation_id=own)
    to_hand_in = proposals.filter(state=ProposalState.DRAFT, demand__state=DemandState.OPEN)
    waiting = counted(
        drafts=demands.filter(state=DemandState.DRAFT),
        choices=demands.filter(state=DemandState.SELECTION, is_open_call=False),
        proposals=to_hand_in,
        questions=Question.objects.filter(answered_at=None, proposal__in=proposals.filter(state__in=ANSWERING)),
    )
    days = to_hand_in.order_by("demand__valid_until").values_list("demand__valid_until", flat=True)
    return Waiting(**waiting, deadline=days.first() if waiting["proposals"] else None)
