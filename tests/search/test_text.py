"""Cutting texts: every part of a Chinese word can be found, and letters in whatever width and case. Without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text import fold, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("循环流化床", ["循环", "环流", "流化", "化床", "床"]),
        ("煤", ["煤"]),
        ("ＣＦＢ锅炉", ["cfb", "锅炉", "炉"]),
        ("300MW机组、3.5%", ["300", "mw", "机组", "组", "3", "5"]),
        ("F23C 10/00", ["f23c", "10", "00"]),
        ("CO₂ ＰＭ２．５", ["co2", "pm2", "5"]),
        ("鍋爐 環保", ["锅炉", "炉", "环保", "保"]),
        ("Boilers, fluidized batteries", ["boiler", "fluidised", "battery"]),
        ("Wi-Fi 6路由器", ["wi", "fi", "6", "路由", "由器", "器", "wifi", "6"]),
        ("low-carbon steel-making", ["low", "carbon", "steel", "making", "lowcarbon", "steelmaking"]),
        ("gas process analysis", ["gas", "process", "analysis"]),
        ("ZL201910123456.X", ["zl", "201910123456", "x"]),
        ("850℃ 10μm 75t/h", ["850", "c", "10", "μm", "75", "t", "h"]),
        ("——！（）", []),
        ("", []),
    ],
)
def test_text_is_cut_into_pairs_and_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_tokens_are_letters_digits_and_characters_only_so_that_nothing_becomes_an_operator(text: str) -> None:
    for token in tokens(text):
        assert token
        assert len(token) <= 64
        assert not set(token) & set(' "*-+(){}[]^~:\\/\x00')


@given(st.text(alphabet="煤矸石电厂循环流化床锅炉", min_size=1))
def test_each_character_begins_exactly_one_token(text: str) -> None:
    assert [token[0] for token in tokens(text)] == list(text)


@given(st.text())
def test_folding_twice_cuts_as_folding_once(text: str) -> None:
    assert tokens(text) == tokens(fold(text)) or fold(fold(text)) != fold(text)
