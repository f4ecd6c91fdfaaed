"""What makes up one posting, and may it be made? Without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.payments.rules.ledger import AccountKey, Movement, changes, may_post, overdrawn
from market.values.money import ZERO, Money

BANK = AccountKey("bank")
HELD = AccountKey("deposit_held", 7)
SELLER = AccountKey("payable_to_seller", 8)
ASSETS = frozenset({"bank"})


def movement(source: AccountKey, target: AccountKey, yuan: str) -> Movement:
    return Movement(source, target, Money.yuan(yuan))


@pytest.mark.parametrize(
    ("movements", "code"),
    [
        ([], "payments.nothing_to_post"),
        ([movement(BANK, HELD, "0")], "payments.amount_not_positive"),
        ([movement(BANK, HELD, "5"), movement(HELD, SELLER, "-1")], "payments.amount_not_positive"),
        ([movement(HELD, HELD, "5")], "payments.same_account"),
    ],
)
def test_a_movement_that_moves_nothing_is_not_booked(movements: list[Movement], code: str) -> None:
    assert [refusal.code for refusal in may_post(movements)] == [code]


def test_an_account_gives_no_more_than_it_has() -> None:
    too_much = [movement(HELD, SELLER, "100.01")]
    refusals = overdrawn({HELD: Money.yuan("100")}, too_much, assets=ASSETS)
    assert [(refusal.code, refusal.data["balance"]) for refusal in refusals] == [("payments.not_enough", "100.00")]
    assert overdrawn({HELD: Money.yuan("100.01")}, too_much, assets=ASSETS) == []


def test_the_bank_takes_in_any_amount_and_pays_out_no_more_than_came_in() -> None:
    assert overdrawn({}, [movement(BANK, HELD, "1000000")], assets=ASSETS) == []
    balances = {BANK: Money.yuan("-50"), HELD: Money.yuan("80")}
    assert overdrawn(balances, [movement(HELD, BANK, "50")], assets=ASSETS) == []
    assert [refusal.data["balance"] for refusal in overdrawn(balances, [movement(HELD, BANK, "50.01")], assets=ASSETS)] == [
        "50.00"
    ]


def test_movements_of_one_posting_count_together() -> None:
    through = [movement(BANK, HELD, "10"), movement(HELD, SELLER, "10")]
    assert overdrawn({}, through, assets=ASSETS) == []


KEYS = st.sampled_from([BANK, HELD, SELLER, AccountKey("escrow"), AccountKey("refunds", 7)])
MOVEMENTS = st.lists(st.builds(Movement, KEYS, KEYS, st.integers(1, 10**12).map(Money)), max_size=12)


@given(MOVEMENTS)
def test_whatever_is_moved_the_sum_stays_zero(movements: list[Movement]) -> None:
    assert sum((change for change in changes(movements).values()), ZERO) == ZERO
