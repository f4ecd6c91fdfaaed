"""Demands, and the proposals that answer them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from listings.actions.deals import fail_deal, sign_deal
from listings.demands.actions.awards import award_proposal, follow_deal
from listings.demands.actions.demands import (
    change_demand,
    close_demand,
    end_taking_proposals,
    lapse_drafts,
    lose_proposals,
    publish_draft,
)
from listings.demands.actions.proposals import (
    change_proposal,
    decline_proposal,
    shortlist_proposal,
    submit_proposal,
    withdraw_proposal,
)
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.states import DEMAND, PROPOSAL
from listings.models.deals import Deal
from market.values.actor import CLOCK
from tests.demands.builders import AFTER, a_demand, a_demand_entry, a_proposal, a_proposal_entry, an_awarded_deal, close_taking
from tests.house.walks import Walk
from tests.people import Cast


def _answered(cast: Cast, now: datetime, *, state: str = "submitted") -> Demand:
    demand = a_demand(cast, now)
    a_proposal(cast, demand, now, state=state)
    return demand


def _close(cast: Cast, demand: Demand, now: datetime) -> Demand:
    return close_demand(demand, reason="已自行解决", actor=cast.enterprise_agent.actor, now=now)


def _end_taking(cast: Cast, demand: Demand, now: datetime) -> Demand:
    return end_taking_proposals(demand, now=now + AFTER)


def _award_best(cast: Cast, demand: Demand, now: datetime) -> Deal | None:
    best = demand.proposals.exclude(state="draft").first()
    return award_proposal(best, actor=cast.enterprise_agent.actor, now=now) if best else None


def _sign(deal: Deal | None, cast: Cast, now: datetime) -> None:
    if deal is not None:
        follow_deal(sign_deal(deal, actor=cast.university_agent.actor, now=now), now=now)


def _fail(deal: Deal | None, cast: Cast, now: datetime) -> None:
    if deal is not None:
        follow_deal(fail_deal(deal, reason="双方未签约", actor=cast.supervisor.actor, now=now), now=now)


def _deal_of(demand: Demand) -> Deal | None:
    return Deal.objects.filter(proposal__demand=demand).order_by("-pk").first()


def _awarded(cast: Cast, now: datetime) -> Demand:
    return an_awarded_deal(cast, now).proposal.demand


def _contracted(cast: Cast, now: datetime) -> Demand:
    demand = _awarded(cast, now)
    _sign(_deal_of(demand), cast, now)
    return demand


def _proposal(state: str) -> object:
    return lambda cast, now: a_proposal(cast, a_demand(cast, now), now, state=state)


def _awarded_proposal(cast: Cast, now: datetime) -> Proposal:
    return an_awarded_deal(cast, now).proposal


def _not_chosen(cast: Cast, now: datetime) -> Proposal:
    return _awarded_proposal(cast, now).demand.proposals.get(organisation=cast.rival)


def _second_best(cast: Cast, now: datetime) -> Proposal:
    """The deal with the first has failed."""
    second = _not_chosen(cast, now)
    _fail(_deal_of(second.demand), cast, now)
    return second


def _failed(cast: Cast, now: datetime) -> Proposal:
    second = _second_best(cast, now)
    return second.demand.proposals.get(state="failed")


def _lapse(cast: Cast, proposal: Proposal, now: datetime) -> None:
    with transaction.atomic():
        lapse_drafts(proposal.demand, actor=CLOCK, now=now)


def _lose(cast: Cast, proposal: Proposal, now: datetime) -> None:
    with transaction.atomic():
        lose_proposals(proposal.demand, actor=CLOCK, now=now)


def _lapsed(cast: Cast, now: datetime) -> Proposal:
    proposal = a_proposal(cast, a_demand(cast, now), now, state="draft")
    close_taking(proposal.demand)
    return proposal


def _withdraw(cast: Cast, proposal: Proposal, now: datetime) -> Proposal:
    return withdraw_proposal(proposal, actor=cast.university_agent.actor, now=now)


def _decline(cast: Cast, proposal: Proposal, now: datetime) -> Proposal:
    return decline_proposal(proposal, reason="路线与现场条件不符", actor=cast.enterprise_agent.actor, now=now)


WALKS = (
    Walk(
        DEMAND,
        states={
            "draft": lambda cast, now: a_demand(cast, now, published=False),
            "open": a_demand,
            "selection": lambda cast, now: close_taking(_answered(cast, now)),
            "awarded": _awarded,
            "contracted": _contracted,
            "closed": lambda cast, now: _close(cast, _answered(cast, now), now),
            "expired": lambda cast, now: _end_taking(cast, a_demand(cast, now), now),
        },
        events={
            "publish": lambda cast, it, now: publish_draft(it, actor=cast.enterprise_agent.actor, now=now),
            "change": lambda cast, it, now: change_demand(
                it, a_demand_entry(title="改后的需求"), actor=cast.enterprise_agent.actor, now=now
            ),
            "close": _close,
            "select": _end_taking,
            "expire": _end_taking,
            "award": _award_best,
            "sign": lambda cast, it, now: _sign(_deal_of(it), cast, now),
            "fail": lambda cast, it, now: _fail(_deal_of(it), cast, now),
        },
        prepared={
            ("open", "select"): _answered,
            ("open", "award"): lambda cast, now: _answered(cast, now, state="shortlisted"),
            ("selection", "award"): lambda cast, now: close_taking(_answered(cast, now, state="shortlisted")),
        },
        # What the worker meets; and without a proposal there is nothing to award, without a deal nothing to sign.
        quiet=frozenset({"select", "expire", "award", "sign", "fail"}),
    ),
    Walk(
        PROPOSAL,
        states={
            "draft": _proposal("draft"),
            "submitted": _proposal("submitted"),
            "shortlisted": _proposal("shortlisted"),
            "awarded": _awarded_proposal,
            "not_chosen": _not_chosen,
            "declined": lambda cast, now: _decline(cast, a_proposal(cast, a_demand(cast, now), now), now),
            "withdrawn": lambda cast, now: _withdraw(cast, a_proposal(cast, a_demand(cast, now), now), now),
            "lapsed": _lapsed,
            "failed": _failed,
        },
        events={
            "submit": lambda cast, it, now: submit_proposal(it, actor=cast.university_agent.actor, now=now),
            "revise": lambda cast, it, now: change_proposal(
                it, a_proposal_entry(months=12), actor=cast.university_agent.actor, now=now
            ),
            "withdraw": _withdraw,
            "shortlist": lambda cast, it, now: shortlist_proposal(it, actor=cast.enterprise_agent.actor, now=now),
            "decline": _decline,
            "award": lambda cast, it, now: award_proposal(it, actor=cast.enterprise_agent.actor, now=now),
            "lose": _lose,
            "lapse": _lapse,
            "fail": lambda cast, it, now: _fail(it.deal, cast, now),
        },
        prepared={("not_chosen", "award"): _second_best},
        quiet=frozenset({"lose", "lapse", "fail"}),
    ),
)
