"""The seller's side of the account: what the deal cost, and what the inventors were promised."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from contracts.settlement.actions.escrow import locked_settlement
from contracts.settlement.models.settlements import Cost, Settlement
from contracts.settlement.permissions import require_settlement_mover
from contracts.settlement.rules.income import may_set_share
from market.accounts.permissions import person_of
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import policy_by_id
from market.values.actor import Actor
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require


@transaction.atomic
def enter_cost(settlement: Settlement, *, what: str, amount: Money, document: Document, actor: Actor, now: datetime) -> Cost:
    """The seller spent this on the deal, as the paper shows; it lowers the net income. Event: settlement.cost_entered."""
    locked = locked_settlement(settlement)
    require_settlement_mover(actor, locked, "seller")
    if amount <= ZERO:
        raise Refused([Refusal("settlement.cost_zero", field="amount")])
    cost = Cost.objects.create(
        settlement=locked,
        what=what.strip(),
        amount_fen=amount.fen,
        document=document,
        entered_at=now,
        entered_by_id=person_of(actor),
    )
    record("settlement.cost_entered", subject=locked.books_subject, actor=actor, now=now, amount=str(amount), what=cost.what)
    return cost


@transaction.atomic
def remove_cost(cost: Cost, *, actor: Actor, now: datetime) -> None:
    """The cost no longer counts; the log keeps it. Event: settlement.cost_removed."""
    settlement = locked_settlement(cost.settlement)
    require_settlement_mover(actor, settlement, "seller")
    locked = Cost.objects.select_for_update().get(pk=cost.pk)
    if locked.removed_at:
        raise OutOfTurn([Refusal("settlement.cost_removed_before")])
    locked.removed_at = now
    locked.save(update_fields=["removed_at"])
    facts = {"amount": str(locked.amount), "what": locked.what}
    record("settlement.cost_removed", subject=settlement.books_subject, actor=actor, now=now, **facts)


@transaction.atomic
def set_inventors_share(
    settlement: Settlement, rate: Decimal, *, pays_apart: bool = False, actor: Actor, now: datetime
) -> Settlement:
    """The inventors get this share of the net income, not less than the law's. Event: settlement.share_set.

    With `pays_apart` the market pays it out as a sum of its own, from whatever is released from now on.
    """
    locked = locked_settlement(settlement)
    require_settlement_mover(actor, locked, "seller")
    require(may_set_share(rate, least=policy_by_id(locked.share_row_id).rate))
    locked.inventors_rate, locked.pays_reward_apart = rate, pays_apart
    locked.save(update_fields=["inventors_rate", "pays_reward_apart"])
    percent = f"{(rate * 100).normalize():f}"
    record("settlement.share_set", subject=locked.books_subject, actor=actor, now=now, percent=percent, pays_apart=pays_apart)
    return locked
