"""Whoever is first has a held deposit; and what would go wrong in such a race is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from market.events.actions import record
from market.payments.actions.deposits import carry_deposit
from market.payments.actions.ledger import post
from market.payments.models.deposits import Deposit
from market.payments.queries.ledger import ledger_flaws
from market.payments.rules.ledger import AccountKey, Movement
from market.values.actor import CLOCK
from market.values.machine import IllegalMove
from tests.concurrency.at_once import Outcome
from tests.faults.holds import ENDS, flaws, race
from tests.payments.builders import AMOUNT, a_deposit, market_finance
from tests.people import Cast

RACES = 3


@pytest.mark.usefixtures("committed_db")
def test_of_sixteen_who_want_a_held_deposit_one_has_it_and_the_others_are_told_what_it_is(now: datetime) -> None:
    cast, dice = Cast(), random.Random(20261125)
    finance = market_finance(cast)
    assert [flaw for number in range(RACES) for flaw in race(cast, finance, number, now, dice)] == []
    assert ledger_flaws() == []


def _two_win(outcome: Outcome, deposit: Deposit, now: datetime) -> None:
    outcome.results.append(deposit)


def _one_fails(outcome: Outcome, deposit: Deposit, now: datetime) -> None:
    outcome.errors.append(RuntimeError("deadlock"))


def _one_is_told_a_stale_state(outcome: Outcome, deposit: Deposit, now: datetime) -> None:
    outcome.refusals.append(IllegalMove("deposit", "held", "release"))


def _the_log_has_two_ends(outcome: Outcome, deposit: Deposit, now: datetime) -> None:
    with transaction.atomic():
        record("deposit.released", subject=deposit.subject, actor=CLOCK, now=now, due_back_on="2026-03-13")


def _the_money_goes_twice(outcome: Outcome, deposit: Deposit, now: datetime) -> None:
    again = Movement(AccountKey("deposit_held", deposit.payer_id), AccountKey("platform_fee"), AMOUNT)
    with transaction.atomic():
        post("planted", [Movement(AccountKey("bank"), again.source, AMOUNT)], subject="planted", now=now)
        post("planted twice", [again], subject=deposit.matter, now=now)


@pytest.mark.parametrize(
    "plant", [_two_win, _one_fails, _one_is_told_a_stale_state, _the_log_has_two_ends, _the_money_goes_twice]
)
def test_what_goes_wrong_with_a_held_deposit_is_found(
    cast: Cast, now: datetime, plant: Callable[[Outcome, Deposit, datetime], None]
) -> None:
    deposit = carry_deposit(a_deposit(cast, now, state="held"), now=now)
    outcome = Outcome(results=[deposit], refusals=[IllegalMove("deposit", "carried", "release")])
    assert flaws(outcome, deposit, ends=ENDS) == []
    plant(outcome, deposit, now)
    assert flaws(outcome, deposit, ends=ENDS) != []
