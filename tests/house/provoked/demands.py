"""Refusals about demands and the proposals that answer them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from listings.demands.actions.awards import award_proposal
from listings.demands.actions.demands import accept_terms, change_demand, close_demand
from listings.demands.actions.proposals import (
    answer_question,
    ask_question,
    change_proposal,
    decline_proposal,
    draft_proposal,
    submit_proposal,
)
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.queries.demands import entry_of
from market.values.money import ZERO, Money
from tests.demands.builders import (
    CARBON,
    TERMS,
    a_confidential_demand,
    a_demand,
    a_proposal,
    a_proposal_entry,
)
from tests.house.provoked import Act, Provocation
from tests.listings.builders import an_achievement
from tests.people import Cast


def _demand(**changes: object) -> Provocation:
    return lambda cast, now: lambda: a_demand(cast, now, **changes)


def _protected(**changes: object) -> Provocation:
    protected: dict[str, object] = {"confidentiality": "on_acceptance", "details": "运行数据", "nondisclosure": TERMS}
    return _demand(**(protected | changes))


def _second_demand(cast: Cast, now: datetime) -> Act:
    title = a_demand(cast, now).title
    return lambda: a_demand(cast, now, title=title)


def _changed(build: Callable[[Cast, datetime], Demand] = a_demand, **changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        demand = build(cast, now)
        entry = replace(entry_of(demand), **changes)  # type: ignore[arg-type]
        return lambda: change_demand(demand, entry, actor=cast.enterprise_agent.actor, now=now)

    return provoke


def _answered(cast: Cast, now: datetime) -> Demand:
    return a_proposal(cast, a_demand(cast, now), now).demand


def _call(cast: Cast, now: datetime) -> Demand:
    demand = a_demand(cast, now)
    Demand.objects.filter(pk=demand.pk).update(is_open_call=True)
    return demand


def _without_reason(cast: Cast, now: datetime) -> Act:
    demand = a_demand(cast, now)
    return lambda: close_demand(demand, reason=" ", actor=cast.enterprise_agent.actor, now=now)


def _accepting(level: str = "on_acceptance", who: str = "university_agent", *, times: int = 1) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        named = (cast.rival.pk,) if level == "named" else ()
        demand = a_demand(cast, now) if level == "open" else a_confidential_demand(cast, now, level=level, named=named)
        reader = getattr(cast, who)

        def accept() -> object:
            return accept_terms(demand, organisation=reader.organisation, actor=reader.actor, now=now)

        for _earlier in range(times - 1):
            accept()
        return accept

    return provoke


def _drafting(build: Callable[[Cast, datetime], Demand] = a_demand, **changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        demand, team = build(cast, now), cast.university_agent
        entry = a_proposal_entry(**changes)
        return lambda: draft_proposal(demand, entry, organisation=team.organisation, actor=team.actor, now=now)

    return provoke


def _handing_in(**changes: object) -> Provocation:
    def provoke(cast: Cast, now: datetime) -> Act:
        demand = a_demand(cast, now, indicators=(CARBON,))
        promises = {} if "promises" in changes else {"promises": ()}
        proposal = a_proposal(cast, demand, now, state="draft", **(promises | changes))
        return lambda: submit_proposal(proposal, actor=cast.university_agent.actor, now=now)

    return provoke


def _too_late(cast: Cast, now: datetime) -> Act:
    proposal = a_proposal(cast, a_demand(cast, now), now)
    late = proposal.demand.ends_at
    return lambda: change_proposal(proposal, a_proposal_entry(months=9), actor=cast.university_agent.actor, now=late)


def _foreign_achievement(cast: Cast, now: datetime) -> Act:
    achievement, rival = an_achievement(cast, now), cast.rival_agent
    demand, entry = a_demand(cast, now), a_proposal_entry(achievements=(achievement.pk,))
    return lambda: draft_proposal(demand, entry, organisation=rival.organisation, actor=rival.actor, now=now)


def _declined(cast: Cast, now: datetime) -> Proposal:
    proposal = a_proposal(cast, a_demand(cast, now), now)
    return decline_proposal(proposal, reason="路线不符", actor=cast.enterprise_agent.actor, now=now)


def _asking_too_late(cast: Cast, now: datetime) -> Act:
    proposal = _declined(cast, now)
    return lambda: ask_question(proposal, text="工期可否缩短？", actor=cast.enterprise_agent.actor, now=now)


def _asking_nothing(cast: Cast, now: datetime) -> Act:
    proposal = a_proposal(cast, a_demand(cast, now), now)
    return lambda: ask_question(proposal, text=" ", actor=cast.enterprise_agent.actor, now=now)


def _answering_twice(cast: Cast, now: datetime) -> Act:
    proposal = a_proposal(cast, a_demand(cast, now), now)
    question = ask_question(proposal, text="工期可否缩短？", actor=cast.enterprise_agent.actor, now=now)
    answer_question(question, text="可缩短一个月。", actor=cast.university_agent.actor, now=now)
    return lambda: answer_question(question, text="不可以。", actor=cast.university_agent.actor, now=now)


def _awarding_a_call(cast: Cast, now: datetime) -> Act:
    proposal = a_proposal(cast, _call(cast, now), now)
    return lambda: award_proposal(proposal, actor=cast.enterprise_agent.actor, now=now)


def _own_answer(cast: Cast, now: datetime) -> Act:
    demand, own = a_demand(cast, now), cast.enterprise_agent
    return lambda: draft_proposal(demand, a_proposal_entry(), organisation=own.organisation, actor=own.actor, now=now)


PROVOKED: dict[str, Provocation] = {
    "demands.deadline_in_the_past": _demand(valid_until=date(2026, 3, 10)),
    "demands.exists": _second_demand,
    "demands.budget_zero": _demand(budget=Money(0)),
    "demands.budget_reversed": _demand(budget_from=Money.yuan("3000000")),
    "demands.too_many_indicators": _demand(indicators=tuple(replace(CARBON, name=f"指标{n}") for n in range(13))),
    "demands.indicator_twice": _demand(indicators=(CARBON, replace(CARBON, value=Decimal(3)))),
    "demands.details_would_be_public": _demand(details="运行数据"),
    "demands.details_missing": _protected(details=" "),
    "demands.nondisclosure_missing": _protected(nondisclosure=""),
    "demands.nobody_named": _protected(confidentiality="named"),
    "demands.nothing_changed": _changed(),
    "demands.deadline_shortened": _changed(_answered, valid_until=date(2026, 6, 30)),
    "demands.level_is_fixed": _changed(a_confidential_demand, confidentiality="open", details="", nondisclosure=""),
    "demands.terms_are_fixed": _changed(a_confidential_demand, nondisclosure="另行约定"),
    "demands.call_is_fixed": _changed(_call, title="另一项需求"),
    "demands.reason_missing": _without_reason,
    "demands.nothing_typed": _asking_nothing,
    "demands.nothing_protected": _accepting("open"),
    "demands.accepted_before": _accepting(times=2),
    "demands.not_named": _accepting("named"),
    "demands.own_demand": _own_answer,
    "demands.accept_first": _drafting(a_confidential_demand),
    "demands.deadline_is_over": _too_late,
    "demands.proposal_exists": _drafting(_answered),
    "demands.approach_too_short": _handing_in(approach="太短"),
    "demands.price_zero": _handing_in(price=ZERO),
    "demands.months_out_of_range": _handing_in(months=0),
    "demands.team_missing": _handing_in(team=()),
    "demands.promise_missing": _handing_in(),
    "demands.not_your_achievement": _foreign_achievement,
    "demands.not_to_be_chosen": _asking_too_late,
    "demands.answered_before": _answering_twice,
    "demands.experts_decide": _awarding_a_call,
}
