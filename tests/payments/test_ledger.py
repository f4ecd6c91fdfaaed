"""What is booked stays, sums to zero, and overdraws nobody."""

from __future__ import annotations

import threading
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from market.payments.actions.ledger import post
from market.payments.kinds import Purpose
from market.payments.models.ledger import Account, Entry, Posting
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.ledger import AccountKey, Movement
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refused
from tests.people import Cast

BANK = AccountKey(Purpose.BANK)


def held(cast: Cast) -> AccountKey:
    return AccountKey(Purpose.DEPOSIT_HELD, cast.enterprise.pk)


def book(reference: str, *movements: Movement, now: datetime) -> Posting:
    with transaction.atomic():
        return post(reference, movements, subject="intent:k1", now=now)


def test_what_the_bank_took_in_is_held_for_the_buyer(cast: Cast, now: datetime) -> None:
    book("deposit:1", Movement(BANK, held(cast), Money.yuan("120000")), now=now)
    assert balance(held(cast)) == Money.yuan("120000")
    assert balance(BANK) == Money.yuan("-120000")
    assert ledger_flaws() == []


def test_the_same_reason_is_booked_once(cast: Cast, now: datetime) -> None:
    movement = Movement(BANK, held(cast), Money.yuan("5"))
    assert book("deposit:1", movement, now=now) == book("deposit:1", movement, now=now)
    assert balance(held(cast)) == Money.yuan("5")
    with pytest.raises(OutOfTurn) as refused:
        book("deposit:1", Movement(BANK, held(cast), Money.yuan("6")), now=now)
    assert refused.value.refusals[0].code == "payments.posted_otherwise"
    assert balance(held(cast)) == Money.yuan("5")


def test_nobody_is_overdrawn_and_a_refused_posting_leaves_nothing(cast: Cast, now: datetime) -> None:
    book("deposit:1", Movement(BANK, held(cast), Money.yuan("5")), now=now)
    seller = AccountKey(Purpose.PAYABLE_TO_SELLER, cast.university.pk)
    with pytest.raises(Refused) as refused:
        book("forfeit:1", Movement(held(cast), seller, Money.yuan("5.01")), now=now)
    assert refused.value.refusals[0].code == "payments.not_enough"
    assert (Posting.objects.count(), Entry.objects.count(), balance(seller)) == (1, 1, ZERO)


def test_money_is_booked_inside_the_transaction_of_its_reason(cast: Cast, now: datetime) -> None:
    connection_state = connection.in_atomic_block
    connection.in_atomic_block = False
    try:
        with pytest.raises(RuntimeError):
            post("deposit:1", [Movement(BANK, held(cast), Money.yuan("5"))], subject="intent:k1", now=now)
    finally:
        connection.in_atomic_block = connection_state


@pytest.mark.parametrize("act", ["UPDATE payments_entry SET amount_fen = 1", "DELETE FROM payments_entry"])
def test_the_database_refuses_to_change_what_was_booked(cast: Cast, now: datetime, act: str) -> None:
    book("deposit:1", Movement(BANK, held(cast), Money.yuan("5")), now=now)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)
    assert balance(held(cast)) == Money.yuan("5")


@pytest.mark.parametrize("amount", [0, -1])
def test_the_database_refuses_an_entry_that_moves_nothing(cast: Cast, now: datetime, amount: int) -> None:
    posting = book("deposit:1", Movement(BANK, held(cast), Money.yuan("5")), now=now)
    bank, target = Account.objects.order_by("pk")[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(posting=posting, source=bank, target=target, amount_fen=amount)


def test_verify_ledger_names_an_overdrawn_account(cast: Cast, now: datetime) -> None:
    posting = book("deposit:1", Movement(BANK, held(cast), Money.yuan("5")), now=now)
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "1 postings" in out.getvalue()
    seller = Account.objects.create(purpose=Purpose.PAYABLE_TO_SELLER, organisation=cast.university)
    buyer = Account.objects.get(organisation=cast.enterprise)
    Entry.objects.create(posting=posting, source=buyer, target=seller, amount_fen=501)
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", stderr=errors)
    assert f"deposit_held:{cast.enterprise.pk}: overdrawn: -0.01" in errors.getvalue()


@pytest.mark.usefixtures("committed_db")
def test_at_once_an_account_gives_no_more_than_it_has(now: datetime) -> None:
    """Eight at once want the same 100 yuan in parts of 30: three get theirs."""
    cast = Cast()
    seller = AccountKey(Purpose.PAYABLE_TO_SELLER, cast.university.pk)
    book("deposit:1", Movement(BANK, held(cast), Money.yuan("100")), now=now)
    outcomes: list[str] = []

    def take(number: int) -> None:
        try:
            book(f"take:{number}", Movement(held(cast), seller, Money.yuan("30")), now=now)
            outcomes.append("booked")
        except Refused as refused:
            outcomes.append(refused.refusals[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked"] * 3 + ["payments.not_enough"] * 5
    assert balance(held(cast)) == Money.yuan("10")
    assert ledger_flaws() == []
