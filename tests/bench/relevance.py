"""How good are the results? python -m tests.bench.relevance [--worst N]

Queries with graded judgements (tests/relevance/) on both engines: nDCG over the first ten, mean reciprocal rank, and the share
of queries that find nothing. The reference is the best order there could be; for the last figure, the embedded engine.
"""

from __future__ import annotations

import sys

from tests.bench import place
from tests.bench.report import Figure, say
from tests.services import Elasticsearch

GOAL, APART, MOST_WITHOUT = 0.90, 0.05, 0.02


def main(worst: int) -> None:
    with place.market([Elasticsearch]):
        from django.conf import settings

        # Other work on the machine is no reason to give the server up.
        settings.SEARCH_SECONDS = 30
        from search.engines import engine
        from search.engines.embedded import Embedded
        from tests.relevance.judged import collections, scores

        server = engine()
        assert server is not None
        asked = collections()
        print(f"{sum(len(collection.queries) for collection in asked)} queries")
        found = {one.name: scores(one, asked) for one in (Embedded(), server)}
    figures = []
    for name, own in found.items():
        print(f"{name}: nDCG@10 {own.ndcg:.3f}, MRR {own.mrr:.3f}, {own.zero_hits:.1%} find nothing")
        for value, typed in own.each[:worst]:
            print(f"  {value:.2f}  {typed}")
        figures += [
            Figure(f"nDCG@10, {name}", round(own.ndcg, 3), 1.0, round(own.ndcg, 3), GOAL, own.ndcg >= GOAL),
            Figure(f"MRR, {name}", round(own.mrr, 3), 1.0, round(own.mrr, 3), GOAL, own.mrr >= GOAL),
            Figure(
                f"share of queries that find nothing, {name}",
                round(own.zero_hits, 3), 1.0, round(own.zero_hits, 3), MOST_WITHOUT, own.zero_hits <= MOST_WITHOUT,
            ),
        ]  # fmt: skip
    first, second = (own.ndcg for own in found.values())
    apart = abs(first - second)
    figures.append(Figure("nDCG@10 apart", round(second, 3), round(first, 3), round(apart, 3), APART, apart <= APART))
    say(*figures)


if __name__ == "__main__":
    main(int(sys.argv[2]) if sys.argv[1:2] == ["--worst"] else 0)
