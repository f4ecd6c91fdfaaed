"""Deposits in a given state, built through the actions that lead there."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from market.payments.actions.deposits import confirm_payment, refund_deposit, release_deposits, request_deposit
from market.payments.actions.statements import import_statement
from market.payments.models.deposits import Deposit
from market.payments.models.statements import StatementLine
from market.payments.queries.deposits import open_deposit
from market.values.actor import Actor, Role
from market.values.money import Money
from tests.people import Cast, Member, a_member

AMOUNT = Money.yuan("120000")


def market_finance(cast: Cast) -> Member:
    """The one who keeps the market's money."""
    world = cast.supervisor.person.email.partition("@")[2]
    return a_member(f"till@{world}", cast.bureau, Role.FINANCE)


def pay_deposit(cast: Cast, matter: str, now: datetime) -> None:
    """The money for this matter came in; nothing to do where none is asked for."""
    deposit = open_deposit(matter)
    if deposit is not None and deposit.payment is not None and deposit.state == "requested":
        confirm_payment(deposit.payment, actor=market_finance(cast).actor, now=now)


def refund_deposit_of(cast: Cast, matter: str, now: datetime) -> None:
    """The money for this matter went back; nothing to do where none was paid."""
    deposit = open_deposit(matter)
    if deposit is not None:
        refund_deposit(deposit, actor=market_finance(cast).actor, now=now)


def a_deposit(
    cast: Cast, now: datetime, *, state: str = "requested", matter: str = "intent:k1", actor: Actor | None = None
) -> Deposit:
    """The enterprise's deposit, by bank transfer."""
    payer = actor or cast.enterprise_agent.actor
    deposit = request_deposit(cast.enterprise, AMOUNT, matter=matter, actor=payer, now=now)
    if state == "requested":
        return deposit
    assert deposit.payment is not None
    confirm_payment(deposit.payment, actor=market_finance(cast).actor, now=now)
    if state == "due_back":
        release_deposits([deposit], now=now)
    deposit.refresh_from_db()
    return deposit


def a_statement(*rows: tuple[str, str, str, str, str], headings: str = "交易日期,贷方发生额,对方户名,附言,交易流水号") -> bytes:
    """A bank's file: day, amount, payer, remark, the bank's number."""
    return "\r\n".join([headings, *(",".join(row) for row in rows)]).encode()


def a_row(deposit: Deposit, number: str = "B1", *, yuan: str = "120000", payer: str = "") -> tuple[str, str, str, str, str]:
    """The line by which this deposit comes in."""
    assert deposit.payment is not None
    return ("2026-03-10", yuan, payer or deposit.payer.name, f"保证金 {deposit.payment.reference}", number)


def a_file(*rows: tuple[str, str, str, str, str]) -> SimpleUploadedFile:
    """A bank's statement to upload."""
    return SimpleUploadedFile("三月.csv", a_statement(*rows), "text/csv")


def bring(cast: Cast, now: datetime, *rows: tuple[str, str, str, str, str]) -> list[StatementLine]:
    """Finance has imported a statement with these lines."""
    statement = import_statement("三月.csv", a_statement(*rows), actor=market_finance(cast).actor, now=now)
    return list(statement.lines.order_by("pk"))
