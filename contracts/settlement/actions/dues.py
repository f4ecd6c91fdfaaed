"""Sums that are due: planned, asked for, paid, or no longer asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from contracts.settlement.kinds import DueKind
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.money import sums_of
from contracts.settlement.rules.plans import PlannedDue, covered
from contracts.settlement.states import DUE, DueEvent, DueState
from market.events.actions import record
from market.payments.actions.payments import lapse_payment, request_payment
from market.payments.kinds import Purpose
from market.payments.states import PAYMENT, PaymentEvent
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import ZERO, Money


def plan_dues(
    settlement: Settlement,
    planned: Sequence[PlannedDue],
    *,
    kind: DueKind,
    payer: int,
    commission: str = "",
    actor: Actor,
    now: datetime,
) -> list[Due]:
    """These sums stand in the plan, not yet asked for. Under the settlement's lock. Event: due.planned for each."""
    last = settlement.dues.aggregate(last=Max("number"))["last"] or 0
    dues = []
    for number, part in enumerate(planned, start=last + 1):
        due = Due.objects.create(
            settlement=settlement,
            number=number,
            kind=kind,
            payer_id=payer,
            amount_fen=part.amount.fen,
            due_on=part.due_on,
            commission=commission,
        )
        record("due.planned", subject=due.subject, actor=actor, now=now, **_facts(due))
        dues.append(due)
    return dues


def ask_dues(settlement: Settlement, dues: Iterable[Due], *, actor: Actor, now: datetime) -> None:
    """The payer is asked for each, under a reference of its own, as far as the carried deposit does not cover it.

    What the deposit covers wholly is paid. Under the settlement's lock. Events: due.asked, payment.requested, due.paid.
    """
    listed = list(dues)
    of_price = [due for due in listed if due.kind != DueKind.COMMISSION]
    parts, _left = covered([due.amount for due in of_price], sums_of(settlement).credit)
    from_deposit = {due.pk: part.from_deposit for due, part in zip(of_price, parts, strict=True)}
    for due in listed:
        due.carried_fen = from_deposit.get(due.pk, ZERO).fen
        if due.to_pay > ZERO:
            matter, purpose = due.subject, Purpose.ESCROW
            due.payment = request_payment(due.payer, due.to_pay, matter=matter, purpose=purpose, actor=actor, now=now)
        set_due_state(due, DUE.move(due.state, DueEvent.ASK).to, "carried_fen", "payment")
        record("due.asked", subject=due.subject, actor=actor, now=now, **_facts(due))
        if due.to_pay == ZERO:
            pay_due(due, now=now)


def ask_one(
    settlement: Settlement, amount: Money, due_on: date, *, kind: DueKind, payer: int, commission: str = "", now: datetime
) -> Due:
    """One sum is due by this day, with nothing to agree first. Under the settlement's lock. Events as of `plan_dues` and `ask_dues`."""
    planned = [PlannedDue(amount, due_on)]
    (due,) = plan_dues(settlement, planned, kind=kind, payer=payer, commission=commission, actor=CLOCK, now=now)
    ask_dues(settlement, [due], actor=CLOCK, now=now)
    return due


def pay_due(due: Due, *, now: datetime) -> None:
    """The sum is there. Under the settlement's lock. Event: due.paid."""
    due.paid_at = now
    set_due_state(due, DUE.move(due.state, DueEvent.PAY).to, "paid_at")
    record("due.paid", subject=due.subject, actor=CLOCK, now=now, **_facts(due))


def cancel_dues(dues: Iterable[Due], *, now: datetime) -> None:
    """None of these is asked for any more, and no payment awaited. Under the settlement's lock. Event: due.cancelled."""
    for due in dues:
        set_due_state(due, DUE.move(due.state, DueEvent.CANCEL).to)
        if due.payment is not None and PAYMENT.may(due.payment.state, PaymentEvent.LAPSE):
            lapse_payment(due.payment, now=now)
        record("due.cancelled", subject=due.subject, actor=CLOCK, now=now, **_facts(due))


@transaction.atomic
def note_overdue_due(due: Due, *, now: datetime) -> None:
    """The log says once that a sum is late. Event: due.overdue."""
    locked = Due.objects.select_for_update(of=("self",)).get(pk=due.pk)
    if locked.state != DueState.AWAITED or locked.overdue_since or day_of(now) <= locked.due_on:
        return
    locked.overdue_since = now
    locked.save(update_fields=["overdue_since"])
    record("due.overdue", subject=locked.subject, actor=CLOCK, now=now, **_facts(locked))


def _facts(due: Due) -> dict[str, str]:
    return {"amount": str(due.amount), "due_on": due.due_on.isoformat()}


def set_due_state(due: Due, state: str, *fields: str) -> None:
    """The one place where a due's state is written, for all actions on dues."""
    due.state = state
    due.save(update_fields=["state", *fields])
