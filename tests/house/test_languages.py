"""What the market says of states and events, it says in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter

import pytest
from django.utils.translation import override

from market.events.registry import KINDS
from market.machines import label_of, machines
from market.messages import compile_catalogues

MACHINES = {name: machine for name, (_app, machine) in machines().items()}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_every_state_and_event_has_its_name_in_both_languages(name: str) -> None:
    machine = MACHINES[name]
    assert missing_names({*machine.states, *machine.events}) == []


def test_a_state_without_a_chinese_name_is_found() -> None:
    assert missing_names(["plain"])


def missing_names(members: Iterable[str]) -> list[str]:
    """Those without a label of their own, or whose label is the same in both languages."""
    compile_catalogues()
    found = []
    for member in members:
        with override("en"):
            english = label_of(member)
        with override("zh-hans"):
            chinese = label_of(member)
        if english == str(member) or CHINESE.search(english) or not CHINESE.search(chinese):
            found.append(f"{member}: {english} / {chinese}")
    return found


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_event_of_the_log_has_its_sentence_in_both_languages(name: str) -> None:
    compile_catalogues()
    sentence = KINDS[name].sentence
    with override("en"):
        english = str(sentence)
    with override("zh-hans"):
        chinese = str(sentence)
    assert CHINESE.search(chinese), english
    assert not CHINESE.search(english)
    assert holes(chinese) == holes(english), "the same facts stand in both languages"


def holes(sentence: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(sentence) if name}
