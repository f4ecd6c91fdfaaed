"""A payer says to which account refunds go; its number can be read by nobody who holds a copy of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from market.events.models import Event
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.models.bank_accounts import BankAccount
from market.secrets_at_rest import opened, sealed
from market.values.refusal import Forbidden, Refused
from tests.people import Cast

NUMBER = "6200000000000000026"


def test_the_number_lies_sealed_and_the_log_knows_its_end_only(cast: Cast, now: datetime) -> None:
    actor = cast.enterprise_agent.actor
    spaced = "６２００ 0000-0000 0000 026"
    account = change_bank_account(cast.enterprise, bank=" 某银行 ", number=spaced, actor=actor, now=now)
    account.refresh_from_db()
    assert (account.bank, account.last_digits, str(account)) == ("某银行", "0026", "某银行 ••••0026")
    assert NUMBER not in account.sealed_number
    assert opened(account.sealed_number) == NUMBER
    assert Event.objects.get(name="bank_account.changed").payload == {"last_digits": "0026"}


def test_a_changed_account_takes_the_place_of_the_one_before(cast: Cast, now: datetime) -> None:
    for number in (NUMBER, "12345678"):
        change_bank_account(cast.enterprise, bank="某银行", number=number, actor=cast.enterprise_agent.actor, now=now)
    assert [opened(account.sealed_number) for account in BankAccount.objects.all()] == ["12345678"]


@pytest.mark.parametrize(
    ("bank", "number", "code"),
    [
        (" ", NUMBER, "payments.bank_missing"),
        ("某银行", "1234567", "payments.account_number_wrong"),
        ("某银行", "1" * 31, "payments.account_number_wrong"),
        ("某银行", "6200x0000", "payments.account_number_wrong"),
    ],
)
def test_an_account_that_cannot_be_one_is_refused(cast: Cast, now: datetime, bank: str, number: str, code: str) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        change_bank_account(cast.enterprise, bank=bank, number=number, actor=cast.enterprise_agent.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert (BankAccount.objects.count(), Event.objects.count()) == (0, events)


def test_nobody_else_says_where_the_money_goes(cast: Cast, now: datetime) -> None:
    with pytest.raises(Forbidden):
        change_bank_account(cast.enterprise, bank="某银行", number=NUMBER, actor=cast.rival_agent.actor, now=now)
    assert not BankAccount.objects.exists()


def test_a_new_key_is_put_before_the_old_one_which_still_opens(settings: Any) -> None:
    settings.DATA_KEYS = ["the old key"]
    old = sealed(NUMBER)
    settings.DATA_KEYS = ["the new key", "the old key"]
    assert (opened(old), opened(sealed(NUMBER))) == (NUMBER, NUMBER)
    settings.DATA_KEYS = ["the new key"]
    with pytest.raises(ValueError, match="no key of this market"):
        opened(old)
