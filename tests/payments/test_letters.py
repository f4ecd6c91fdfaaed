"""Payers, finance and supervisors are told of deposits and money by letter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from market.events.actions import advance, skip_history
from market.events.models import Event
from market.events.registry import READERS
from market.letters.models import Letter
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.actions.deposits import (
    accept_guarantee,
    carry_deposit,
    forfeit_deposit,
    note_overdue_refund,
    offer_guarantee,
    refund_deposit,
    refuse_guarantee,
)
from market.payments.actions.reconciliation import reconcile_all
from market.payments.actions.statements import import_statement, send_line_back, set_line_aside
from tests.documents_made import a_document
from tests.payments.builders import a_deposit, a_statement, market_finance
from tests.people import Cast, Member


@pytest.fixture(autouse=True)
def _from_now_on(db: None) -> None:
    skip_history(READERS["letters"])


def told(name: str, now: datetime) -> dict[str, str]:
    """What was written about events of this name, by address."""
    while advance(READERS["letters"], now=now):
        pass
    events = Event.objects.filter(name=name).values("pk")
    return {letter.person.email: letter.text for letter in Letter.objects.filter(event__in=events).select_related("person")}


def addresses(*members: Member) -> set[str]:
    return {member.person.email for member in members}


def test_the_payer_hears_of_each_step_of_a_refund(cast: Cast, now: datetime) -> None:
    deposit, finance = a_deposit(cast, now, state="due_back"), market_finance(cast)
    note_overdue_refund(deposit, now=now + timedelta(days=30))
    refund_deposit(deposit, actor=finance.actor, now=now + timedelta(days=31))
    for name in ("deposit.held", "deposit.released", "deposit.refunded"):
        assert set(told(name, now)) == addresses(cast.enterprise_agent), name
    late = told("deposit.refund_overdue", now)
    assert set(late) == addresses(cast.enterprise_agent, cast.supervisor, finance)
    assert "120,000.00" in late[cast.supervisor.person.email]


def test_a_request_names_the_reference_to_quote(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, actor=cast.enterprise_agent.actor)
    Event.objects.filter(name="deposit.requested").exists()
    assert deposit.payment is not None
    # The one who asked for it is shown it on the page; a colleague would be written to.
    assert told("deposit.requested", now) == {}


def test_letters_are_checked_refused_and_accepted(cast: Cast, now: datetime) -> None:
    actor, finance = cast.enterprise_agent.actor, market_finance(cast)
    offered = offer_guarantee(a_deposit(cast, now), a_document(actor, "保函.pdf"), actor=actor, now=now)
    assert set(told("deposit.guarantee_offered", now)) == addresses(finance)
    anew = refuse_guarantee(offered, reason="金额不足", actor=finance.actor, now=now)
    assert "金额不足" in told("deposit.guarantee_refused", now)[cast.enterprise_agent.person.email]
    assert anew.payment is not None
    assert anew.payment.reference in told("deposit.requested", now)[cast.enterprise_agent.person.email]
    accept_guarantee(offer_guarantee(anew, a_document(actor, "新.pdf"), actor=actor, now=now), actor=finance.actor, now=now)
    assert set(told("deposit.held", now)) == addresses(cast.enterprise_agent)


def test_the_end_of_a_deposit_is_told(cast: Cast, now: datetime) -> None:
    carry_deposit(a_deposit(cast, now, state="held"), now=now)
    lost = a_deposit(cast, now, state="held", matter="intent:k2")
    forfeit_deposit(lost, seller=cast.university, reason="逾期未签约", actor=cast.supervisor.actor, now=now)
    assert set(told("deposit.carried", now)) == addresses(cast.enterprise_agent)
    assert "逾期未签约" in told("deposit.forfeited", now)[cast.enterprise_agent.person.email]


def test_a_wrong_sum_is_told_to_whoever_was_asked_and_to_no_stranger(cast: Cast, now: datetime) -> None:
    first, second = a_deposit(cast, now), a_deposit(cast, now, matter="intent:k2")
    assert first.payment is not None
    assert second.payment is not None
    rows = [
        ("2026-03-10", "119900", first.payer.name, first.payment.reference, "B1"),
        ("2026-03-10", "7", first.payer.name, second.payment.reference, "B2"),
        ("2026-03-10", "7", "无名公司", "货款", "B3"),
    ]
    finance = market_finance(cast).actor
    statement = import_statement("三月.csv", a_statement(*rows), actor=finance, now=now)
    short, aside, unknown = statement.lines.order_by("pk")
    send_line_back(short, reason="金额不足", actor=finance, now=now)
    set_line_aside(aside, reason="待查", actor=finance, now=now)
    send_line_back(unknown, reason="非本市场款项", actor=finance, now=now)
    back = told("statement_line.to_send_back", now)
    assert set(back) == addresses(cast.enterprise_agent)
    assert first.payment.reference in back[cast.enterprise_agent.person.email]
    assert set(told("statement_line.set_aside", now)) == addresses(cast.enterprise_agent)


def test_finance_hears_of_differences_and_owners_of_a_changed_account(cast: Cast, now: datetime) -> None:
    row = ("2026-03-10", "7", "无名公司", "货款", "B3")
    import_statement("三月.csv", a_statement(row), actor=market_finance(cast).actor, now=now)
    reconcile_all(now=now + timedelta(days=2))
    assert set(told("payments.differences_found", now)) == addresses(market_finance(cast))
    change_bank_account(cast.university, bank="某银行", number="12345678", actor=cast.university_finance.actor, now=now)
    letters = told("bank_account.changed", now)
    assert set(letters) == addresses(cast.university_owner, cast.university_agent)
    assert all("5678" in text and "12345678" not in text for text in letters.values())
