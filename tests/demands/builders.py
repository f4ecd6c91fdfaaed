"""Demands and proposals in a given state, built through the actions that lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from listings.demands.actions.awards import award_proposal
from listings.demands.actions.demands import draft_demand, end_taking_proposals, publish_demand
from listings.demands.actions.proposals import draft_proposal, shortlist_proposal, submit_proposal
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.rules.demands import DemandEntry, Indicator
from listings.demands.rules.proposals import Promise, ProposalEntry, TeamMember
from listings.models.deals import Deal
from market.values.money import Money
from tests.people import Cast, Member

TERMS = "我方仅为答复本需求使用所获资料，不向第三方提供，保密期三年。"
CARBON = Indicator("飞灰含碳量", "at_most", Decimal(4), "%", current="8 %", method="GB/T 212 缓慢灰化法")
LOAD = Indicator("最低稳燃负荷", "at_most", Decimal(30), "%")
DEADLINE = date(2026, 12, 31)
AFTER = timedelta(days=400)


def a_demand_entry(**changes: object) -> DemandEntry:
    entry = DemandEntry(
        title="煤矸石电厂飞灰含碳量控制技术",
        industry="power",
        problem="现有机组飞灰含碳量偏高，燃料适应性差，需要一套可在线调节的稳燃方案，改造停机时间不超过十五天。",
        targets="飞灰含碳量不高于百分之四",
        expected="完成一台机组改造并通过验收",
        keywords=("循环流化床", "飞灰"),
        budget=Money.yuan("2000000"),
        cooperation="transfer",
        valid_until=DEADLINE,
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_demand(cast: Cast, now: datetime, *, published: bool = True, **changes: object) -> Demand:
    if number := Demand.objects.count():
        changes = {"title": f"煤矸石电厂飞灰含碳量控制技术（{number}）"} | changes
    write = publish_demand if published else draft_demand
    actor = cast.enterprise_agent.actor
    return write(a_demand_entry(**changes), organisation=cast.enterprise, actor=actor, now=now)


def a_confidential_demand(cast: Cast, now: datetime, *, level: str = "on_acceptance", **changes: object) -> Demand:
    protected: dict[str, object] = {"confidentiality": level, "details": "二号机组近三年运行数据见附件。", "nondisclosure": TERMS}
    return a_demand(cast, now, **(protected | changes))


def a_proposal_entry(**changes: object) -> ProposalEntry:
    entry = ProposalEntry(
        approach="采用分级布风与床温协同控制，先在一台机组上做冷态试验，再改造布风板和返料系统，最后联调七十二小时并做性能考核，风险在于燃料水分波动。",
        price=Money.yuan("1800000"),
        months=14,
        team=(TeamMember("发明人甲", "项目负责人"), TeamMember("发明人乙", "燃烧试验")),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_proposal(
    cast: Cast,
    demand: Demand,
    now: datetime,
    *,
    by: Member | None = None,
    state: str = "submitted",
    **changes: object,
) -> Proposal:
    """By the university unless somebody else is named, as far as shortlisted."""
    team = by or cast.university_agent
    if demand.indicators and "promises" not in changes:
        changes["promises"] = tuple(Promise(it.name, it.value, it.unit) for it in demand.figures)
    proposal = draft_proposal(demand, a_proposal_entry(**changes), organisation=team.organisation, actor=team.actor, now=now)
    if state in {"submitted", "shortlisted"}:
        proposal = submit_proposal(proposal, actor=team.actor, now=now)
    if state == "shortlisted":
        proposal = shortlist_proposal(proposal, actor=cast.enterprise_agent.actor, now=now)
    return proposal


def close_taking(demand: Demand) -> Demand:
    """The worker comes by at the demand's very end."""
    demand.refresh_from_db()
    return end_taking_proposals(demand, now=demand.ends_at)


def an_awarded_deal(cast: Cast, now: datetime, **changes: object) -> Deal:
    """Concluded with the university; the rival's proposal was not chosen."""
    demand = a_demand(cast, now, **changes)
    a_proposal(cast, demand, now, by=cast.rival_agent, price=Money.yuan("1500000"))
    proposal = a_proposal(cast, demand, now, state="shortlisted")
    return award_proposal(proposal, actor=cast.enterprise_agent.actor, now=now)
