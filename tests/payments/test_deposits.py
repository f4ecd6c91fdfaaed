"""A deposit is held once, and ends in exactly one way, with the ledger saying so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from market.accounts.actions import suspend_organisation
from market.events.models import Event
from market.payments.actions.deposits import (
    accept_guarantee,
    cancel_deposit,
    carry_deposit,
    confirm_payment,
    forfeit_deposit,
    offer_guarantee,
    refund_deposit,
    release_deposits,
)
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.ledger import Posting
from market.payments.queries.deposits import deposit_sums, due_back_of
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.deposits import forfeited_movements, is_reference, may_request_deposit, payment_reference
from market.payments.rules.ledger import AccountKey
from market.payments.tasks import note_late_refunds
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.documents_made import a_document
from tests.payments.builders import AMOUNT, a_deposit, market_finance
from tests.people import Cast


def held_of(cast: Cast) -> Money:
    return balance(AccountKey("deposit_held", cast.enterprise.pk))


def test_a_deposit_that_came_in_is_held(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="held")
    assert (deposit.state, held_of(cast), ledger_flaws()) == ("held", AMOUNT, [])
    assert Event.objects.filter(subject=deposit.subject).values_list("name", flat=True).last() == "deposit.held"
    sums = deposit_sums(cast.enterprise_agent.actor, now=now)
    assert (sums.requested, sums.held, sums.due_back) == (ZERO, AMOUNT, ZERO)


def test_money_is_received_once(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="held")
    assert deposit.payment is not None
    with pytest.raises(OutOfTurn):
        confirm_payment(deposit.payment, actor=market_finance(cast).actor, now=now)
    assert (held_of(cast), Posting.objects.count()) == (AMOUNT, 1)


def test_only_the_markets_finance_confirms_money(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    assert deposit.payment is not None
    for member in (cast.enterprise_agent, cast.university_finance, cast.registrar, cast.administrator):
        with pytest.raises(Forbidden):
            confirm_payment(deposit.payment, actor=member.actor, now=now)
    assert held_of(cast) == ZERO


def test_there_is_one_open_deposit_for_a_matter(cast: Cast, now: datetime) -> None:
    first = a_deposit(cast, now)
    with pytest.raises(OutOfTurn) as refused:
        a_deposit(cast, now)
    assert refused.value.refusals[0].code == "payments.deposit_exists"
    assert (Deposit.objects.count(), Payment.objects.count()) == (1, 1)
    cancel_deposit(first, actor=cast.enterprise_agent.actor, now=now)
    assert a_deposit(cast, now).pk != first.pk


def test_who_is_barred_from_the_market_is_not_asked_for_a_deposit(cast: Cast, now: datetime) -> None:
    suspend_organisation(cast.enterprise, reason="失信", actor=cast.administrator.actor, now=now)
    cast.enterprise.refresh_from_db()
    with pytest.raises(Refused) as refused:
        a_deposit(cast, now)
    assert refused.value.refusals[0].code == "payments.barred"
    assert not Payment.objects.exists()


def test_a_deposit_of_nothing_is_refused() -> None:
    assert [refusal.code for refusal in may_request_deposit(amount=ZERO, is_barred=False)] == ["payments.amount_not_positive"]


def test_a_released_deposit_is_due_back_within_three_working_days_and_says_why(cast: Cast, now: datetime) -> None:
    """Source: the market's rule, 3 working days (low)."""
    deposit = a_deposit(cast, now, state="due_back")
    assert deposit.due_back_on == date(2026, 3, 13)
    due = due_back_of(deposit)
    assert due is not None
    assert (due.day, due.period.n, due.policy_row) == (deposit.due_back_on, 3, deposit.policy_row_id)


def test_a_refund_empties_the_account_and_happens_once(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="due_back")
    refund_deposit(deposit, actor=market_finance(cast).actor, now=now)
    assert (held_of(cast), balance(AccountKey("bank"))) == (ZERO, ZERO)
    with pytest.raises(OutOfTurn):
        refund_deposit(deposit, actor=market_finance(cast).actor, now=now)
    assert (Posting.objects.count(), ledger_flaws()) == (2, [])


