"""How complete is a demand, and how do vague words become figures that can be measured?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from listings.demands.rules.demands import DemandEntry, Indicator

FULL_SCORE = 100
_LONG_PROBLEM, _LONG_TARGETS = 80, 20
# What demands are seldom without, and the units in which it is measured: the word, the unit, and how it is usually to be met.
_QUANTITIES: tuple[tuple[str, str, str], ...] = (
    ("热效率", "%", "at_least"),
    ("效率", "%", "at_least"),
    ("含碳量", "%", "at_most"),
    ("合格率", "%", "at_least"),
    ("回收率", "%", "at_least"),
    ("利用率", "%", "at_least"),
    ("采出率", "%", "at_least"),
    ("精度", "mm", "at_most"),
    ("温度", "℃", "at_most"),
    ("强度", "MPa", "at_least"),
    ("能耗", "kWh", "at_most"),
    ("煤耗", "g/kWh", "at_most"),
    ("成本", "元", "at_most"),
    ("排放", "mg/m³", "at_most"),
    ("噪声", "dB", "at_most"),
    ("寿命", "h", "at_least"),
    ("产量", "t", "at_least"),
    ("产能", "t/h", "at_least"),
    ("工期", "d", "at_most"),
    ("efficiency", "%", "at_least"),
    ("emission", "mg/m³", "at_most"),
    ("temperature", "°C", "at_most"),
    ("strength", "MPa", "at_least"),
    ("cost", "CNY", "at_most"),
    ("lifetime", "h", "at_least"),
    ("noise", "dB", "at_most"),
)
_VAGUE = re.compile(
    r"显著|明显|大幅|有效|尽量|尽可能|较好|较高|较低|先进|领先|提高|提升|降低|减少|改善|优化|增强"
    r"|significant|substantial|considerabl|better|improve|increase|reduce|lower|optimi[sz]e|advanced",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|百分之|[一二三四五六七八九十百千万]+(?=[个台吨米天月年倍元度])")
_SENTENCE = re.compile(r"[。；;\n]|(?<=[a-z])\.\s")
_WORDS = (
    ("不低于", "at_least"),
    ("不少于", "at_least"),
    ("不小于", "at_least"),
    ("大于等于", "at_least"),
    ("≥", "at_least"),
    ("at least", "at_least"),
    ("不高于", "at_most"),
    ("不超过", "at_most"),
    ("不大于", "at_most"),
    ("小于等于", "at_most"),
    ("低于", "at_most"),
    ("≤", "at_most"),
    ("at most", "at_most"),
)
_STATED = re.compile(
    r"(?P<name>[^\s,，。;；、:：]{2,40}?)\s*(?P<how>"
    + "|".join(re.escape(word) for word, _how in _WORDS)
    + r")\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>[%℃a-zA-Zμ³²/·°]{0,12}|[个台吨米天月年元]?)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: what was looked at, how many points there are for it, and how many were given."""

    name: str
    points: int
    of: int

    @property
    def is_full(self) -> bool:
        return self.points == self.of


@dataclass(frozen=True, slots=True)
class Hint:
    """What would make the demand clearer: a code for its sentence, the words it is about, and a quantity and unit to use."""

    code: str
    words: str = ""
    quantity: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The clinic's findings: the score of 100 with its parts, what to do, and the indicators already said in words."""

    score: int
    parts: tuple[Part, ...]
    hints: tuple[Hint, ...]
    suggested: tuple[Indicator, ...]


def examine_demand(entry: DemandEntry) -> Findings:
    """How complete the demand is, each point explained, with hints that make it measurable.

    Source: the market's own weights (low), after the fields of national demand forms: problem, key indicators, goal, term, budget
    (medium); descriptions too vague are the commonest complaint of such platforms (medium).
    """
    names = {indicator.name for indicator in entry.indicators}
    suggested = tuple(it for it in indicators_in(entry.targets) if it.name not in names)
    parts = (
        _part("problem", 15, len(entry.problem.strip()) >= _LONG_PROBLEM, bool(entry.problem.strip())),
        _part("today", 10, bool(_FIGURE.search(entry.problem)), bool(entry.existing_basis.strip())),
        _part("indicators", 25, len(entry.indicators) >= 2, bool(entry.indicators)),
        _part("baseline", 10, *_all_and_any(bool(it.current) for it in entry.indicators)),
        _part("method", 10, *_all_and_any(bool(it.method and it.unit) for it in entry.indicators)),
        _part("targets", 10, not vague_sentences(entry.targets), len(entry.targets.strip()) >= _LONG_TARGETS),
        _part("expected", 5, bool(entry.expected.strip())),
        _part("conditions", 5, bool(entry.conditions.strip())),
        _part("budget", 5, entry.budget is not None),
        _part("keywords", 5, len(entry.keywords) >= 3, bool(entry.keywords)),
    )
    return Findings(sum(part.points for part in parts), parts, _hints(entry, parts), suggested)


def _part(name: str, of: int, is_full: bool, is_half: bool = False) -> Part:
    return Part(name, of if is_full else of // 2 if is_half else 0, of)


def _all_and_any(given: Iterable[bool]) -> tuple[bool, bool]:
    found = list(given)
    return bool(found) and all(found), any(found)


def _hints(entry: DemandEntry, parts: Sequence[Part]) -> tuple[Hint, ...]:
    vague = [_vague_hint(sentence) for sentence in vague_sentences(f"{entry.targets}\n{entry.expected}")]
    return (*vague, *(Hint(f"{part.name}_open") for part in parts if not part.is_full and part.name != "targets"))


def _vague_hint(sentence: str) -> Hint:
    for word, unit, _how in _QUANTITIES:
        if word in sentence.lower():
            return Hint("vague_quantity", sentence, word, unit)
    return Hint("vague", sentence)


def vague_sentences(text: str) -> list[str]:
    """The sentences that promise more or less of something without a figure.

    Source: the market's own list of words (low).
    """
    sentences = (it.strip() for it in _SENTENCE.split(text))
    return [it for it in sentences if it and _VAGUE.search(it) and not _FIGURE.search(it)]


def indicators_in(text: str) -> list[Indicator]:
    """The indicators that the words already state, such as 飞灰含碳量不高于4%; each name once.

    Source: the market's own patterns (low).
    """
    how = dict(_WORDS)
    found: dict[str, Indicator] = {}
    for match in _STATED.finditer(text):
        name = match["name"].strip()
        found.setdefault(name, Indicator(name, how[match["how"]], Decimal(match["value"]), match["unit"]))
    return list(found.values())
