"""Where no engine answers the database does: the words as they stand, titles first, and never more than can be looked through."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from search.engines import database
from search.parse import parse
from search.query import Facet, Sort
from tests.demands.builders import a_demand
from tests.people import Cast

DEMANDS = {Facet.KIND: ("demand",)}


@pytest.fixture
def demands(cast: Cast, now: datetime) -> list[int]:
    """Three that tell of heat pumps, the newest last; only the first in its title."""
    titles = ("热泵干燥装置", "粮食烘干", "中药材烘干")
    text = "需要以热泵替代燃煤热风炉的成套方案，热效率高，运行费用低于现有燃煤方式，并能全年连续运行。"
    return [a_demand(cast, now + timedelta(hours=number), title=title, problem=text).pk for number, title in enumerate(titles)]


def test_words_in_the_title_come_first_and_then_the_newest(demands: list[int]) -> None:
    first, second, third = demands
    query = replace(parse("热泵"), filters=DEMANDS)
    assert [key.pk for key in database.search(query).keys] == [first, third, second]
    assert [key.pk for key in database.search(replace(query, sort=Sort.NEWEST)).keys] == [third, second, first]


def test_so_many_of_a_kind_are_found_and_counted_and_no_more(demands: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST", 2)
    found = database.search(replace(parse("热泵"), filters=DEMANDS))
    assert found.total == len(found.keys) == found.counts[Facet.KIND]["demand"] == 2
    # Without words nothing need be looked through.
    assert database.search(replace(parse(""), filters=DEMANDS)).total == 3
