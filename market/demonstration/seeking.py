"""What is sought: demands in each of their states, with the proposals that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from contracts.actions.contracts import agree_contract, draft_contract
from contracts.queries.contracts import digest_of
from listings.actions.deals import fail_deal
from listings.demands.actions.awards import award_proposal
from listings.demands.actions.demands import close_demand, draft_demand, end_taking_proposals, publish_draft
from listings.demands.actions.proposals import (
    answer_question,
    ask_question,
    decline_proposal,
    draft_proposal,
    shortlist_proposal,
    submit_proposal,
    withdraw_proposal,
)
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.rules.demands import DemandEntry, Indicator
from listings.demands.rules.proposals import Promise, ProposalEntry, TeamMember
from listings.models.deals import Deal
from market.demonstration.sample import demand_entry, sample
from market.demonstration.world import World
from market.policy.rules import months_after
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import Money

_INDICATORS = (
    Indicator("最低稳燃负荷", "at_most", Decimal(30), "%", current="45 %", method="性能考核试验，连续运行72小时"),
    Indicator("锅炉热效率", "at_least", Decimal("90.5"), "%", current="89.1 %", method="GB/T 10184"),
)
_APPROACH = (
    "拟采用分级布风与床温协同控制的技术路线：先在现有机组上完成冷态试验和数值模拟，确定布风板和返料系统的改造方案，"
    "再利用一次计划检修完成改造，最后联调并连续考核七十二小时。同类方案已在七十五吨每小时试验炉上验证，主要不确定性在于入炉煤水分波动（样例）。"
)
_TERMS = "我方仅为答复本需求使用所获资料，不向第三方提供，保密期三年（样例）。"


def seek(world: World, row: dict[str, Any], number: int) -> None:
    """The demand is open, but for some that show how it goes on, and the last ones: closed, expired, and a draft."""
    left = len(sample("demands")) - number
    way = _WAYS.get(number)
    entry = _entry(world, row, number, is_over=left == 2 or number in _OVER)
    at = world.now - (timedelta(days=120) if left == 2 or number in _OVER else timedelta(days=number % 45, hours=number % 9))
    organisation, actor = world.organisations[row["enterprise"]], world.agent(row["enterprise"])
    demand = draft_demand(entry, organisation=organisation, actor=actor, now=at, is_sample=True)
    if left == 1:
        return
    demand = publish_draft(demand, actor=actor, now=at)
    if way is not None:
        way(world, demand)
    if left == 2:
        end_taking_proposals(demand, now=world.now)
    elif left == 3:
        at = world.now - timedelta(hours=8)
        close_demand(demand, reason="已由本公司技术中心自行解决（样例）。", actor=actor, now=at)


def _entry(world: World, row: dict[str, Any], number: int, *, is_over: bool) -> DemandEntry:
    valid_until = day_of(world.now - timedelta(days=10)) if is_over else months_after(day_of(world.now), row["valid_months"])
    entry = demand_entry(row, valid_until=valid_until)
    if number in _WAYS:
        entry = replace(entry, indicators=_INDICATORS)
    if number == _CONFIDENTIAL:
        details = "近三年逐时运行数据、煤质分析和检修记录，应答单位可到现场查阅（样例）。"
        entry = replace(entry, confidentiality="on_acceptance", details=details, nondisclosure=_TERMS)
    return entry


def _answer(world: World, demand: Demand, team: str, share: str, *, submitted: bool = True) -> Proposal:
    """This team's proposal at a share of the budget, some days after publication."""
    assert demand.published_at is not None
    agent, at = world.agent(team), min(demand.published_at + timedelta(days=5), world.now - timedelta(hours=9))
    price = (demand.budget or Money.yuan("3000000")).share(Decimal(share))
    promises = tuple(Promise(it.name, it.value, it.unit) for it in demand.figures)
    members = (TeamMember("项目负责人（样例）", "总体方案"), TeamMember("试验工程师（样例）", "冷态试验与考核"))
    entry = ProposalEntry(_APPROACH, price, 14, promises, members)
    proposal = draft_proposal(demand, entry, organisation=world.organisations[team], actor=agent, now=at)
    return submit_proposal(proposal, actor=agent, now=at) if submitted else proposal


def _all_in(world: World, demand: Demand) -> None:
    """While proposals are still taken: one on the shortlist and asked about, others submitted, declined, withdrawn and in work."""
    seeker, now = world.agent_of(demand.organisation_id), world.now - timedelta(hours=6)
    first = shortlist_proposal(_answer(world, demand, "sanggan-univ", "0.92"), actor=seeker, now=now)
    question = ask_question(first, text="改造能否在十五天计划检修内完成？", actor=seeker, now=now)
    answer_question(question, text="可以，布风板在场外预制，现场施工九天。", actor=world.agent("sanggan-univ"), now=now)
    ask_question(first, text="性能考核不达标时如何处理？", actor=seeker, now=now)
    _answer(world, demand, "yanmen-univ", "0.85")
    declined = _answer(world, demand, "saibei-energy", "1.1")
    decline_proposal(declined, reason="报价超出预算，停机时间过长。", actor=seeker, now=now)
    withdrawn = _answer(world, demand, "shuoyun-college", "0.7")
    withdraw_proposal(withdrawn, actor=world.agent("shuoyun-college"), now=now)
    _answer(world, demand, "hengbei-agri", "0.8", submitted=False)


def _to_choose(world: World, demand: Demand) -> None:
    """The deadline is over: two to choose between, and a draft that came too late."""
    _answer(world, demand, "sanggan-univ", "0.9")
    _answer(world, demand, "yanmen-univ", "0.95")
    _answer(world, demand, "saibei-energy", "0.8", submitted=False)
    end_taking_proposals(demand, now=demand.ends_at)


def _awarded(world: World, demand: Demand) -> Deal:
    """The university was chosen before the institute."""
    seeker = world.agent_of(demand.organisation_id)
    best, _other = _answer(world, demand, "sanggan-univ", "0.9"), _answer(world, demand, "saibei-energy", "0.95")
    end_taking_proposals(demand, now=demand.ends_at)
    best = shortlist_proposal(best, actor=seeker, now=demand.ends_at)
    return award_proposal(best, actor=seeker, now=demand.ends_at + timedelta(days=2))


def _failed(world: World, demand: Demand) -> None:
    deal = _awarded(world, demand)
    reason = "双方未能就知识产权归属达成一致，未签订合同。"
    fail_deal(deal, reason=reason, actor=world.official(Role.SUPERVISOR), now=deal.concluded_at + timedelta(days=3))


def _contracted(world: World, demand: Demand) -> None:
    deal = _awarded(world, demand)
    at = deal.concluded_at + timedelta(days=2)
    contract = draft_contract(deal, actor=world.agent("sanggan-univ"), now=at)
    for side in (world.agent("sanggan-univ"), world.agent_of(demand.organisation_id)):
        contract = agree_contract(contract, digest=digest_of(contract), actor=side, now=at)


# By their place in the sample: all of the demonstration's own enterprise.
_CONFIDENTIAL = 10
_WAYS: Mapping[int, Callable[[World, Demand], object]] = {7: _all_in, 8: _to_choose, 9: _awarded, 12: _failed, 14: _contracted}
_OVER = frozenset({8, 9, 12, 14})
