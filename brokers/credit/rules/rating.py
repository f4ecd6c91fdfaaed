"""Which grade do these records make on this day, and why? A pure function of records and date.

Everything is whole thousandths of a point, sorted before it is added up: the order of entry does not matter, and the same
records give the same grade on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from brokers.credit.rules.book import MILLI, CreditRule, Scheme
from market.values.dates import Span, in_any

NEW = "new"
HIGHEST = 100 * MILLI
# Beyond so many repetitions the rest is below a thousandth of a point.
_REPETITIONS = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """A record as the rating sees it: thousandths of a point, above zero for and below zero against the holder.

    `party` stands for the counterpart together with the organisations related to it; None where an official gave the record.
    `out` are the days on which it does not count: under appeal, taken out, repaired.
    """

    id: int
    rule: str
    points: int
    starts: date
    full_until: date
    ends: date
    party: int | None = None
    is_examined: bool = False
    out: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One record in the explanation: its points on this day after decay, what of them counts, and why no more."""

    fact: Fact
    weight: int
    counted: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class PartySum:
    """What one counterpart adds: the sum of its lines, and what the cap leaves of it."""

    party: int
    total: int
    counted: int


@dataclass(frozen=True, slots=True)
class Rating:
    """The grade on a day with everything it is made of. `score` is in thousandths; a new holder has one all the same."""

    day: date
    grade: str
    score: int
    base: int
    parties: tuple[PartySum, ...]
    examined_parties: int
    official: int
    against: int
    lines: tuple[Line, ...]

    @property
    def is_new(self) -> bool:
        return self.grade == NEW


def weight_on(fact: Fact, day: date) -> int:
    """The record's points on this day: in full at first, then less by the same part every day, in the end nothing.

    Source: domain rule 4 of brokers: a start and an end for every point, nothing while under appeal (medium).
    """
    if not fact.starts <= day <= fact.ends or in_any(day, fact.out):
        return 0
    if day <= fact.full_until:
        return fact.points
    left, whole = (fact.ends - day).days + 1, (fact.ends - fact.full_until).days + 1
    return fact.points * left // whole


def rating_on(facts: Iterable[Fact], day: date, scheme: Scheme) -> Rating:
    """The grade that these records make on this day.

    Good records are added up counterpart by counterpart: repeated ones count less and less, and one counterpart with all its
    relations adds no more than the cap. What officials gave is capped by its rule. Bad records count in full.
    Nobody without a bad record has a grade before enough independent counterparts with an examined deal speak for them.

    Source: domain rule 4 of brokers (medium); the figures are those of the data files (low).
    """
    good, given, bad, idle = _sorted(facts, day)
    sums, by_party = _of_parties(good, scheme)
    official, by_officials = _of_officials(given, scheme.rules)
    against, by_fault = _against(bad, scheme.rules)
    score = max(0, min(HIGHEST, scheme.base + sum(each.counted for each in sums) + official + against))
    examined = sum(any(fact.is_examined for lines in rules.values() for _, fact in lines) for rules in good.values())
    is_new = examined < scheme.least_parties and not bad
    lines = [*by_party, *by_officials, *by_fault, *idle]
    return Rating(
        day=day,
        grade=NEW if is_new else scheme.grade(score),
        score=score,
        base=scheme.base,
        parties=tuple(sums),
        examined_parties=examined,
        official=official,
        against=against,
        lines=tuple(sorted(lines, key=lambda line: (-abs(line.counted), -abs(line.weight), line.fact.starts, line.fact.id))),
    )


type _Weighed = list[tuple[int, Fact]]


