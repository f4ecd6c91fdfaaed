"""What became of deals: contracts, their recognition, the brokers engaged, and a figure of policy under discussion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from brokers.actions.brokers import (
    BrokerEntry,
    ServiceEntry,
    apply_as_broker,
    expire_broker,
    reject_broker,
    verify_broker,
    write_service_profile,
)
from brokers.actions.engagements import (
    EngagementTerms,
    decline_engagement,
    dispute_engagement,
    end_engagement,
    expire_engagement,
    propose_engagement,
    sign_engagement,
)
from brokers.actions.introductions import (
    confirm_introduction,
    decide_introduction,
    object_to_introduction,
    state_introduction,
)
from brokers.models import Broker, Engagement
from brokers.rules import CommissionTerms
from contracts.actions.appeals import appeal_refusal, uphold_refusal
from contracts.actions.contracts import agree_contract, draft_contract
from contracts.actions.decisions import propose_decision, recognise_contract, refuse_application, return_application
from contracts.actions.experts import ask_expert, enter_opinion
from contracts.actions.radar import answer_flag
from contracts.actions.recognition import apply_for_recognition, withdraw_application
from contracts.actions.registrations import (
    ChangeTerms,
    cancel_registration,
    decline_change,
    enter_change,
    request_change,
    revoke_registration,
)
from contracts.form_kinds import Verdict
from contracts.kinds import RefusalReason
from contracts.models import Application, Registration, TechnologyContract
from contracts.queries.contracts import digest_of
from listings.actions.deals import fail_deal
from listings.demands.models.demands import Demand
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Membership, Person
from market.accounts.permissions import actor_of
from market.demonstration.paying import choose_mode, pay_for
from market.demonstration.taxes import claim_as
from market.demonstration.trade import close, intend, offer_before, seller_of
from market.demonstration.world import World, paper
from market.policy.actions import PolicyTerms, propose_policy_row, reject_policy_row
from market.values.actor import Actor, Channel, Role
from market.values.dates import day_of
from market.values.money import Money

# How far a deal of the last weeks has come. The first ones are between the parties one can sign in as.
ENDS = (
    "concluded",
    "half_agreed",
    "drafted",
    "returned",
    "recognised",
    "applied",
    "agreed",
    "failed",
    "refused",
    "withdrawn",
    "cancelled",
    "revoked",
    "appealed",
    "change_requested",
    "change_entered",
    "change_declined",
)
_WITH_BROKER = frozenset({"recognised", "revoked", "half_agreed", "change_entered", "change_declined"})


def settle(world: World, achievement: Achievement, row: dict[str, Any], number: int, broker: Broker) -> Deal:
    """A deal was concluded at the end of a notice and has come as far as `ENDS` says for this number."""
    end = ENDS[number]
    buyer = "shuonan-power" if number < 6 else world.enterprise(number)
    listing = offer_before(world, achievement, row, number)
    if end in _WITH_BROKER:
        engaged = engage(world, listing, buyer, broker, at=world.now - timedelta(days=78))
        sign_engagement(engaged, version=1, actor=actor_for(world, broker), now=world.now - timedelta(days=77))
    intend(world, listing, buyer, qualified=True)
    close(listing)
    deal = Deal.objects.get(listing=listing)
    if end == "failed":
        reason = "受让方在签约期限内未签订合同，经催告仍未签订。"
        supervisor, at = world.official(Role.SUPERVISOR), deal.concluded_at + timedelta(days=20)
        fail_deal(deal, reason=reason, is_buyers_default=True, actor=supervisor, now=at)
    elif end != "concluded":
        _contract(world, deal, end, buyer)
    return deal


def _contract(world: World, deal: Deal, end: str, buyer: str) -> None:
    seller = seller_of(world, deal.offered)
    at = deal.concluded_at + timedelta(days=2)
    contract = draft_contract(deal, actor=world.agent(seller), now=at)
    contract = choose_mode(world, contract, end, seller, at=at)
    if end == "drafted":
        return
    sides = (buyer,) if end == "half_agreed" else (buyer, seller)
    for hours, side in enumerate(sides):
        contract = agree_contract(
            contract, digest=digest_of(contract), actor=world.agent(side), now=at + timedelta(hours=hours + 1)
        )
    if end != "half_agreed":
        pay_for(world, contract, end, at=at + timedelta(hours=3))
    if end not in {"half_agreed", "agreed"}:
        _recognition(world, contract, end, seller, at=at + timedelta(days=3))


def _recognition(world: World, contract: TechnologyContract, end: str, seller: str, *, at: datetime) -> None:
    agent, registrar = world.agent(seller), world.official(Role.REGISTRAR)
    if end in {"applied", "returned"}:
        at = world.now - timedelta(days=4)
    text = paper("技术合同正本（样例）.pdf", agent, now=at)
    application = apply_for_recognition(contract, documents=[text], actor=agent, now=at)
    later = at + timedelta(days=2)
    decisions: dict[str, Callable[[], object]] = {
        "returned": lambda: return_application(
            application, reason="合同附件二缺少技术指标和验收方法，请补正。", actor=registrar, now=later
        ),
        "refused": lambda: _refused(application, registrar, now=later),
        "withdrawn": lambda: _applied_again(application, agent, registrar, now=world.now - timedelta(days=3)),
        "recognised": lambda: _recognised(application, registrar, now=later),
        "cancelled": lambda: cancel_registration(
            claim_as(world, _recognised(application, registrar, now=later), "granted"),
            reason="双方协商一致解除合同，申请注销登记。",
            actor=registrar,
            now=later + timedelta(days=9),
        ),
        "revoked": lambda: revoke_registration(
            claim_as(world, _recognised(application, registrar, now=later), "filed"),
            reason="经查同一合同已在外地登记。",
            actor=registrar,
            now=later + timedelta(days=9),
        ),
        "appealed": lambda: _appealed_twice(application, agent, registrar, world.official(Role.SUPERVISOR), now=later),
    }
    if end in decisions:
        decisions[end]()
    elif end.startswith("change_"):
        registration = _recognised(application, registrar, now=later)
        if end == "change_entered":
            claim_as(world, registration, "granted")
        _changed(registration, end, agent, registrar, now=later + timedelta(days=9))


def _applied_again(application: Application, agent: Actor, registrar: Actor, *, now: datetime) -> None:
    """Withdrawn, applied for again, and examined by a first registrar."""
    withdraw_application(application, actor=agent, now=now)
    text = paper("技术合同正本（修订，样例）.pdf", agent, now=now)
    again = apply_for_recognition(application.contract, documents=[text], actor=agent, now=now)
    _examine(again, registrar, now=now)
    value = Money(again.technology_value_fen)
    propose_decision(again, proposal="recognise", value=value, actor=registrar, now=now + timedelta(days=1))


def _appealed_twice(application: Application, agent: Actor, registrar: Actor, supervisor: Actor, *, now: datetime) -> None:
    """A first refusal was upheld; the second, of another application, is appealed against."""
    first = _appealed(application, agent, registrar, now=now)
    answer = "经复核，合同标的不属于技术成果，维持原决定。"
    uphold_refusal(first, answer=answer, actor=supervisor, now=now + timedelta(days=5))
    again = now + timedelta(days=8)
    text = paper("技术合同正本（重新订立，样例）.pdf", agent, now=again)
    second = apply_for_recognition(application.contract, documents=[text], actor=agent, now=again)
    _appealed(second, agent, registrar, now=again)


def _appealed(application: Application, agent: Actor, registrar: Actor, *, now: datetime) -> Application:
    _refused(application, registrar, now=now)
    grounds = "合同附件一载明了技术方案和指标，名称与内容一致。"
    return appeal_refusal(application, grounds=grounds, actor=agent, now=now + timedelta(days=1)).application


def _changed(registration: Registration, end: str, agent: Actor, registrar: Actor, *, now: datetime) -> None:
    terms = ChangeTerms(
        kind="amount",
        reason="双方签订补充协议，调减技术费用。",
        technology_value=registration.technology_value.share(Decimal("0.9")),
    )
    proof = paper("补充协议（样例）.pdf", agent, now=now)
    change = request_change(registration, terms, documents=[proof], actor=agent, now=now)
    if end == "change_entered":
        enter_change(change, answer="已核对补充协议。", actor=registrar, now=now + timedelta(days=1))
    elif end == "change_declined":
        decline_change(change, reason="补充协议缺少买方签章。", actor=registrar, now=now + timedelta(days=1))


def _refused(application: Application, registrar: Actor, *, now: datetime) -> None:
    _examine(application, registrar, now=now)
    reason = "合同名称与内容不符，未按要求补正。"
    refuse_application(application, code=RefusalReason.TITLE_MISMATCH, reason=reason, actor=registrar, now=now)


def _recognised(application: Application, registrar: Actor, *, now: datetime) -> Registration:
    value = Money(application.technology_value_fen)
    _examine(application, registrar, now=now)
    return recognise_contract(application, technology_value=value, actor=registrar, now=now)


def _examine(application: Application, registrar: Actor, *, now: datetime) -> None:
    for flag in application.flags.all():
        answer_flag(flag, answer="已核对原件和付款凭证，未发现异常（样例）。", actor=registrar, now=now)
    application.refresh_from_db()
    if application.needs_experts:
        asked = {"expert": "能源动力专家（样例）", "workplace": "省能源学会（样例）", "question": "合同内容是否属于技术转让？"}
        opinion = ask_expert(application, **asked, actor=registrar, now=now)
        said = "技术方案完整，权属清楚，属于技术转让（样例）。"
        enter_opinion(opinion, verdict=Verdict.SUPPORTS, text=said, documents=[], actor=registrar, now=now)


def brokers(world: World) -> Broker:
    """One verified broker whom one can sign in as; of another institution one waits, one was rejected, one has expired."""
    supervisor, begun = world.official(Role.SUPERVISOR), world.now - timedelta(days=300)
    last_day = day_of(world.now + timedelta(days=700))
    broker = _applied(world, "saibei-broker", None, "JS20240018", last_day, at=begun)
    verify_broker(broker, actor=supervisor, now=begun + timedelta(days=3))
    _applied(world, "yunqiao-broker", "waiting", "JS20260077", last_day, at=world.now - timedelta(days=2))
    rejected = _applied(world, "yunqiao-broker", "rejected", "JS20260012", last_day, at=begun)
    reject_broker(rejected, reason="证书编号与发证机构名录不一致。", actor=supervisor, now=begun + timedelta(days=3))
    past = day_of(world.now - timedelta(days=20))
    expired = _applied(world, "yunqiao-broker", "expired", "JS20210003", past, at=begun)
    verify_broker(expired, actor=supervisor, now=begun + timedelta(days=3))
    expire_broker(expired, now=world.now - timedelta(days=19))
    _services(world)
    broker.refresh_from_db()
    return broker


def _services(world: World) -> None:
    entry = ServiceEntry(
        services=("brokerage", "valuation"),
        fields=("coal", "power", "environment"),
        languages=("zh", "en"),
        introduction="为高校院所和能源企业提供成果挖掘、需求对接、价值评估和合同登记代办服务（样例）。",
        contact="0349-0000000",
    )
    write_service_profile(world.organisations["saibei-broker"], entry, actor=world.agent("saibei-broker"), now=world.now)


def _applied(world: World, key: str, name: str | None, certificate: str, valid_until: date, *, at: datetime) -> Broker:
    organisation = world.organisations[key]
    if name is None:
        actor = world.agent(key)
    else:
        person = Person.objects.create_user(f"{key}-{name}@agents.example", name="技术经纪人（样例）")
        Membership.objects.create(person=person, organisation=organisation, role=Role.AGENT.value)
        actor = actor_of(person, organisation, channel=Channel.COMMAND)
    entry = BrokerEntry(
        level="senior" if name is None else "intermediate",
        certificate_number=certificate,
        valid_until=valid_until,
        fields=("coal", "power", "environment"),
        introduction="从事能源与环保领域技术转移多年，熟悉合同登记和定价公示（样例）。",
        evidence=(paper("技术经纪人证书（样例）.pdf", actor, now=at),),
        languages=("zh", "en") if name is None else ("zh",),
    )
    return apply_as_broker(entry, institution=organisation, actor=actor, now=at)


def actor_for(world: World, broker: Broker) -> Actor:
    return actor_of(broker.person, broker.institution, channel=Channel.COMMAND)


def engage(
    world: World, matter: Listing | Demand, principal: str, broker: Broker, *, at: datetime, valid_until: date | None = None
) -> Engagement:
    """This enterprise has proposed a mandate for its demand, or on its side of the listing."""
    terms = EngagementTerms(
        side="buyer",
        scope="核实技术状态和权属，参加洽谈，协助签约与合同登记（样例）。",
        is_exclusive=False,
        valid_until=valid_until or day_of(at + timedelta(days=365)),
        commission=CommissionTerms(rate=Decimal("0.03"), fixed=None, cap=Money.yuan("60000")),
        both_consent=False,
        shares={broker.institution_id: Decimal(1)},
    )
    return propose_engagement(
        matter, terms, broker=broker, principal=world.organisations[principal], actor=world.agent(principal), now=at
    )


def engage_in_every_way(world: World, listings: list[Listing], broker: Broker) -> None:
    """Mandates on listings that are on notice: one waits for the broker, one was declined, one ended, one is past its term."""
    hands, at = actor_for(world, broker), world.now - timedelta(hours=5)
    engage(world, listings[0], "shuonan-power", broker, at=at)
    decline_engagement(engage(world, listings[1], world.enterprise(2), broker, at=at), actor=hands, now=at)
    ended = sign_engagement(engage(world, listings[2], world.enterprise(3), broker, at=at), version=1, actor=hands, now=at)
    end_engagement(ended, reason="委托方已自行与转让方接洽，双方协商终止。", actor=hands, now=at + timedelta(hours=1))
    begun = world.now - timedelta(days=60)
    past = engage(world, listings[3], world.enterprise(4), broker, at=begun, valid_until=day_of(world.now - timedelta(days=3)))
    sign_engagement(past, version=1, actor=hands, now=begun)
    expire_engagement(past, now=world.now - timedelta(days=1))
    disputed = sign_engagement(engage(world, listings[1], world.enterprise(5), broker, at=at), version=1, actor=hands, now=at)
    dispute_engagement(disputed, statement="委托方拟绕开经纪方直接签约（样例）。", actor=hands, now=at + timedelta(hours=1))
    active = sign_engagement(engage(world, listings[2], world.enterprise(6), broker, at=at), version=1, actor=hands, now=at)
    introduce_in_every_way(world, active, at=at)


def introduce_in_every_way(world: World, engagement: Engagement, *, at: datetime) -> None:
    """Five enterprises brought to the principal: one waits, one half confirmed, one confirmed, one objected to, one that does not count."""
    hands, principal = actor_for(world, engagement.broker), world.agent_of(engagement.principal_id)
    stated = []
    for number in range(7, 12):
        introduced = world.organisations[world.enterprise(number)]
        account = "在技术对接会上介绍双方认识，并交换了资料（样例）。"
        stated.append(state_introduction(engagement, introduced, introduced_on=day_of(at), account=account, actor=hands, now=at))
    _waiting, half, whole, objected, void = stated
    for introduction in (half, whole):
        confirm_introduction(introduction, actor=world.agent_of(introduction.introduced_id), now=at)
    confirm_introduction(whole, actor=principal, now=at)
    for introduction in (objected, void):
        object_to_introduction(introduction, objection="双方此前已有业务往来（样例）。", actor=principal, now=at)
    decide_introduction(void, counts=False, grounds="此前往来有合同为证（样例）。", actor=world.official(Role.SUPERVISOR), now=at)


def discuss_policy(world: World) -> None:
    """One change of a figure waits for the second official, another was rejected."""
    terms = PolicyTerms(
        kind="listing.extension_limit",
        scope="",
        value=Decimal(4),
        measure="count",
        valid_from=day_of(world.now + timedelta(days=40)),
        source="本市场规则修订讨论稿（样例）",
        confidence="low",
        reason="延牌次数过多时公告期过长，拟减为四次。",
    )
    supervisor, administrator = world.official(Role.SUPERVISOR), world.official(Role.ADMINISTRATOR)
    propose_policy_row(terms, actor=supervisor, now=world.now - timedelta(days=1))
    other = PolicyTerms(
        kind="listing.announcement_period",
        scope="",
        value=Decimal(10),
        measure="working_days",
        valid_from=day_of(world.now + timedelta(days=60)),
        source="企业建议（样例）",
        confidence="low",
        reason="缩短公告期以加快成交。",
    )
    row = propose_policy_row(other, actor=supervisor, now=world.now - timedelta(days=12))
    reject_policy_row(
        row, reason="短于三十二号令的二十个工作日，不宜缩短。", actor=administrator, now=world.now - timedelta(days=10)
    )
