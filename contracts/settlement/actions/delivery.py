"""Delivery: stated by the seller, confirmed by the buyer, which releases the escrow."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contracts.settlement.actions.commissions import enter_commissions
from contracts.settlement.actions.escrow import enter_received, go_on, locked_settlement, release_earned, set_settlement_state
from contracts.settlement.kinds import Cause
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.permissions import require_settlement_mover
from contracts.settlement.queries.money import is_disputed
from contracts.settlement.states import SETTLEMENT, SettlementEvent
from market.events.actions import record
from market.values.actor import Actor
from market.values.machine import Move
from market.values.refusal import OutOfTurn, Refusal


@transaction.atomic
def report_delivery(settlement: Settlement, *, actor: Actor, now: datetime) -> Settlement:
    """The seller states that everything is delivered; the buyer is asked to confirm. Event: settlement.delivery_reported."""
    locked = locked_settlement(settlement)
    move = SETTLEMENT.move(locked.state, SettlementEvent.REPORT_DELIVERY)
    require_settlement_mover(actor, locked, move.by)
    if locked.delivery_reported_at:
        raise OutOfTurn([Refusal("settlement.delivery_reported_before")])
    locked.delivery_reported_at = now
    set_settlement_state(locked, move.to, "delivery_reported_at")
    record("settlement.delivery_reported", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def confirm_delivery(settlement: Settlement, *, actor: Actor, now: datetime) -> Settlement:
    """The buyer has what it bought: what was paid in full is released, and what is paid later is released when it comes in.

    Events: settlement.delivered, settlement.paid, and settlement.closed where everything is paid. Out of turn during a dispute.
    """
    locked = locked_settlement(settlement)
    move = require_may_confirm(locked)
    require_settlement_mover(actor, locked, move.by)
    locked.delivered_at = now
    set_settlement_state(locked, move.to, "delivered_at")
    record("settlement.delivered", subject=locked.subject, actor=actor, now=now)
    release(locked, cause=Cause.DELIVERY, actor=actor, now=now)
    return locked


def release(settlement: Settlement, *, cause: Cause, actor: Actor, now: datetime) -> None:
    """What was paid in full goes to the seller, less what brokers earned, and whatever follows. Under the settlement's lock."""
    enter_received(settlement, now=now)
    enter_commissions(settlement, now=now)
    release_earned(settlement, cause=cause, actor=actor, now=now)
    go_on(settlement, now=now)


def require_may_confirm(settlement: Settlement) -> Move:
    """The move that confirming delivery is. Raises `OutOfTurn` in another state, and while the money is disputed."""
    move = SETTLEMENT.move(settlement.state, SettlementEvent.CONFIRM_DELIVERY)
    if is_disputed(settlement):
        raise OutOfTurn([Refusal("settlement.disputed")])
    return move
