"""Taking in the bank's statement: lines are proposed for payments, a person confirms them or sets them aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from market.accounts.permissions import person_of
from market.events.actions import record
from market.payments.actions.deposits import confirm_payment
from market.payments.kinds import Provider
from market.payments.models.deposits import Payment
from market.payments.models.statements import Statement, StatementLine
from market.payments.permissions import require_market_finance
from market.payments.providers.bank import WrongRow, read_statement
from market.payments.rules.statements import AwaitedFacts, LineFacts, match
from market.payments.states import LINE, LineEvent, PaymentState
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, Refused


@transaction.atomic
def import_statement(name: str, content: bytes, *, actor: Actor, now: datetime) -> Statement:
    """The statement's lines stand in the register, each with the payment it is proposed for; lines known before are left out.

    Read whole or not at all. Out of turn when this very file was imported before. Event: statement.imported.
    """
    require_market_finance(actor)
    try:
        lines = read_statement(content)
    except WrongRow as wrong:
        data = {"row": wrong.row, "problem": wrong.problem}
        raise Refused([Refusal("payments.statement_wrong", field="statement", data=data)]) from wrong
    digest = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            statement = Statement.objects.create(name=name[:200], sha256=digest, imported_at=now, imported_by_id=person_of(actor))
    except IntegrityError as error:
        raise OutOfTurn([Refusal("payments.statement_known")]) from error
    known = _enter(statement, lines)
    record("statement.imported", subject=f"statement:{digest[:16]}", actor=actor, now=now, lines=len(lines), known=known)
    return statement


def _enter(statement: Statement, lines: Sequence[LineFacts]) -> int:
    known = set(
        StatementLine.objects.filter(bank_reference__in=[line.bank_reference for line in lines]).values_list(
            "bank_reference", flat=True
        )
    )
    awaited = _awaited()
    fresh = {line.bank_reference: line for line in lines if line.bank_reference not in known}
    for line in fresh.values():
        found = match(line, awaited)
        StatementLine.objects.create(
            statement=statement,
            bank_reference=line.bank_reference,
            on=line.on,
            amount_fen=line.amount.fen,
            payer=line.payer,
            remark=line.remark,
            proposed_id=found.payment,
            doubt=found.doubt.value,
        )
    return len(lines) - len(fresh)


def _awaited() -> list[AwaitedFacts]:
    payments = Payment.objects.filter(state=PaymentState.AWAITED, provider=Provider.BANK).select_related("payer")
    return [AwaitedFacts(payment.pk, payment.reference, payment.amount, payment.payer.name) for payment in payments]


@transaction.atomic
def confirm_line(line: StatementLine, *, payment: Payment | None = None, actor: Actor, now: datetime) -> StatementLine:
    """The line is this payment (by default the proposed one), which is now received. Refused for another sum.

    Events: statement_line.confirmed, payment.received, and deposit.held for a deposit.
    """
    require_market_finance(actor)
    locked = _locked(line)
    move = LINE.move(locked.state, LineEvent.CONFIRM)
    chosen = payment or locked.proposed
    if chosen is None:
        raise Refused([Refusal("payments.nothing_proposed", field="payment")])
    if chosen.amount != locked.amount:
        data = {"found": str(locked.amount), "wanted": str(chosen.amount)}
        raise Refused([Refusal("payments.wrong_sum", field="payment", data=data)])
    received = confirm_payment(chosen, actor=actor, now=now)
    locked.payment = received
    _decide(locked, move.to, "", "payment", actor=actor, now=now)
    record("statement_line.confirmed", subject=locked.subject, actor=actor, now=now, reference=received.reference)
    return locked


@transaction.atomic
def set_line_aside(line: StatementLine, *, reason: str, actor: Actor, now: datetime) -> StatementLine:
    """The line is no payment we asked for; the list keeps it with the reason. Event: statement_line.set_aside."""
    require_market_finance(actor)
    locked = _locked(line)
    move = LINE.move(locked.state, LineEvent.SET_ASIDE)
    if not reason.strip():
        raise Refused([Refusal("payments.reason_missing", field="reason")])
    _decide(locked, move.to, reason.strip(), actor=actor, now=now)
    record("statement_line.set_aside", subject=locked.subject, actor=actor, now=now, reason=reason.strip())
    return locked


def _locked(line: StatementLine) -> StatementLine:
    return StatementLine.objects.select_for_update(of=("self",)).select_related("proposed").get(pk=line.pk)


def _decide(line: StatementLine, state: str, reason: str, *fields: str, actor: Actor, now: datetime) -> None:
    line.state = state
    line.reason = reason
    line.decided_at = now
    line.decided_by_id = actor.person
    line.save(update_fields=["state", "reason", "decided_at", "decided_by", *fields])
