"""The bank and the ledger are compared every day, and what differs is named."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from market.events.models import Event
from market.payments.actions.deposits import refund_deposit, release_deposits
from market.payments.actions.reconciliation import reconcile_all
from market.payments.actions.statements import confirm_line, confirm_sent_back, import_statement, send_line_back
from market.payments.models.deposits import Deposit
from market.payments.models.statements import Reconciliation, StatementLine
from market.payments.providers import add_provider, providers, ways_to_pay
from market.payments.providers.bank import BankTransfer
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.queries.reconciliation import all_differences, latest_reconciliations
from market.payments.rules.ledger import AccountKey
from market.payments.tasks import reconcile_due
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refused
from tests.payments.builders import a_deposit, a_statement, market_finance
from tests.people import Cast

HEADINGS = "交易日期,贷方发生额,借方发生额,对方户名,附言,交易流水号"


def bring(cast: Cast, *rows: tuple[str, ...], name: str = "a.csv", now: datetime) -> None:
    import_statement(name, a_statement(*rows, headings=HEADINGS), actor=market_finance(cast).actor, now=now)


def came_in(deposit: Deposit, *, on: str = "2026-03-10", yuan: str = "120000", number: str = "B1") -> tuple[str, ...]:
    assert deposit.payment is not None
    return (on, yuan, "", deposit.payer.name, deposit.payment.reference, number)


def went_out(deposit: Deposit, *, on: str = "2026-03-11", yuan: str = "120000", number: str = "B7") -> tuple[str, ...]:
    assert deposit.payment is not None
    return (on, "", yuan, deposit.payer.name, f"退保证金 {deposit.payment.reference}", number)


def found(until: date = date(2026, 3, 20)) -> list[tuple[str, str]]:
    return [(difference.reference, difference.finding) for difference in all_differences(until)]


def test_a_line_that_nobody_confirmed_is_not_booked(cast: Cast, now: datetime) -> None:
    assert found() == []
    bring(cast, came_in(a_deposit(cast, now)), now=now)
    assert found() == [("B1", "not_booked")]
    assert found(until=date(2026, 3, 9)) == []
    confirm_line(StatementLine.objects.get(), actor=market_finance(cast).actor, now=now)
    assert found() == []


def test_money_booked_without_the_bank_is_named(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="held")
    bring(cast, ("2026-03-12", "1", "", "别人", "", "B8"), now=now)
    assert deposit.payment is not None
    assert found() == [(deposit.payment.reference, "not_at_provider"), ("B8", "not_booked")]


def test_refunds_are_compared_with_what_the_bank_paid_out(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    assert deposit.payment is not None
    finance = market_finance(cast).actor
    bring(cast, came_in(deposit), now=now)
    confirm_line(StatementLine.objects.get(), actor=finance, now=now)
    bring(cast, went_out(deposit), name="b.csv", now=now)
    # The bank paid out what finance has not yet confirmed.
    bring(cast, ("2026-03-14", "0.01", "", "利息", "", "B9"), name="c.csv", now=now)
    assert found() == [("B7", "not_booked"), ("B9", "not_booked")]
    deposit.refresh_from_db()
    refund_deposit(release_deposits([deposit], now=now)[0], actor=finance, now=now)
    assert found() == [("B9", "not_booked")]


def test_a_refund_that_the_bank_does_not_know_is_named(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    assert deposit.payment is not None
    finance = market_finance(cast).actor
    bring(cast, came_in(deposit), now=now)
    confirm_line(StatementLine.objects.get(), actor=finance, now=now)
    deposit.refresh_from_db()
    refund_deposit(release_deposits([deposit], now=now)[0], actor=finance, now=now)
    assert found() == []
    bring(cast, went_out(deposit, on="2026-03-12", yuan="119999"), name="b.csv", now=now)
    bring(cast, ("2026-03-14", "", "5", "银行", "手续费", "B9"), name="c.csv", now=now)
    bring(cast, came_in(deposit, on="2026-03-15", number="B11"), name="d.csv", now=now)
    assert found() == [("B7", "other_amount"), ("B11", "not_booked")]


def test_the_day_is_compared_once_and_finance_is_told(cast: Cast, now: datetime) -> None:
    bring(cast, came_in(a_deposit(cast, now)), now=now)
    for hours in (24, 25):
        reconcile_due(now=now + timedelta(hours=hours))
    assert [(it.provider, it.on, it.differences) for it in latest_reconciliations()] == [("bank", date(2026, 3, 10), 1)]
    assert Event.objects.filter(name="payments.differences_found").count() == 1
    assert [difference.at_provider for difference in reconcile_all(now=now + timedelta(days=1))] == [Money.yuan("120000")]
    assert Reconciliation.objects.count() == 1


def test_reconcile_exits_with_the_differences(cast: Cast, now: datetime) -> None:
    out, errors = StringIO(), StringIO()
    call_command("reconcile", stdout=out)
    assert "agree" in out.getvalue()
    bring(cast, came_in(a_deposit(cast, now)), now=now)
    with pytest.raises(CommandError):
        call_command("reconcile", stderr=errors)
    assert "B1: not_booked" in errors.getvalue()


def test_money_that_is_nobodys_goes_back_and_the_ledger_says_so(cast: Cast, now: datetime) -> None:
    finance = market_finance(cast).actor
    bring(cast, ("2026-03-10", "500", "", "无名公司", "货款", "B5"), now=now)
    line = StatementLine.objects.get()
    with pytest.raises(Refused) as refused:
        send_line_back(line, reason=" ", actor=finance, now=now)
    assert refused.value.refusals[0].code == "payments.reason_missing"
    send_line_back(line, reason="非本市场款项", actor=finance, now=now)
    assert balance(AccountKey("refunds")) == Money.yuan("500")
    assert found() == []
    assert confirm_sent_back(line, actor=finance, now=now).state == "sent_back"
    with pytest.raises(OutOfTurn):
        confirm_sent_back(line, actor=finance, now=now)
    assert (balance(AccountKey("refunds")), balance(AccountKey("bank")), ledger_flaws()) == (ZERO, ZERO, [])


def test_providers_are_known_by_their_code(cast: Cast, now: datetime) -> None:
    payment = a_deposit(cast, now).payment
    assert payment is not None
    assert [provider.code for provider in providers()] == ["bank", "stripe"]
    assert [way.context["account"]["number"] for way in ways_to_pay(payment) if "account" in way.context] != []
    with pytest.raises(ValueError, match="registered twice"):
        add_provider(BankTransfer())


def test_a_market_without_an_account_offers_no_transfer(cast: Cast, now: datetime, settings: object) -> None:
    payment = a_deposit(cast, now).payment
    assert payment is not None
    settings.BANK_ACCOUNT_NUMBER = ""  # type: ignore[attr-defined]
    assert BankTransfer().way_to_pay(payment) is None
