"""Deposits in a given state, built through the actions that lead there."""

from __future__ import annotations

from datetime import datetime

from market.payments.actions.deposits import confirm_payment, refund_deposit, release_deposit, request_deposit
from market.payments.models.deposits import Deposit
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
        release_deposit(deposit, now=now)
    deposit.refresh_from_db()
    return deposit


def a_statement(*rows: tuple[str, str, str, str, str], headings: str = "交易日期,贷方发生额,对方户名,附言,交易流水号") -> bytes:
    """A bank's file: day, amount, payer, remark, the bank's number."""
    return "\r\n".join([headings, *(",".join(row) for row in rows)]).encode()
