"""Stripe's account of the balance is compared with the ledger every day; each difference is named, and goes when it is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from market.payments.actions.deposits import confirm_payment
from market.payments.actions.statements import import_statement, set_line_aside
from market.payments.actions.stripe.balance import book_balance_line, read_balance
from market.payments.kinds import Provider
from market.payments.models.statements import Reconciliation, StatementLine
from market.payments.models.stripe import BalanceLine, BalanceReading
from market.payments.providers.stripe import CardsAndWallets
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.queries.reconciliation import all_differences
from market.payments.rules.ledger import AccountKey
from market.payments.tasks import reconcile
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.cards.builders import a_checkout, a_paid_deposit, paid, tell, work
from tests.cards.stand_in import DISPUTE_FEE, FEE_PER_MILLE, StandIn
from tests.house.rows import everything
from tests.payments.builders import AMOUNT, a_deposit, a_statement, market_finance
from tests.people import Cast, Member

FEE = Money(AMOUNT.fen * FEE_PER_MILLE // 1000)
TOMORROW = timedelta(days=1)


def found(now: datetime) -> list[tuple[str, str, Money | None, Money | None]]:
    """What the comparison of the next day finds."""
    read_balance(now=now + TOMORROW)
    differences = all_differences(date.max)
    assert {it.provider for it in differences} <= {"stripe"}
    return [(it.reference.partition(" ")[0], it.finding.value, it.at_provider, it.in_ledger) for it in differences]


def test_stripe_and_the_ledger_agree_after_every_kind_of_story(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now, is_due_back=True)
    work(now)
    won = stripe.open_dispute(paid(stripe, a_checkout(cast, now, a_deposit(cast, now, matter="intent:won")))["id"])
    lost = stripe.open_dispute(paid(stripe, a_checkout(cast, now, a_deposit(cast, now, matter="intent:lost")))["id"])
    stripe.close_dispute(won["id"], is_lost=False)
    stripe.close_dispute(lost["id"], is_lost=True)
    twice = a_checkout(cast, now, a_deposit(cast, now, matter="intent:twice"))
    paid(stripe, twice)
    confirm_payment(twice.payment, actor=market_finance(cast).actor, now=now)
    tell(stripe.events, now)
    work(now)
    stripe.finish_refund(max(stripe.refunds), failure="expired_or_canceled_card")
    tell(stripe.events, now)
    assert found(now) == []
    assert balance(AccountKey("stripe_clearing")) == -Money(sum(line["net"] for line in stripe.lines))
    assert ledger_flaws() == []


def test_a_payment_of_which_word_never_came_is_not_booked(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    assert found(now) == [("charge", "not_booked", AMOUNT - FEE, None)]
    tell(stripe.events, now)
    assert found(now) == []


def test_finance_sees_on_the_ledger_which_provider_differs(
    cast: Cast, stripe: StandIn, now: datetime, sign_in: Callable[[Member], Client]
) -> None:
    paid(stripe, a_checkout(cast, now))
    read_balance(now=now + TOMORROW)
    shown = sign_in(market_finance(cast)).get(reverse("payments:ledger")).content.decode()
    assert BalanceLine.objects.get().line_id in shown
    assert str(Provider.STRIPE.label) in shown


def test_a_fee_that_is_booked_otherwise_is_named(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    read_balance(now=now + TOMORROW)
    line = BalanceLine.objects.get()
    line.fee_fen += 1
    line.save()
    assert found(now) == [(checkout.payment.reference, "other_amount", AMOUNT - FEE - Money(1), AMOUNT - FEE)]


def test_what_stripe_does_not_have_is_named(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    stripe.lines.clear()
    assert found(now) == [(checkout.payment.reference, "not_at_provider", None, AMOUNT - FEE)]


def test_a_dispute_and_a_refund_by_hand_are_named_until_word_of_them_comes(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_paid_deposit(cast, stripe, now)
    stripe.refund_by_hand(checkout.intent_id or "", 5000)
    stripe.open_dispute(checkout.intent_id or "")
    # The ledger does not know these numbers yet.
    assert [(it[0], it[1], it[2]) for it in found(now)] == [
        ("dispute", "not_booked", -AMOUNT - Money(DISPUTE_FEE)),
        ("refund", "not_booked", Money(-5000)),
    ]
    tell(stripe.events, now)
    assert found(now) == []


def test_the_day_that_is_not_over_is_not_compared(cast: Cast, stripe: StandIn, now: datetime) -> None:
    """Word of a payment can be on its way."""
    paid(stripe, a_checkout(cast, now))
    read_balance(now=now)
    assert all_differences(date.max) == []


def test_what_went_on_since_is_compared_with_the_day_on_which_it_ended(cast: Cast, stripe: StandIn, now: datetime) -> None:
    checkout = a_checkout(cast, now)
    paid(stripe, checkout)
    tell(stripe.events, now + TOMORROW)
    read_balance(now=now + 2 * TOMORROW)
    provider = CardsAndWallets()
    line = BalanceLine.objects.get()
    line.fee_fen += 1
    line.save()
    assert provider.differences(now.date()) == []
    assert len(provider.differences((now + TOMORROW).date()) or []) == 1


def test_each_line_is_kept_once_however_often_it_is_read(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now)
    for hours in range(3):
        read_balance(now=now + timedelta(hours=hours))
    assert (BalanceLine.objects.count(), BalanceReading.objects.count()) == (1, 1)


def test_a_long_account_is_read_to_its_end(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now)
    for _number in range(250):
        stripe.move(-1, "fee")
    read_balance(now=now)
    assert BalanceLine.objects.count() == 251


def test_the_worker_compares_what_it_can_while_stripe_is_away(cast: Cast, stripe: StandIn, now: datetime) -> None:
    paid(stripe, a_checkout(cast, now))
    stripe.broken = 503
    reconcile(now + TOMORROW)
    assert not BalanceReading.objects.exists()
    stripe.broken = 0
    reconcile(now + 2 * TOMORROW)
    on = (now + TOMORROW).date()
    assert Reconciliation.objects.get(provider="stripe", on=on).differences == 1


def test_reconcile_names_the_differences_and_says_when_stripe_is_away(
    cast: Cast, stripe: StandIn, now: datetime, settings: Settings
) -> None:
    paid(stripe, a_checkout(cast, now))
    errors = StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("reconcile", stderr=errors)
    assert f"not_booked (provider {AMOUNT - FEE}, ledger -)" in errors.getvalue()
    stripe.broken = 500
    with pytest.raises(CommandError, match="Stripe did not answer"):
        call_command("reconcile", stderr=StringIO())
    settings.STRIPE_API_KEY = ""
    with pytest.raises(CommandError, match=r"^1 differences\.$"):
        call_command("reconcile", stderr=StringIO())


# --- What is no payment


def bring(cast: Cast, yuan: str, on: str, number: str, now: datetime) -> StatementLine:
    """The bank's statement shows this much come in from Stripe, and finance has set it aside."""
    actor = market_finance(cast).actor
    import_statement(f"{number}.csv", a_statement((on, yuan, "STRIPE", "PAYOUT", number)), actor=actor, now=now)
    return set_line_aside(StatementLine.objects.get(bank_reference=number), reason="Stripe 提现", actor=actor, now=now)


