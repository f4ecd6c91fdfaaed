"""What would raise the grade? Each answer is tried out on the rating itself, so that it is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from brokers.credit.rules.book import Scheme
from brokers.credit.rules.rating import Fact, Rating, rating_on

_NOBODY_YET = -1


@dataclass(frozen=True, slots=True)
class Gain:
    """By how many thousandths one more record of this rule, with a counterpart that is not there yet, would raise the score."""

    rule: str
    points: int


@dataclass(frozen=True, slots=True)
class Relief:
    """A bad record: what its end gives back, when it ends by itself, and from when it may be repaired."""

    fact: Fact
    points: int
    ends: date
    repair_from: date


@dataclass(frozen=True, slots=True)
class Advice:
    """What is missing to the next grade, what would help, and what the end of bad records gives back."""

    next_grade: str
    missing_points: int
    missing_parties: int
    gains: tuple[Gain, ...]
    reliefs: tuple[Relief, ...]


def advice_for(facts: Sequence[Fact], rating: Rating, scheme: Scheme, *, holder: str) -> Advice:
    """What would raise this rating on its day.

    Source: issue's rule: a rating says what would raise it (medium).
    """
    above = [(name, least) for name, least in scheme.grades if least > rating.score]
    next_grade, least = above[-1] if above else ("", rating.score)
    return Advice(
        next_grade=next_grade,
        missing_points=least - rating.score,
        missing_parties=max(0, scheme.least_parties - rating.examined_parties) if rating.is_new else 0,
        gains=_gains(facts, rating, scheme, holder),
        reliefs=_reliefs(facts, rating, scheme),
    )


def _gains(facts: Sequence[Fact], rating: Rating, scheme: Scheme, holder: str) -> tuple[Gain, ...]:
    found = []
    for rule in scheme.rules_for(holder):
        if not rule.is_good or (rule.is_manual and rule.cap is None):
            continue
        party = None if rule.cap is not None else _NOBODY_YET
        ends = rating.day + timedelta(days=rule.valid_days)
        more = Fact(0, rule.code, rule.points, rating.day, ends, ends, party, rule.is_examined)
        gain = rating_on([*facts, more], rating.day, scheme).score - rating.score
        if gain > 0:
            found.append(Gain(rule.code, gain))
    return tuple(sorted(found, key=lambda gain: (-gain.points, gain.rule)))


def _reliefs(facts: Sequence[Fact], rating: Rating, scheme: Scheme) -> tuple[Relief, ...]:
    found = []
    for line in rating.lines:
        if line.weight >= 0:
            continue
        others = [fact for fact in facts if fact != line.fact]
        gain = rating_on(others, rating.day, scheme).score - rating.score
        found.append(Relief(line.fact, gain, line.fact.ends, repair_from(line.fact, scheme)))
    return tuple(sorted(found, key=lambda relief: (-relief.points, relief.ends)))


def repair_from(fact: Fact, scheme: Scheme) -> date:
    """The first day on which a bad record may be repaired, when what it was for is made good.

    Source: rules.md 5.4, after the rules for repairing credit of 信用中国 (high).
    """
    rule = scheme.rules.get(fact.rule)
    severity = scheme.severities.get(rule.severity) if rule else None
    return fact.starts + timedelta(days=severity.repair_after if severity else 0)
