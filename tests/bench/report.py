"""What a benchmark says: our figure and the reference of the same run, their ratio, and whether the goal is met."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

# Ours and the reference are measured in turn so often; the medians count.
PAIRS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a benchmark. `ratio` is ours by the reference; `goal` is what it must reach, or must not exceed."""

    bench: str
    ours: float
    reference: float
    ratio: float
    goal: float
    holds: bool


def at_least(bench: str, ours: Sequence[float], reference: Sequence[float], goal: float) -> Figure:
    """Medians, where more is better."""
    return _figure(bench, ours, reference, goal, is_more_better=True)


def at_most(bench: str, ours: Sequence[float], reference: Sequence[float], goal: float) -> Figure:
    """Medians, where less is better."""
    return _figure(bench, ours, reference, goal, is_more_better=False)


def _figure(bench: str, ours: Sequence[float], reference: Sequence[float], goal: float, *, is_more_better: bool) -> Figure:
    own, other = statistics.median(ours), statistics.median(reference)
    ratio = own / other
    holds = ratio >= goal if is_more_better else ratio <= goal
    return Figure(bench, round(own, 2), round(other, 2), round(ratio, 3), goal, holds)


def say(*figures: Figure) -> None:
    """The last line of a benchmark."""
    content = [asdict(figure) for figure in figures]
    print(json.dumps(content[0] if len(content) == 1 else content))
