"""A dispute about the money in escrow: opened by either side, answered by the other, withdrawn or decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from contracts.settlement.actions.commissions import enter_commissions
from contracts.settlement.actions.delivery import release
from contracts.settlement.actions.dues import cancel_dues
from contracts.settlement.actions.escrow import disburse, enter_received, go_on, locked_settlement, set_settlement_state
from contracts.settlement.actions.royalties import cancel_reports
from contracts.settlement.kinds import Cause
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.permissions import require_settlement_mover, require_side
from contracts.settlement.queries.money import is_disputed_by_card, sums_of
from contracts.settlement.rules.escrow import Division, Outcome, divided, may_divide
from contracts.settlement.states import DISPUTE, OPEN_REPORT, SETTLEMENT, DisputeEvent, DueState, SettlementEvent
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, require, text_given


@transaction.atomic
def open_dispute(
    settlement: Settlement, *, reason: str, documents: Sequence[Document], actor: Actor, now: datetime
) -> SettlementDispute:
    """Nothing leaves escrow until this is decided or withdrawn. Out of turn while another is open, and when all is over.

    Event: settlement_dispute.opened.
    """
    locked = locked_settlement(settlement)
    side = require_side(actor, locked)
    require_going_on(locked)
    given = text_given(reason, Refusal("settlement.reason_missing", field="reason"))
    try:
        with transaction.atomic():
            dispute = SettlementDispute.objects.create(
                settlement=locked, opener_id=side, reason=given, opened_at=now, opened_by_id=person_of(actor)
            )
    except IntegrityError as error:
        raise OutOfTurn([Refusal("settlement.dispute_open")]) from error
    dispute.documents.set(documents)
    record("settlement_dispute.opened", subject=dispute.subject, actor=actor, now=now, reason=given)
    return dispute


def require_going_on(settlement: Settlement) -> None:
    """Raises `OutOfTurn` when all is over: there is nothing left to dispute."""
    if settlement.state in SETTLEMENT.final:
        raise OutOfTurn([Refusal("settlement.over")])


@transaction.atomic
def answer_dispute(
    dispute: SettlementDispute, *, answer: str, documents: Sequence[Document], actor: Actor, now: datetime
) -> SettlementDispute:
    """The other side has said what it has to say. Event: settlement_dispute.answered."""
    locked = _locked(dispute)
    move = DISPUTE.move(locked.state, DisputeEvent.ANSWER)
    require_settlement_mover(actor, locked.settlement, move.by, first=locked.opener_id)
    locked.answer, locked.answered_at = text_given(answer, Refusal("settlement.reason_missing", field="answer")), now
    _set_state(locked, move.to, "answer", "answered_at")
    locked.answer_documents.set(documents)
    record("settlement_dispute.answered", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def withdraw_dispute(dispute: SettlementDispute, *, actor: Actor, now: datetime) -> SettlementDispute:
    """Whoever opened it takes it back, and the money goes on its way. Event: settlement_dispute.withdrawn, and what follows."""
    locked = _locked(dispute)
    move = DISPUTE.move(locked.state, DisputeEvent.WITHDRAW)
    require_settlement_mover(actor, locked.settlement, move.by, first=locked.opener_id)
    _set_state(locked, move.to)
    record("settlement_dispute.withdrawn", subject=locked.subject, actor=actor, now=now)
    go_on(locked.settlement, now=now)
    return locked


@transaction.atomic
def decide_dispute(
    dispute: SettlementDispute, outcome: Outcome, *, to_seller: Money | None = None, grounds: str, actor: Actor, now: datetime
) -> SettlementDispute:
    """A supervisor has decided about the money in escrow, on these grounds.

    Release stands for the buyer's confirmation of delivery. Refund and split end the settlement: what was not yet paid is no longer
    asked for. Events: settlement_dispute.decided, settlement.paid, settlement.refunded, settlement.ended.
    """
    locked = _locked(dispute)
    move = DISPUTE.move(locked.state, DisputeEvent.DECIDE)
    onward = SETTLEMENT.move(
        locked.settlement.state, SettlementEvent.RELEASE if outcome is Outcome.RELEASE else SettlementEvent.END
    )
    require_settlement_mover(actor, locked.settlement, move.by)
    given = text_given(grounds, Refusal("settlement.reason_missing", field="grounds"))
    if is_disputed_by_card(locked.settlement):
        raise OutOfTurn([Refusal("payments.disputed")])
    enter_received(locked.settlement, now=now)
    sums = sums_of(locked.settlement)
    require(may_divide(outcome, held=sums.held, earned=sums.earned, to_seller=to_seller))
    division = divided(outcome, held=sums.held, earned=sums.earned, to_seller=to_seller)
    locked.outcome, locked.grounds = outcome.value, given
    locked.to_seller_fen, locked.to_buyer_fen = division.to_seller.fen, division.to_buyer.fen
    locked.decided_at, locked.decided_by_id = now, actor.person
    fields = ("outcome", "grounds", "to_seller_fen", "to_buyer_fen", "decided_at", "decided_by")
    _set_state(locked, move.to, *fields)
    facts = {"to_seller": str(division.to_seller), "to_buyer": str(division.to_buyer), "grounds": given}
    record("settlement_dispute.decided", subject=locked.subject, actor=actor, now=now, outcome=outcome.value, **facts)
    if outcome is Outcome.RELEASE:
        _released(locked.settlement, onward.to, actor=actor, now=now)
    else:
        _ended(locked, division, onward.to, actor=actor, now=now)
    return locked


def _released(settlement: Settlement, state: str, *, actor: Actor, now: datetime) -> None:
    settlement.delivered_at = settlement.delivered_at or now
    set_settlement_state(settlement, state, "delivered_at")
    release(settlement, cause=Cause.DECISION, actor=actor, now=now)


def _ended(dispute: SettlementDispute, division: Division, state: str, *, actor: Actor, now: datetime) -> None:
    settlement = dispute.settlement
    enter_commissions(settlement, now=now)
    unpaid = settlement.dues.filter(state__in=[DueState.PLANNED, DueState.AWAITED]).select_related("payment")
    cancel_dues(unpaid, now=now)
    cancel_reports(settlement.reports.filter(state__in=OPEN_REPORT), now=now)
    to_seller, to_buyer = division.to_seller, division.to_buyer
    disburse(settlement, to_seller=to_seller, to_buyer=to_buyer, cause=Cause.DECISION, actor=actor, now=now)
    settlement.ended_at = now
    set_settlement_state(settlement, state, "ended_at")
    facts = {"contract": settlement.contract.key, "deal": settlement.contract.dealt.key, "outcome": dispute.outcome}
    record("settlement.ended", subject=settlement.subject, actor=actor, now=now, on=day_of(now).isoformat(), **facts)


def _locked(dispute: SettlementDispute) -> SettlementDispute:
    """The settlement is locked first, as everywhere."""
    settlement = locked_settlement(dispute.settlement)
    locked = SettlementDispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    locked.settlement = settlement
    return locked


def _set_state(dispute: SettlementDispute, state: str, *fields: str) -> None:
    dispute.state = state
    dispute.save(update_fields=["state", *fields])
