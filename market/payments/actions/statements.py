"""Taking in the bank's statement: lines are proposed for payments, a person confirms them or sets them aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from market.accounts.permissions import person_of
from market.events.actions import record
from market.payments.actions.deposits import confirm_payment
from market.payments.actions.ledger import post
from market.payments.kinds import Purpose
from market.payments.models.deposits import Payment
from market.payments.models.statements import OutgoingLine, Statement, StatementLine
from market.payments.permissions import require_market_finance
from market.payments.providers.bank_statement import WrongRow, read_statement
from market.payments.queries.statements import awaited_facts, clear_lines, fresh_lines
from market.payments.rules.ledger import AccountKey, Movement
from market.payments.rules.statements import LineFacts, match, references_in
from market.payments.states import LINE, LineEvent
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("payments.reason_missing", field="reason")

_BANK, _OWED = AccountKey(Purpose.BANK.value), AccountKey(Purpose.REFUNDS.value)


@transaction.atomic
def import_statement(name: str, content: bytes, *, actor: Actor, now: datetime) -> Statement:
    """The statement's lines stand in the register, each with the payment it is proposed for; lines known before are left out.

    Read whole or not at all. Out of turn when this very file was imported before. Event: statement.imported.
    """
    require_market_finance(actor)
    read = read_statement(content)
    require([_wrong(row) for row in read.wrong])
    digest = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            statement = Statement.objects.create(name=name[:200], sha256=digest, imported_at=now, imported_by_id=person_of(actor))
    except IntegrityError as error:
        raise OutOfTurn([Refusal("payments.statement_known")]) from error
    known = _enter(statement, read.came_in)
    _enter_outgoing(statement, read.went_out)
    lines = len(read.came_in)
    record("statement.imported", subject=f"statement:{digest[:16]}", actor=actor, now=now, lines=lines, known=known)
    return statement


def _wrong(row: WrongRow) -> Refusal:
    return Refusal("payments.statement_wrong", field="statement", data={"row": row.row, "problem": row.problem})


def _enter(statement: Statement, lines: Sequence[LineFacts]) -> int:
    awaited = awaited_facts()
    fresh = fresh_lines(lines)
    for line in fresh:
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


def _enter_outgoing(statement: Statement, lines: Sequence[LineFacts]) -> None:
    """What went out, as the daily comparison needs it."""
    known = set(OutgoingLine.objects.values_list("bank_reference", flat=True))
    fresh = {line.bank_reference: line for line in lines if line.bank_reference not in known}
    OutgoingLine.objects.bulk_create(
        OutgoingLine(
            statement=statement,
            bank_reference=line.bank_reference,
            on=line.on,
            amount_fen=-line.amount.fen,
            payee=line.payer,
            remark=line.remark,
            reference=next(iter(references_in(line.remark)), ""),
        )
        for line in fresh.values()
    )


@transaction.atomic
def confirm_line(
    line: StatementLine, *, payment: Payment | None = None, reason: str = "", actor: Actor, now: datetime
) -> StatementLine:
    """The line is this payment (by default the proposed one), which is now received. Refused for another sum.

    Whoever decides against a doubt or chooses another payment says why. Events: statement_line.confirmed, payment.received,
    and deposit.held for a deposit.
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
    is_plain = chosen.pk == locked.proposed_id and not locked.doubt
    given = "" if is_plain else text_given(reason, _NO_REASON)
    received = confirm_payment(chosen, actor=actor, now=now)
    locked.payment = received
    _decide(locked, move.to, given, "payment", actor=actor, now=now)
    reference = received.reference
    record("statement_line.confirmed", subject=locked.subject, actor=actor, now=now, reference=reference, reason=given)
    return locked


def confirm_clear_lines(*, actor: Actor, now: datetime) -> int:
    """Every line that leaves nothing to look at is the payment it is proposed for; gives how many. One that changed meanwhile is left."""
    require_market_finance(actor)
    confirmed = 0
    for line in list(clear_lines()):
        try:
            confirm_line(line, actor=actor, now=now)
        except Refused:
            continue
        confirmed += 1
    return confirmed


@transaction.atomic
def set_line_aside(line: StatementLine, *, reason: str, actor: Actor, now: datetime) -> StatementLine:
    """The line is no payment we asked for; the list keeps it with the reason. Event: statement_line.set_aside."""
    require_market_finance(actor)
    locked = _locked(line)
    move = LINE.move(locked.state, LineEvent.SET_ASIDE)
    given = text_given(reason, _NO_REASON)
    _decide(locked, move.to, given, actor=actor, now=now)
    proposed = locked.proposed_id or 0
    facts = {"reason": given, "amount": str(locked.amount), "payment": proposed}
    record("statement_line.set_aside", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


@transaction.atomic
def send_line_back(line: StatementLine, *, reason: str, actor: Actor, now: datetime) -> StatementLine:
    """The market owes this money to whoever sent it, and it is on the list of what goes back. Event: statement_line.to_send_back."""
    require_market_finance(actor)
    locked = _locked(line)
    move = LINE.move(locked.state, LineEvent.SEND_BACK)
    given = text_given(reason, _NO_REASON)
    _decide(locked, move.to, given, actor=actor, now=now)
    post(f"{locked.subject}:received", [Movement(_BANK, _OWED, locked.amount)], subject=locked.subject, now=now)
    facts = {"reason": given, "amount": str(locked.amount), "payment": locked.proposed_id or 0}
    record("statement_line.to_send_back", subject=locked.subject, actor=actor, now=now, **facts)
    return locked


@transaction.atomic
def confirm_sent_back(line: StatementLine, *, actor: Actor, now: datetime) -> StatementLine:
    """The bank has sent it back whence it came. Event: statement_line.sent_back."""
    require_market_finance(actor)
    locked = _locked(line)
    move = LINE.move(locked.state, LineEvent.CONFIRM_SENT)
    _decide(locked, move.to, locked.reason, actor=actor, now=now)
    post(f"{locked.subject}:sent_back", [Movement(_OWED, _BANK, locked.amount)], subject=locked.subject, now=now)
    record("statement_line.sent_back", subject=locked.subject, actor=actor, now=now)
    return locked


def _locked(line: StatementLine) -> StatementLine:
    return StatementLine.objects.select_for_update(of=("self",)).select_related("proposed").get(pk=line.pk)


def _decide(line: StatementLine, state: str, reason: str, *fields: str, actor: Actor, now: datetime) -> None:
    line.state = state
    line.reason = reason
    line.decided_at = now
    line.decided_by_id = actor.person
    line.save(update_fields=["state", "reason", "decided_at", "decided_by", *fields])
