"""Properties of the plain values, held against references that share no code with them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from market.values.machine import IllegalMove, Machine, Move
from market.values.money import Money
from market.values.social_code import is_social_code, normal_social_code
from tests.people import social_code

fen = st.integers(min_value=-(10**15), max_value=10**15)
rates = st.decimals(min_value=0, max_value=1, places=6)
weights = st.lists(
    st.integers(min_value=0, max_value=10**6) | st.decimals(min_value=0, max_value=1, places=4), min_size=1, max_size=12
)


def half_up(exact: Fraction) -> int:
    """The whole number next to it; half away from zero."""
    rounded = floor(abs(exact) + Fraction(1, 2))
    return rounded if exact >= 0 else -rounded


@given(fen, rates)
def test_a_share_is_the_exact_product_rounded_half_up(amount: int, rate: Decimal) -> None:
    assert Money(amount).share(rate).fen == half_up(Fraction(amount) * Fraction(rate))


@given(st.integers(min_value=0, max_value=10**15), rates)
def test_a_share_and_the_share_of_the_rest_are_at_most_a_fen_from_the_whole(amount: int, rate: Decimal) -> None:
    whole = Money(amount)
    assert abs((whole.share(rate) + whole.share(1 - rate)).fen - amount) <= 1


@given(fen, weights)
def test_a_split_adds_up_and_keeps_to_its_weights(amount: int, parts: list[int | Decimal]) -> None:
    assume(any(parts))
    split = Money(amount).split(parts)
    assert sum(part.fen for part in split) == amount
    total = sum(map(Fraction, parts))
    for part, weight in zip(split, parts, strict=True):
        assert abs(part.fen - amount * Fraction(weight) / total) < 1
        assert weight or part.fen == 0


@given(st.integers(min_value=0, max_value=10**12), weights)
def test_of_two_parts_the_heavier_is_never_the_smaller(amount: int, parts: list[int | Decimal]) -> None:
    assume(any(parts))
    split = Money(amount).split(parts)
    ordered = sorted(zip(map(Fraction, parts), (part.fen for part in split), strict=True))
    for (light, less), (heavy, more) in itertools.pairwise(ordered):
        assert light == heavy or less <= more


@given(fen)
def test_what_is_printed_is_read_back(amount: int) -> None:
    assert Money.yuan(str(Money(amount))) == Money(amount)
    assert Money.yuan(Money(amount).in_yuan) == Money(amount)


@given(fen)
def test_wan_are_read_back(amount: int) -> None:
    assert Money.wan(Decimal(amount) / 1_000_000) == Money(amount)


@given(fen, fen)
def test_sums_are_sums_of_fen(one: int, other: int) -> None:
    assert (Money(one) + Money(other)).fen == one + other
    assert Money(one) - Money(other) + Money(other) == Money(one)
    assert (Money(one) < Money(other)) == (one < other)


@given(st.text(max_size=12))
def test_text_is_an_exact_amount_or_an_error(text: str) -> None:
    try:
        amount = Money.yuan(text)
    except ValueError:
        return
    assert Decimal(text.strip().replace(",", "")) * 100 == amount.fen


NAMES = st.sampled_from("abcdef")


@st.composite
def tables(draw: st.DrawFn) -> Machine:
    """Any table that does not contradict itself."""
    rows = draw(st.dictionaries(st.tuples(NAMES, st.sampled_from("xyz")), NAMES, min_size=1, max_size=14))
    final = set("abcdef") - {state for state, _event in rows}
    return Machine("drawn", "a", final=final, moves=[Move(s, e, to, by="anyone") for (s, e), to in rows.items()])


@given(tables(), st.lists(st.sampled_from("xyz"), max_size=30))
def test_a_random_walk_never_leaves_the_table(machine: Machine, events: list[str]) -> None:
    state = machine.initial
    rows = {(move.state, move.event): move.to for move in machine.moves}
    for event in events:
        if (state, event) not in rows:
            assert not machine.may(state, event)
            with pytest.raises(IllegalMove):
                machine.move(state, event)
            continue
        assert state not in machine.final
        assert machine.move(state, event).to == rows[state, event]
        state = rows[state, event]
        assert state in machine.states


numbers = st.integers(min_value=0, max_value=99_999_999)
prefixes = st.sampled_from(["91140600", "12140600", "11140600", "91110000"])
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(numbers, prefixes)
def test_a_code_with_both_check_digits_is_right_in_every_way_of_writing_it(number: int, prefix: str) -> None:
    code = social_code(number, prefix)
    assert is_social_code(code)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for written in (code.lower(), f" {code[:8]} {code[8:]} ", wide, wide.lower()):
        assert normal_social_code(written) == code


@given(numbers, prefixes, st.integers(min_value=0, max_value=17), st.sampled_from(CHARACTERS))
def test_one_changed_character_is_found(number: int, prefix: str, position: int, character: str) -> None:
    code = social_code(number, prefix)
    assume(code[position] != character)
    assert not is_social_code(code[:position] + character + code[position + 1 :])


@given(numbers, prefixes, st.integers(min_value=0, max_value=16))
def test_two_neighbours_that_changed_places_are_found(number: int, prefix: str, position: int) -> None:
    code = social_code(number, prefix)
    assume(code[position] != code[position + 1])
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert not is_social_code(swapped)
