"""Every refusal has its sentence, is raised by the code, and is provoked by a test that finds nothing written."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from django.utils.translation import override

from market.refusals import all_sentences, sentence
from market.values.refusal import Refused
from tests.house.provoked import (
    Provocation,
    board,
    credit,
    demands,
    evaluation,
    listings,
    market,
    relief,
    rooms,
    trade,
)
from tests.house.rows import everything
from tests.house.source import ROOT, Module, dotted, modules
from tests.people import Cast

PROVOKED: dict[str, Provocation] = {
    **market.PROVOKED,
    **listings.PROVOKED,
    **demands.PROVOKED,
    **trade.PROVOKED,
    **relief.PROVOKED,
    **credit.PROVOKED,
    **board.PROVOKED,
    **evaluation.PROVOKED,
    **rooms.PROVOKED,
}
CODES = all_sentences()


def codes_raised(module: Module) -> set[str]:
    """The codes named in `Refusal("…")` of this module."""
    return {
        str(node.args[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and dotted(node.func) == "Refusal" and node.args and isinstance(node.args[0], ast.Constant)
    }


def words_of(sources: Iterable[Module]) -> set[str]:
    """Every text that stands in these modules."""
    return {
        node.value
        for module in sources
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def never_raised(codes: Iterable[str], sources: Iterable[Module]) -> list[str]:
    """Codes that stand nowhere in these modules, neither whole nor without the app's name before the dot."""
    words = words_of(sources)
    return [code for code in codes if code not in words and code.partition(".")[2] not in words]


def own_sources() -> list[Module]:
    return [module for module in modules() if module.parts[-1] != "refusals" or module.path == "market/values/refusal.py"]


def sources_of_tests() -> list[Module]:
    return [Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in Path(ROOT / "tests").rglob("*.py")]


def test_every_code_that_is_raised_has_a_sentence() -> None:
    assert {code for module in modules() for code in codes_raised(module)} - set(CODES) == set()


def test_a_code_without_a_sentence_is_found() -> None:
    planted = Module("listings/rules/listings.py", 'x = Refusal("listings.nonsense", field="y")\n')
    assert codes_raised(planted) - set(CODES) == {"listings.nonsense"}


def test_every_sentence_can_be_provoked() -> None:
    assert never_raised(CODES, own_sources()) == []


def test_a_sentence_that_nothing_says_is_found() -> None:
    assert never_raised(["listings.nonsense"], own_sources())


def test_every_code_is_provoked_by_some_test() -> None:
    assert never_raised([code for code in CODES if code not in PROVOKED], sources_of_tests()) == []


@pytest.mark.parametrize("code", sorted(PROVOKED))
def test_it_is_refused_with_its_sentence_and_nothing_is_written(code: str, cast: Cast, now: datetime) -> None:
    act = PROVOKED[code](cast, now)
    before = everything()
    with pytest.raises(Refused) as refused:
        act()
    by_code = {refusal.code: refusal for refusal in refused.value.refusals}
    assert code in by_code
    for language in ("zh-hans", "en"):
        with override(language):
            said = sentence(by_code[code])
        assert said
        assert "{" not in said
    assert everything() == before