def test_a_late_refund_is_said_once(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="due_back")
    note_late_refunds(now + timedelta(days=3))
    assert not Event.objects.filter(name="deposit.refund_overdue").exists()
    for days in (4, 5):
        note_late_refunds(now + timedelta(days=days))
    assert Event.objects.filter(name="deposit.refund_overdue", subject=deposit.subject).count() == 1


def test_the_winners_deposit_counts_towards_the_price(cast: Cast, now: datetime) -> None:
    deposit = carry_deposit(a_deposit(cast, now, state="held"), now=now)
    assert deposit.state == "carried"
    assert (held_of(cast), balance(AccountKey("escrow", cast.enterprise.pk))) == (ZERO, AMOUNT)


def test_half_of_a_forfeited_deposit_goes_to_the_seller(cast: Cast, now: datetime) -> None:
    """Source: the market's rule, half to the seller by default (medium)."""
    deposit = a_deposit(cast, now, state="held")
    supervisor = cast.supervisor.actor
    forfeit_deposit(deposit, seller=cast.university, reason="逾期未签订合同", actor=supervisor, now=now)
    half = Money.yuan("60000")
    assert balance(AccountKey("payable_to_seller", cast.university.pk)) == half
    assert (balance(AccountKey("platform_fee")), held_of(cast)) == (half, ZERO)


def test_a_deposit_is_forfeited_for_a_reason_and_by_a_supervisor_only(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now, state="held")
    with pytest.raises(Refused) as refused:
        forfeit_deposit(deposit, seller=cast.university, reason=" ", actor=cast.supervisor.actor, now=now)
    assert refused.value.refusals[0].code == "payments.reason_missing"
    with pytest.raises(Forbidden):
        forfeit_deposit(deposit, seller=cast.university, reason="x", actor=cast.university_agent.actor, now=now)
    assert held_of(cast) == AMOUNT


def test_an_odd_fen_is_shared_without_loss() -> None:
    held, seller, market = AccountKey("deposit_held", 1), AccountKey("payable_to_seller", 2), AccountKey("platform_fee")
    movements = forfeited_movements(held, seller, market, Money(1), Decimal("0.5"))
    assert [(movement.target, movement.amount) for movement in movements] == [(seller, Money(1))]
    parts = forfeited_movements(held, seller, market, Money(101), Decimal("0.5"))
    assert [movement.amount for movement in parts] == [Money(51), Money(50)]


def test_a_guarantee_letter_stands_for_the_money_once_finance_has_checked_it(cast: Cast, now: datetime) -> None:
    actor = cast.enterprise_agent.actor
    deposit = offer_guarantee(a_deposit(cast, now), a_document(actor, "保函.pdf"), actor=actor, now=now)
    with pytest.raises(Forbidden):
        accept_guarantee(deposit, actor=actor, now=now)
    held = accept_guarantee(deposit, actor=market_finance(cast).actor, now=now)
    assert (held.state, held.payment, Posting.objects.count()) == ("held", None, 0)
    refunded = refund_deposit(release_deposits([held], now=now)[0], actor=market_finance(cast).actor, now=now)
    assert (refunded.state, Posting.objects.count()) == ("refunded", 0)


def test_money_is_no_guarantee_letter(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    with pytest.raises(Refused) as refused:
        accept_guarantee(deposit, actor=market_finance(cast).actor, now=now)
    assert refused.value.refusals[0].code == "payments.no_guarantee"
    deposit.refresh_from_db()
    assert deposit.state == "requested"


def test_a_mistyped_reference_is_nobodys() -> None:
    reference = payment_reference(123_456)
    assert is_reference(reference)
    for position in range(2, 9):
        for character in "23456789ACDEFGHJKMNPQRTUVWXY":
            changed = reference[:position] + character + reference[position + 1 :]
            assert is_reference(changed) == (changed == reference)
    assert len({payment_reference(number) for number in range(5000)}) == 5000
