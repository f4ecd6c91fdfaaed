"""Opening a settlement when the contract is in force, and agreeing when which part of the price is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from contracts.models import TechnologyContract
from contracts.settlement.actions.commissions import due_day, enter_commissions
from contracts.settlement.actions.dues import ask_dues, ask_one, cancel_dues, plan_dues
from contracts.settlement.actions.escrow import go_on, locked_settlement, set_settlement_state
from contracts.settlement.actions.royalties import expect_reports
from contracts.settlement.kinds import DueKind
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.permissions import require_settlement_mover, side_of
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.rules.plans import PlannedDue, RoyaltyTerms, may_agree_royalty, may_plan
from contracts.settlement.states import SETTLEMENT, DueState, SettlementEvent, SettlementState
from listings.kinds import PaymentMode
from market.events.actions import record
from market.payments.queries.deposits import carried_amount
from market.policy.queries import policies_on
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import ZERO
from market.values.refusal import OutOfTurn, Refusal, require

_ROYALTY_FIELDS = (
    "royalty_basis",
    "royalty_rate",
    "royalty_every_months",
    "royalty_first_day",
    "royalty_last_day",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """When which part of the price is paid; a royalty's terms where the contract provides for one."""

    dues: Sequence[PlannedDue] = ()
    royalty: RoyaltyTerms | None = None


@transaction.atomic
def open_settlement(contract: TechnologyContract, *, now: datetime) -> Settlement:
    """The contract's price is to be paid, with the carried deposit in escrow; once. A lump sum is asked for at once.

    Events: settlement.opened, and due.asked for a lump sum.
    """
    locked = TechnologyContract.objects.select_for_update(of=("self",)).select_related("deal__intent").get(pk=contract.pk)
    existing = Settlement.objects.filter(contract=locked).first()
    if existing is not None:
        return existing
    rows = policies_on(["settlement.platform_fee", "income.inventors_share"], day_of(now))
    intent = locked.dealt.intent
    carried = carried_amount(intent.subject) if intent else ZERO
    is_lump_sum = locked.payment_mode == PaymentMode.LUMP_SUM
    settlement = Settlement.objects.create(
        contract=locked,
        payment_mode=locked.payment_mode,
        price_fen=locked.price_fen,
        carried_fen=carried.fen,
        state=SettlementState.RUNNING if is_lump_sum else SettlementState.PLANNING,
        opened_at=now,
        fee_row_id=rows["settlement.platform_fee"].id,
        share_row_id=rows["income.inventors_share"].id,
    )
    facts = {"contract": locked.key, "price": str(settlement.price), "carried": str(carried)}
    record("settlement.opened", subject=settlement.subject, actor=CLOCK, now=now, **facts)
    if is_lump_sum:
        ask_one(settlement, settlement.price, due_day(now), kind=DueKind.PRICE, payer=locked.dealt.buyer_id, now=now)
    enter_commissions(settlement, now=now)
    return settlement


@transaction.atomic
def propose_plan(settlement: Settlement, plan: Plan, *, actor: Actor, now: datetime) -> Settlement:
    """The other side is asked to agree to this plan, which takes the place of one proposed before.

    Events: settlement.plan_proposed, due.planned.
    """
    locked = locked_settlement(settlement)
    move = SETTLEMENT.move(locked.state, SettlementEvent.PROPOSE)
    require_settlement_mover(actor, locked, move.by)
    require(_plan_refusals(locked, plan, now=now))
    cancel_dues(locked.dues.filter(state=DueState.PLANNED).select_related("payment"), now=now)
    kind = DueKind.ENTRY_FEE if locked.has_royalty else DueKind.INSTALMENT
    plan_dues(locked, plan.dues, kind=kind, payer=locked.buyer_id, actor=actor, now=now)
    terms = plan.royalty
    values = (terms.basis, terms.rate, terms.every_months, terms.first_day, terms.last_day) if terms else ("", *[None] * 4)
    for name, value in zip(_ROYALTY_FIELDS, values, strict=True):
        setattr(locked, name, value)
    locked.planned_by_id = side_of(actor, locked)
    set_settlement_state(locked, move.to, "planned_by", *_ROYALTY_FIELDS)
    record("settlement.plan_proposed", subject=locked.subject, actor=actor, now=now)
    return locked


def _plan_refusals(settlement: Settlement, plan: Plan, *, now: datetime) -> list[Refusal]:
    refusals = []
    if settlement.has_royalty:
        refusals += may_agree_royalty(plan.royalty)
    elif plan.royalty is not None:
        refusals.append(Refusal("settlement.no_royalty", field="rate"))
    if plan.dues or settlement.payment_mode != PaymentMode.ROYALTY:
        is_entry_fee = settlement.has_royalty
        refusals += may_plan(plan.dues, price=settlement.price, is_entry_fee=is_entry_fee, today=day_of(now))
    return refusals


@transaction.atomic
def agree_plan(settlement: Settlement, *, digest: str, actor: Actor, now: datetime) -> Settlement:
    """The plan with this fingerprint is agreed: its sums are asked for, its reports expected.

    Events: settlement.plan_agreed, due.asked, royalty.expected. Out of turn when the plan is another by now, or it is one's own.
    """
    locked = locked_settlement(settlement)
    move = SETTLEMENT.move(locked.state, SettlementEvent.AGREE)
    side = side_of(actor, locked)
    if side is not None and side == locked.planned_by_id:
        raise OutOfTurn([Refusal("settlement.plan_by_yourself")])
    require_settlement_mover(actor, locked, move.by, first=locked.planned_by_id)
    if digest != plan_digest(locked):
        raise OutOfTurn([Refusal("settlement.plan_changed")])
    set_settlement_state(locked, move.to)
    record("settlement.plan_agreed", subject=locked.subject, actor=actor, now=now)
    planned = locked.dues.filter(state=DueState.PLANNED).select_related("payer", "payment").order_by("due_on", "number")
    ask_dues(locked, planned, actor=actor, now=now)
    expect_reports(locked, now=now)
    go_on(locked, now=now)
    return locked
