"""What is thought of those who trade: reviews, records by hand with appeals and repair in each of their states, and evaluations."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from brokers.credit.actions.appeals import (
    ask_for_repair,
    decline_repair,
    dismiss_appeal,
    file_appeal,
    grant_repair,
    uphold_appeal,
    withdraw_appeal,
)
from brokers.credit.actions.ledger import ManualEntry, enter_by_hand
from brokers.credit.actions.reviews import ReviewTerms, give_review, reply_to_review
from brokers.credit.models import Appeal, Record, Repair
from brokers.credit.queries.related import are_related
from brokers.credit.queries.reviews import brokers_in
from brokers.evaluation.actions import (
    answer_comment,
    comment_on_result,
    draft_evaluation,
    enter_figure,
    open_for_comments,
    publish_evaluation,
)
from brokers.evaluation.models import Comment, Evaluation
from brokers.models import Broker
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.states import SettlementState
from market.accounts.models import Organisation
from market.accounts.permissions import actor_of
from market.demonstration.world import World, paper, read_log
from market.values.actor import Actor, Channel, Role
from market.values.dates import day_of

_WORDS = (
    "熟悉业务，资料齐全，响应及时，按期完成了约定的全部工作（样例）。",
    "技术状态如实说明，配合验收，交付略有延迟（样例）。",
    "付款及时，现场条件准备充分（样例）。",
)


def stand_in_credit(world: World, broker: Broker) -> None:
    """The ledger of credit, and with it the evaluations, have something in each of their states."""
    _review_deals(world)
    _judge(world, broker)
    _read_log(world)
    _evaluate_years(world)


def _review_deals(world: World) -> None:
    """Both sides of every settled deal have reviewed each other and the brokers; the first review was answered."""
    finished = Settlement.objects.filter(state__in=[SettlementState.CLOSED, SettlementState.ENDED])
    first = None
    for number, settlement in enumerate(finished.select_related("contract__deal__seller", "contract__deal__buyer")):
        deal = settlement.contract.dealt
        for reviewer, other in ((deal.buyer, deal.seller), (deal.seller, deal.buyer)):
            mark = 5 - number % 2
            terms = ReviewTerms(mark, 4, 5, _WORDS[number % len(_WORDS)])
            actor, at = world.agent_of(reviewer.pk), world.now - timedelta(days=4, hours=number)
            holders: list[Broker | Organisation] = [other, *brokers_in(deal)]
            for holder in holders:
                own = holder.institution if isinstance(holder, Broker) else holder
                if not are_related(own, reviewer):
                    review = give_review(deal, holder, terms, reviewer=reviewer, actor=actor, now=at)
                    first = first or (review if isinstance(holder, Broker) else None)
    if first is not None:
        holder = first.standing.holder
        assert isinstance(holder, Broker)
        reply_to_review(
            first, reply="感谢信任，后续继续做好服务（样例）。", actor=_hands(holder), now=world.now - timedelta(days=3)
        )


def _judge(world: World, broker: Broker) -> None:
    """Records by hand: appeals filed, upheld, dismissed and withdrawn; repair applied for, granted and declined."""
    at = world.now - timedelta(days=30)
    hands = _hands(broker)
    _record(world, broker, "commended", "获评年度优秀技术经纪人（样例）", at=at)
    filed = _appeal(world, _record(world, broker, "duty_missed", "委托进展未按月报告（样例）", at=at), hands, at=at)
    decision, published = "已核对每月报告的送达记录，申诉成立。", "经查，申诉人已按约定履行报告义务，原记录予以撤销。"
    administrator = world.official(Role.ADMINISTRATOR)
    later = at + timedelta(days=5)
    uphold_appeal(filed, decision=decision, published=published, actor=administrator, now=later)
    late = world.now - timedelta(days=2)
    _appeal(world, _record(world, broker, "admonished", "资料补正超过约定时间（样例）", at=late), hands, at=late)
    holders = [world.organisations[world.enterprise(number)] for number in range(3, 9)]
    appeals = [_of(world, holder, at=at) for holder in holders[:2]]
    text = "经查，告诫事实清楚，申诉理由不成立，维持原记录。"
    dismiss_appeal(appeals[0], decision="提交的材料不能证明已按期答复。", published=text, actor=administrator, now=later)
    withdraw_appeal(appeals[1], actor=world.agent_of(holders[1].pk), now=later)
    repairs = [_repair(world, holder, at=at) for holder in holders[2:5]]
    grant_repair(repairs[0], answer="已核实，准予修复。", actor=administrator, now=later)
    decline_repair(repairs[1], answer="未附整改证明，请补充后重新申请。", actor=administrator, now=later)


def _hands(broker: Broker) -> Actor:
    return actor_of(broker.person, broker.institution, channel=Channel.COMMAND)


def _record(world: World, holder: Broker | Organisation, rule: str, title: str, *, at: datetime) -> Record:
    supervisor = world.official(Role.SUPERVISOR)
    evidence = (paper("核查笔录（样例）.pdf", supervisor, now=at),)
    entry = ManualEntry(rule, day_of(at), title, "依据核查笔录录入（样例）。", evidence)
    return enter_by_hand(holder, entry, actor=supervisor, now=at)


def _appeal(world: World, record: Record, actor: Actor, *, at: datetime) -> Appeal:
    papers = [paper("往来函件（样例）.pdf", actor, now=at)]
    return file_appeal(record, grounds="已按要求办理，附往来函件（样例）。", evidence=papers, actor=actor, now=at)


def _of(world: World, holder: Organisation, *, at: datetime) -> Appeal:
    record = _record(world, holder, "admonished", "未按期答复市场函件（样例）", at=at)
    return _appeal(world, record, world.agent_of(holder.pk), at=at)


def _repair(world: World, holder: Organisation, *, at: datetime) -> Repair:
    record = _record(world, holder, "admonished", "未按期答复市场函件（样例）", at=at)
    actor = world.agent_of(holder.pk)
    papers = [paper("整改报告（样例）.pdf", actor, now=at)]
    said = "已书面答复并完善内部办理制度（样例）。"
    return ask_for_repair(record, statement=said, promises=True, evidence=papers, actor=actor, now=at)


def _read_log(world: World) -> None:
    """The ledger has heard of everything: the evaluation of this year rests on it."""
    read_log(world, "credit.ledger")


def _evaluate_years(world: World) -> None:
    """The year before last is a draft, last year is published, and this year is open for comments, with one of them."""
    year = world.now.year
    supervisor, begun = world.official(Role.SUPERVISOR), world.now - timedelta(days=60)
    draft_evaluation(year - 2, actor=supervisor, now=world.now)
    last = _drafted(world, year - 1, ("320000", "4", "96"), at=begun)
    last = open_for_comments(last, actor=supervisor, now=begun)
    said = _comment(world, last, "培训学时少计二十四学时，附签到表（样例）。", at=begun + timedelta(days=2))
    answer_comment(said, answer="经核对签到表，维持原计学时（样例）。", actor=supervisor, now=begun + timedelta(days=4))
    publish_evaluation(last, actor=supervisor, now=begun + timedelta(days=40))
    now = world.now - timedelta(days=1)
    this = open_for_comments(_drafted(world, year, ("460000", "4.5", "168"), at=now), actor=supervisor, now=now)
    _comment(world, this, "本年度两个项目的验收单已提交，请计入投用金额（样例）。", at=now)


def _drafted(world: World, year: int, figures: tuple[str, str, str], *, at: datetime) -> Evaluation:
    supervisor = world.official(Role.SUPERVISOR)
    evaluation = draft_evaluation(year, actor=supervisor, now=at)
    for place, result in enumerate(evaluation.results.select_related("institution", "evaluation").order_by("pk")):
        for code, value in zip(("budget", "statutes", "training"), figures, strict=True):
            papers = [paper("指标依据（样例）.pdf", supervisor, now=at)]
            part = Decimal(value) * (10 - 3 * place) / 10
            said = "依据机构报送材料核定（样例）。"
            enter_figure(result, code, part, statement=said, evidence=papers, actor=supervisor, now=at)
    return evaluation


def _comment(world: World, evaluation: Evaluation, text: str, *, at: datetime) -> Comment:
    result = evaluation.results.select_related("institution", "evaluation").get(institution=world.organisations["saibei-broker"])
    actor = world.agent("saibei-broker")
    papers = [paper("签到表（样例）.pdf", actor, now=at)]
    return comment_on_result(result, text=text, evidence=papers, actor=actor, now=at)
