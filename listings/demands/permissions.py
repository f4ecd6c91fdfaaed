"""Who sees a demand, its details and the proposals that answer it, and who may act on them?"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404

from listings.demands.kinds import Confidentiality
from listings.demands.models.demands import Acceptance, Demand
from listings.demands.models.proposals import Proposal, Question
from listings.demands.rules.demands import may_read_details
from listings.demands.states import HANDED_IN, DemandState
from market.accounts.models import Organisation
from market.accounts.permissions import acts_for, require_role, require_verified
from market.documents.models import Document
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

_ADVICE: list[Callable[[Actor], Q]] = []


def visible_demands(actor: Actor) -> QuerySet[Demand]:
    """Everybody's published ones, and one's own."""
    seen = ~Q(state=DemandState.DRAFT) & Q(published_at__isnull=False)
    if actor.organisation is not None:
        seen |= Q(organisation_id=actor.organisation)
    return Demand.objects.filter(seen).select_related("organisation")


def demand_for(actor: Actor, number: str) -> Demand:
    """The door: this demand, or 404."""
    demand = visible_demands(actor).filter(number=number).first()
    if demand is None:
        raise Http404
    return demand


def grant_advice(sight: Callable[[Actor], Q]) -> None:
    """Lets a higher app say which demands its people help to word, be they drafts; called once, when the app is ready."""
    _ADVICE.append(sight)


def demand_in_clinic(actor: Actor, number: str) -> Demand:
    """The door to the clinic: this demand for its enterprise, and for whom a higher app vouches (a broker engaged by it); or 404."""
    seen = Q(organisation_id=actor.organisation or 0)
    for sight in _ADVICE:
        seen |= sight(actor)
    demand = Demand.objects.filter(seen, number=number).select_related("organisation").distinct().first()
    if demand is None:
        raise Http404
    return demand


def require_mover(actor: Actor, demand: Demand, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if by == "clock":
        if not actor.is_clock:
            raise Forbidden([Refusal("accounts.role_missing")])
        return
    require_role(actor, demand.organisation_id, Role.OWNER, Role.AGENT)


def may_edit(actor: Actor, demand: Demand) -> bool:
    """True for whoever acts for the enterprise as owner or agent."""
    return acts_for(actor, demand.organisation_id, Role.OWNER, Role.AGENT)


def may_see_details(actor: Actor, demand: Demand) -> bool:
    """The details as the demand's level lets them be read; who may not, does not learn them from any page or file."""
    if demand.confidentiality == Confidentiality.OPEN:
        return True
    is_insider = acts_for(actor, demand.organisation_id) or actor.has(Role.SUPERVISOR)
    return may_read_details(
        confidentiality=demand.confidentiality,
        is_own=acts_for(actor, demand.organisation_id),
        is_official=actor.has(Role.SUPERVISOR),
        is_named=not is_insider and is_named(actor.organisation, demand),
        has_accepted=not is_insider and has_accepted(actor.organisation, demand),
    )


def is_named(organisation_id: int | None, demand: Demand) -> bool:
    """True for a party the enterprise named."""
    return organisation_id is not None and demand.named.filter(pk=organisation_id).exists()


def has_accepted(organisation_id: int | None, demand: Demand) -> bool:
    """True once somebody accepted the non-disclosure terms for this organisation."""
    return organisation_id is not None and Acceptance.objects.filter(demand=demand, organisation_id=organisation_id).exists()


def require_reader_of_details(actor: Actor, demand: Demand, organisation: Organisation) -> None:
    """Raises `Forbidden` for whoever would accept the terms in vain: the enterprise itself, or a party it did not name."""
    require_outsider(actor, demand, organisation)
    if demand.confidentiality == Confidentiality.NAMED and not is_named(organisation.pk, demand):
        raise Forbidden([Refusal("demands.not_named")])


def require_outsider(actor: Actor, demand: Demand, organisation: Organisation) -> None:
    """Raises `Forbidden` unless the actor may bind this verified organisation, which is not the one that seeks."""
    require_role(actor, organisation.pk, Role.OWNER, Role.AGENT)
    require_verified(organisation)
    if organisation.pk == demand.organisation_id:
        raise Forbidden([Refusal("demands.own_demand")])


def require_proposer(actor: Actor, demand: Demand, organisation: Organisation) -> None:
    """Raises `Forbidden` for whoever cannot answer: the enterprise itself, or somebody who may not read what is to be answered."""
    require_outsider(actor, demand, organisation)
    if not may_see_details(actor, demand):
        raise Forbidden([Refusal("demands.accept_first")])


def may_propose(actor: Actor, demand: Demand) -> bool:
    """True when the page should offer to answer, or to accept the terms and answer then."""
    return (
        demand.state == DemandState.OPEN
        and actor.organisation not in {None, demand.organisation_id}
        and actor.has(Role.OWNER, Role.AGENT)
    )


def visible_proposals(actor: Actor) -> QuerySet[Proposal]:
    """One's own, and what was handed in to one's own demands or, for supervisors, to any: once it is not sealed any more."""
    proposals = Proposal.objects.select_related("demand__organisation", "organisation")
    handed_in = Q(state__in=HANDED_IN) & ~Q(demand__is_open_call=True, demand__opened_at__isnull=True)
    if actor.has(Role.SUPERVISOR):
        seen = handed_in
    elif actor.organisation is None:
        return proposals.none()
    else:
        seen = handed_in & Q(demand__organisation_id=actor.organisation)
    if actor.organisation is not None:
        seen |= Q(organisation_id=actor.organisation)
    return proposals.filter(seen)


def proposal_for(actor: Actor, key: str) -> Proposal:
    """The door: this proposal, or 404."""
    proposal = visible_proposals(actor).filter(key=key).first()
    if proposal is None:
        raise Http404
    return proposal


def question_for(actor: Actor, key: str) -> Question:
    """The door: this question, for whoever sees the proposal it is about; or 404."""
    question = (
        Question.objects.filter(key=key, proposal__in=visible_proposals(actor))
        .select_related("proposal__demand__organisation", "proposal__organisation")
        .first()
    )
    if question is None:
        raise Http404
    return question


def require_proposal_mover(actor: Actor, proposal: Proposal, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    match by:
        case "proposer":
            require_role(actor, proposal.organisation_id, Role.OWNER, Role.AGENT)
        case "seeker":
            require_mover(actor, proposal.demand, "owner")
        case _:
            require_mover(actor, proposal.demand, by)


def may_read_proposal_document(actor: Actor, document: Document) -> bool:
    """What is attached to a proposal is read by those who may see the proposal."""
    return visible_proposals(actor).filter(documents=document).exists()