def _sorted(
    facts: Iterable[Fact], day: date
) -> tuple[dict[int, dict[str, _Weighed]], dict[str, _Weighed], dict[tuple[str, int | None], _Weighed], list[Line]]:
    """Good records by counterpart and rule, those that officials gave, bad ones, and what counts nothing on the day."""
    good: dict[int, dict[str, _Weighed]] = defaultdict(lambda: defaultdict(list))
    given: dict[str, _Weighed] = defaultdict(list)
    bad: dict[tuple[str, int | None], _Weighed] = defaultdict(list)
    idle = []
    for fact in facts:
        weight = weight_on(fact, day)
        if weight > 0 and fact.party is not None:
            good[fact.party][fact.rule].append((weight, fact))
        elif weight > 0:
            given[fact.rule].append((weight, fact))
        elif weight < 0:
            bad[fact.rule, fact.party].append((weight, fact))
        else:
            idle.append(Line(fact, 0, 0, why_not(fact, day)))
    return good, given, bad, idle


def _of_parties(
    good: Mapping[int, Mapping[str, Sequence[tuple[int, Fact]]]], scheme: Scheme
) -> tuple[list[PartySum], list[Line]]:
    sums, lines = [], []
    for party, rules in good.items():
        total = 0
        for weighed in rules.values():
            ranked = _ranked(weighed)
            # Added up exactly and cut once: cut one by one, a further good record could cost a thousandth.
            total += _faded_sum([weight for weight, _ in ranked], scheme.repeat)
            lines += [_repeated(place, weight, fact, scheme.repeat) for place, (weight, fact) in zip(count(), ranked)]
        sums.append(PartySum(party, total, min(total, scheme.party_cap)))
    capped = {each.party for each in sums if each.total > each.counted}
    lines = [replace(line, why=line.why or "party_cap") if line.fact.party in capped else line for line in lines]
    return sorted(sums, key=lambda each: (-each.counted, each.party)), lines


def _repeated(place: int, weight: int, fact: Fact, repeat: int) -> Line:
    counted = weight * repeat**place // MILLI**place if place < _REPETITIONS else 0
    return Line(fact, weight, counted, "repeated" if place else "decayed" if weight < fact.points else "")


def _faded_sum(weights: Sequence[int], repeat: int) -> int:
    last = min(len(weights), _REPETITIONS) - 1
    return (
        sum(weight * repeat**place * MILLI ** (last - place) for place, weight in enumerate(weights[: last + 1])) // MILLI**last
    )


def _of_officials(given: Mapping[str, Sequence[tuple[int, Fact]]], rules: Mapping[str, CreditRule]) -> tuple[int, list[Line]]:
    total, lines = 0, []
    for code, weighed in given.items():
        left = _cap_of(rules, code)
        for weight, fact in _ranked(weighed):
            counted = weight if left is None else min(weight, left)
            left = None if left is None else left - counted
            total += counted
            lines.append(Line(fact, weight, counted, "rule_cap" if counted < weight else ""))
    return total, lines


def _against(
    bad: Mapping[tuple[str, int | None], Sequence[tuple[int, Fact]]], rules: Mapping[str, CreditRule]
) -> tuple[int, list[Line]]:
    total, lines = 0, []
    for (code, _party), weighed in bad.items():
        left = _cap_of(rules, code)
        for weight, fact in _ranked(weighed):
            counted = weight if left is None else max(weight, -left)
            left = None if left is None else left + counted
            total += counted
            lines.append(Line(fact, weight, counted, "rule_cap" if counted > weight else ""))
    return total, lines


def _cap_of(rules: Mapping[str, CreditRule], code: str) -> int | None:
    # A record of an older version may be of a rule that there no longer is.
    return rules[code].cap if code in rules else None


def _ranked(weighed: Sequence[tuple[int, Fact]]) -> list[tuple[int, Fact]]:
    return sorted(weighed, key=lambda entry: (-abs(entry[0]), entry[1].starts, entry[1].id))


def why_not(fact: Fact, day: date) -> str:
    """Why a record counts nothing on this day, by a word that the pages know.

    Source: the market's own.
    """
    if day < fact.starts:
        return "not_yet"
    if day > fact.ends:
        return "over"
    if in_any(day, fact.out):
        return "out"
    return "decayed" if fact.points else "self_made"
