"""How contracts of the last weeks are paid: at once, in parts or by a royalty; delivered, disputed and settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from contracts.actions.contracts import change_contract, terms_of
from contracts.models import TechnologyContract
from contracts.settlement.actions.books import enter_cost
from contracts.settlement.actions.delivery import confirm_delivery, report_delivery
from contracts.settlement.actions.disputes import answer_dispute, decide_dispute, open_dispute
from contracts.settlement.actions.escrow import receive_payment_of_due
from contracts.settlement.actions.plans import Plan, agree_plan, open_settlement, propose_plan
from contracts.settlement.actions.royalties import accept_report, object_to_report, report_royalty
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.rules.plans import PlannedDue, RoyaltyTerms
from contracts.settlement.states import DueState
from market.demonstration.money import bring, pay_out
from market.demonstration.world import World, paper
from market.payments.models.payouts import Payout
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import Money

# How a contract is paid, by how far its recognition has come; all others at once.
_MODES = {"returned": "instalments", "applied": "royalty_entry", "agreed": "instalments", "cancelled": "instalments"}
_HALF = Decimal("0.5")


def choose_mode(world: World, contract: TechnologyContract, end: str, seller: str, *, at: datetime) -> TechnologyContract:
    """The draft says how it will be paid."""
    terms = replace(terms_of(contract), payment_mode=_MODES.get(end, "lump_sum"))
    return change_contract(contract, terms, actor=world.agent(seller), now=at)


def pay_for(world: World, contract: TechnologyContract, end: str, *, at: datetime) -> None:
    """The contract's money has come as far as fits its recognition."""
    settlement = open_settlement(contract, now=at)
    if end in _MODES:
        _plan(world, settlement, end, at=at + timedelta(hours=3))
    paid_at = at + timedelta(days=4)
    match end:
        case "returned":
            _pay_first(world, settlement, paid_at)
        case "applied":
            _pay_first(world, settlement, paid_at)
            _deliver(world, settlement, at=paid_at + timedelta(days=5))
            _report(world, settlement)
        case "recognised" | "revoked":
            _pay_first(world, settlement, paid_at)
            _deliver(world, settlement, at=paid_at + timedelta(days=10))
        case "refused":
            _pay_first(world, settlement, paid_at)
            _state_delivery(world, settlement, at=paid_at + timedelta(days=8))
        case "withdrawn":
            _pay_first(world, settlement, paid_at)
            _answer(world, _dispute(world, settlement, at=world.now - timedelta(days=3)))
        case "cancelled":
            _pay_first(world, settlement, paid_at)
            _decide(world, _dispute(world, settlement, at=paid_at + timedelta(days=9)))
        case _:
            pass
    if end == "revoked":
        pay_out(world, Payout.objects.get(matter=settlement.subject), paid_at + timedelta(days=12))


def _plan(world: World, settlement: Settlement, end: str, *, at: datetime) -> None:
    """Half soon after the contract, half in some weeks; of a royalty half the price as the entry fee."""
    half = settlement.price.share(_HALF)
    first, second = day_of(at + timedelta(days=7)), day_of(world.now + timedelta(days=40))
    dues = [PlannedDue(half, first), PlannedDue(settlement.price - half, second)]
    plan = Plan(dues)
    if settlement.has_royalty:
        begun = day_of(world.now - timedelta(days=126))
        plan = Plan(dues[:1], RoyaltyTerms("sales", Decimal("0.02"), 1, begun, day_of(world.now + timedelta(days=600))))
    settlement = propose_plan(settlement, plan, actor=world.agent_of(settlement.seller_id), now=at)
    if end != "agreed":
        buyer = world.agent_of(settlement.buyer_id)
        agree_plan(settlement, digest=plan_digest(settlement), actor=buyer, now=at + timedelta(hours=2))


def _pay_first(world: World, settlement: Settlement, at: datetime) -> None:
    due: Due | None = settlement.dues.filter(state=DueState.AWAITED).select_related("payment__payer").first()
    if due is not None and due.payment is not None:
        bring(world, due.payment, "技术交易价款", at)
        receive_payment_of_due(due.payment, now=at)


def _state_delivery(world: World, settlement: Settlement, *, at: datetime) -> None:
    report_delivery(settlement, actor=world.agent_of(settlement.seller_id), now=at)


def _deliver(world: World, settlement: Settlement, *, at: datetime) -> None:
    seller = world.agent_of(settlement.seller_id)
    _state_delivery(world, settlement, at=at)
    invoice = paper("资产评估费发票（样例）.pdf", seller, now=at)
    enter_cost(settlement, what="资产评估费", amount=Money.yuan("6800"), document=invoice, actor=seller, now=at)
    confirm_delivery(settlement, actor=world.agent_of(settlement.buyer_id), now=at + timedelta(days=1))


def _report(world: World, settlement: Settlement) -> None:
    """Of the months that are over the first is accepted, one objected to, one waits for the seller, and one is late."""
    buyer, seller = (world.agent_of(side) for side in (settlement.buyer_id, settlement.seller_id))
    reports = list(settlement.reports.all()[:3])
    for days, (report, yuan) in zip((9, 7, 2), zip(reports, ("386000", "412500", "398800"), strict=True), strict=True):
        at = world.now - timedelta(days=days)
        sales = paper("销售台账（样例）.pdf", buyer, now=at)
        report_royalty(report, base=Money.yuan(yuan), documents=[sales], actor=buyer, now=at)
    accepted, objected, _waiting = reports
    accept_report(accepted, actor=seller, now=world.now - timedelta(days=8))
    reason = "台账未列二号生产线的产品，请补报。"
    object_to_report(objected, reason=reason, actor=seller, now=world.now - timedelta(days=6))


def _dispute(world: World, settlement: Settlement, *, at: datetime) -> SettlementDispute:
    buyer = world.agent_of(settlement.buyer_id)
    papers = [paper("验收记录（样例）.pdf", buyer, now=at)]
    reason = "交付的工艺包缺少控制软件，多次催告未补。"
    return open_dispute(settlement, reason=reason, documents=papers, actor=buyer, now=at)


def _answer(world: World, dispute: SettlementDispute) -> None:
    seller = world.agent_of(dispute.settlement.seller_id)
    said = "控制软件已于验收当日移交，附移交单。"
    papers = [paper("软件移交单（样例）.pdf", seller, now=world.now)]
    answer_dispute(dispute, answer=said, documents=papers, actor=seller, now=world.now - timedelta(days=1))


def _decide(world: World, dispute: SettlementDispute) -> None:
    at, supervisor = dispute.opened_at + timedelta(days=6), world.official(Role.SUPERVISOR)
    part = Money(dispute.settlement.price_fen // 4)
    grounds = "软件部分确未交付，双方同意按已交付部分结算并解除合同。"
    decide_dispute(dispute, Outcome.SPLIT, to_seller=part, grounds=grounds, actor=supervisor, now=at)