def refused(act: Callable[[], object]) -> list[str]:
    before = everything()
    with pytest.raises(Refused) as error:
        act()
    assert everything() == before
    return [it.code for it in error.value.refusals]


def test_a_payout_is_booked_when_the_bank_shows_it(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now)
    stripe.move(-1_000_000, "payout")
    assert found(now) == [("payout", "not_booked", Money(-1_000_000), None)]
    payout = BalanceLine.objects.get(kind="payout")
    finance = market_finance(cast).actor
    assert refused(lambda: book_balance_line(payout, actor=finance, now=now)) == ["payments.payout_not_arrived"]
    bring(cast, "9999.99", "2026-03-11", "B0", now)
    assert refused(lambda: book_balance_line(payout, actor=finance, now=now)) == ["payments.payout_not_arrived"]
    arrived = bring(cast, "10000", "2026-03-12", "B1", now)
    assert book_balance_line(payout, actor=finance, now=now).statement_line == arrived
    assert balance(AccountKey("bank")) == Money(-1_000_000)
    assert [it.reference for it in all_differences(date.max)] == ["B0"]
    assert refused(lambda: book_balance_line(payout, actor=finance, now=now)) == ["payments.line_booked"]
    # One line of the bank's explains one payout.
    stripe.clock = lambda: int((now + TOMORROW).timestamp())
    stripe.move(-1_000_000, "payout")
    read_balance(now=now + TOMORROW)
    second = BalanceLine.objects.get(kind="payout", booked_at=None)
    assert refused(lambda: book_balance_line(second, actor=finance, now=now)) == ["payments.payout_not_arrived"]


def test_what_stripe_charges_the_market_is_a_cost(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now)
    stripe.move(-300, "fee")
    assert found(now) == [("fee", "not_booked", Money(-300), None)]
    book_balance_line(BalanceLine.objects.get(kind="fee"), actor=market_finance(cast).actor, now=now)
    assert (found(now), balance(AccountKey("payment_costs"))) == ([], -FEE - Money(300))


def test_only_finance_books_and_only_what_is_known(cast: Cast, stripe: StandIn, now: datetime) -> None:
    a_paid_deposit(cast, stripe, now)
    stripe.move(500, "topup")
    read_balance(now=now)
    line = BalanceLine.objects.get(kind="topup")
    finance, agent = market_finance(cast).actor, cast.enterprise_agent.actor
    assert refused(lambda: book_balance_line(line, actor=finance, now=now)) == ["payments.line_unknown"]
    with pytest.raises(Forbidden):
        book_balance_line(line, actor=agent, now=now)


def test_finance_books_on_its_page(cast: Cast, stripe: StandIn, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    a_paid_deposit(cast, stripe, now)
    stripe.move(-300, "fee")
    read_balance(now=now)
    finance, line = sign_in(market_finance(cast)), BalanceLine.objects.get(kind="fee")
    assert line.line_id in finance.get(reverse("cards:desk")).content.decode()
    assert finance.post(reverse("cards:book_line", args=[line.line_id])).status_code == 302
    assert line.line_id not in finance.get(reverse("cards:desk")).content.decode()
    assert balance(AccountKey("bank")) == ZERO
    late = finance.post(reverse("cards:book_line", args=[line.line_id]))
    assert late.status_code == 409
    with pytest.raises(OutOfTurn):
        book_balance_line(line, actor=market_finance(cast).actor, now=now)
