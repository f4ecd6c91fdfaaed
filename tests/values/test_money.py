"""Whole fen, one rounding, parts that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.values.money import Money

amounts = st.integers(min_value=-(10**13), max_value=10**13).map(Money)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize("wrong", [1.5, "1", Decimal(1), True])
def test_money_takes_whole_fen_only(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "fen"), [("12345.67", 1234567), ("1,200,000", 120000000), ("0.1", 10), (7, 700)])
def test_yuan_are_read_exactly(text: str, fen: int) -> None:
    assert Money.yuan(text) == Money(fen)


@pytest.mark.parametrize("text", ["12.345", "", "twelve", "1e3", "１２"])
def test_what_is_not_an_amount_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        Money.yuan(text)


def test_a_float_is_never_an_amount() -> None:
    with pytest.raises(TypeError):
        Money.yuan(1.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "fen"), [("120", 120000000), ("0.000001", 1), ("1.5", 1500000)])
def test_wan_are_read_exactly(text: str, fen: int) -> None:
    assert Money.wan(text) == Money(fen)


@pytest.mark.parametrize("text", ["0.0000001", "NaN", "Infinity", "x"])
def test_wan_that_are_not_whole_fen_are_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        Money.wan(text)


@pytest.mark.parametrize(("fen", "rate", "share"), [(1, "0.5", 1), (3, "0.5", 2), (-1, "0.5", -1), (101, "0.06", 6)])
def test_a_share_is_rounded_half_up_once(fen: int, rate: str, share: int) -> None:
    assert Money(fen).share(Decimal(rate)) == Money(share)


@given(amounts, weights)
def test_parts_add_up_to_the_whole(amount: Money, parts: list[int]) -> None:
    assert sum(part.fen for part in amount.split(parts)) == amount.fen


@given(amounts, weights)
def test_no_part_is_a_fen_or_more_from_its_proportion(amount: Money, parts: list[int]) -> None:
    total = sum(parts)
    for part, weight in zip(amount.split(parts), parts, strict=True):
        assert abs(Decimal(part.fen) - Decimal(amount.fen) * weight / total) < 1


def test_parts_without_any_weight_are_an_error() -> None:
    with pytest.raises(ValueError):
        Money(1).split([0, 0])
