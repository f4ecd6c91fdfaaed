"""How many reliefs does one core work out in a second? python -m tests.bench.relief [SECONDS], 2 unless told.

A calculation is one rule on one case: its conditions, every step of the sum, what to file and by when. The cases are the worked ones
of the tests, each with its expected result. The reference is the bare arithmetic of the second implementation, in whole fen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import cycle

from tests.bench.report import PAIRS, Figure, say

GOAL = 2_000


def main(seconds: float) -> None:
    from contracts.relief.rules.calculator import find, findings
    from tests.relief import oracle
    from tests.relief.cases import BOOK, CALENDAR, cases, facts_from

    work = [(case["rule"], facts_from(case["facts"], others=case.get("others"))) for case in cases()]
    one, whole, bare = cycle(work), cycle(work), cycle(range(0, 10**9, 12_345_678))
    each: list[tuple[str, Callable[[], object], list[float]]] = [
        ("one rule on one case", lambda: find(BOOK, *next(one), CALENDAR), []),
        ("all rules on one case", lambda: findings(BOOK, next(whole)[1], CALENDAR), []),
        ("bare arithmetic", lambda: oracle.cit([next(bare)], 500_000_000, 25, eligible=True), []),
    ]
    for _ in range(PAIRS):
        for _name, act, rates in each:
            rates.append(_a_second(act, seconds / PAIRS))
    medians = {name: sorted(rates)[PAIRS // 2] for name, _act, rates in each}
    for name, rate in medians.items():
        print(f"{name}: {rate:,.0f} a second of processor time")
    ours, reference = round(medians["one rule on one case"]), round(medians["bare arithmetic"])
    say(Figure("reliefs worked out a second on one core", ours, reference, round(ours / reference, 3), GOAL, ours >= GOAL))


def _a_second(act: Callable[[], object], seconds: float) -> float:
    """So often in a second of this process's own time, whatever else the machine does."""
    done, begun = 0, time.process_time()
    while time.process_time() - begun < seconds:
        for _ in range(20):
            act()
        done += 20
    return done / (time.process_time() - begun)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 2.0)
