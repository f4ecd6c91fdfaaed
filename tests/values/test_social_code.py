"""Right and wrong unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.values.social_code import is_social_code, normal_social_code

RIGHT = "91110000600037341L"


@pytest.mark.parametrize("code", [RIGHT, "91440300708461136T"])
def test_a_right_code_is_known(code: str) -> None:
    assert is_social_code(code)


@pytest.mark.parametrize("code", ["12100000400013624D", RIGHT[:-1], RIGHT.lower(), "I1110000600037341L", ""])
def test_a_wrong_code_is_not(code: str) -> None:
    assert not is_social_code(code)


@given(st.integers(min_value=0, max_value=17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_found(position: int, character: str) -> None:
    changed = RIGHT[:position] + character + RIGHT[position + 1 :]
    assert is_social_code(changed) == (changed == RIGHT)


def test_full_width_spaces_and_small_letters_are_made_normal() -> None:
    assert normal_social_code(" ９１11 0000 6000 37341l ") == RIGHT
