"""The words of the trade that mean the same: a file that anybody may add to, and what must hold of it. Without a database."""

from __future__ import annotations

from itertools import pairwise

import pytest

from search.needs import Term
from search.synonyms import cut, groups, plain, same_as


def test_there_are_some_hundred_pairs_and_each_leads_both_ways() -> None:
    count = 0
    for group in groups():
        for one, other in pairwise(group):
            assert plain(other) in same_as(plain(one)), (one, other)
            assert plain(one) in same_as(plain(other)), (one, other)
            count += 1
    assert count >= 200


def test_a_word_stands_in_one_group_and_is_longer_than_a_character() -> None:
    seen: dict[str, tuple[str, ...]] = {}
    for group in groups():
        assert len(group) > 1, group
        for word in {plain(word) for word in group}:
            assert len(word) > 1, group
            assert word not in seen, (group, seen.get(word))
            seen[word] = group


def test_every_word_of_a_group_finds_every_other() -> None:
    for group in groups():
        wanted = {Term(word).whole for word in group}
        for word in group:
            (need,) = Term(word).needs
            assert wanted - {Term(word).whole} <= {units[0] for units in need.alternatives if len(units) == 1}, word


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("CFB锅炉改造", ["cfb", "锅炉", "改造"]),
        ("循环流化床锅炉", ["循环流化床", "锅炉"]),
        ("SCR脱硝", ["scr", "脱硝"]),
        ("PVC管道", ["pvc", "管道"]),
        ("epvc", ["epvc"]),
        ("黄土", ["黄土"]),
    ],
)
def test_the_longest_words_are_taken_out(typed: str, pieces: list[str]) -> None:
    assert [piece for piece, _same in cut(plain(typed))] == pieces
