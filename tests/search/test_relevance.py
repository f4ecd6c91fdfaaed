"""The results are good: judged queries, far more of them than any engine was tuned by. `make bench-relevance` tells more."""

from __future__ import annotations

import pytest

from search.engines import Engine
from tests.relevance.judged import collections, ndcg, scores


def test_there_are_more_than_a_hundred_queries_each_judged_once() -> None:
    asked = collections()
    queries = [(collection.name, judged.typed) for collection in asked for judged in collection.queries]
    assert len(queries) == len(set(queries)) >= 120
    for collection in asked:
        known = {document.pk for document in collection.documents}
        for judged in collection.queries:
            assert judged.grades, judged.typed
            assert set(judged.grades) <= known, judged.typed


def test_the_best_order_is_worth_one_and_the_worst_nothing() -> None:
    grades = {1: 3, 2: 2, 3: 1}
    assert ndcg([1, 2, 3], grades) == 1
    assert 0.5 < ndcg([3, 2, 1], grades) < 0.9
    assert ndcg([9, 8], grades) == 0


@pytest.mark.django_db
def test_the_first_ten_are_near_the_best_there_could_be(index: Engine) -> None:
    found = scores(index, collections())
    assert found.ndcg >= 0.90
    assert found.zero_hits <= 0.02
