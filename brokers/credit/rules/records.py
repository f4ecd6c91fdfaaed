"""How much is a record worth when it is entered, how long does it stand, and on which days is it out of the rating?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from brokers.credit.rules.book import CreditRule
from market.values.dates import Span
from market.values.money import Money
from market.values.refusal import Refusal

LOWEST_MARK, HIGHEST_MARK = 1, 5


@dataclass(frozen=True, slots=True)
class Worth:
    """What is written down with a record, once and for all: thousandths of a point and the days of its life."""

    points: int
    starts: date
    full_until: date
    ends: date


def worth_of(rule: CreditRule, day: date, *, points: int | None = None, until: date | None = None) -> Worth:
    """A record of this rule from this day on; against the holder where the rule says so. `until` ends it earlier.

    Source: rules.md 5.4 for how long a bad record stands (high); the points are those of the data files (low).
    """
    worth = rule.points if points is None else points
    ends = day + timedelta(days=rule.valid_days)
    ends = min(ends, until) if until else ends
    full_until = min(day + timedelta(days=rule.full_days), ends)
    return Worth(worth if rule.is_good else -worth, day, full_until, ends)


def points_for_value(rule: CreditRule, value: Money) -> int:
    """By the bracket of the recognised technology value: the last one reached.

    Source: the market's own.
    """
    return max((points for least, points in rule.brackets if value.in_yuan >= least), default=0)


def points_for_level(rule: CreditRule, level: str) -> int:
    """By the level of the broker's certificate.

    Source: 国家技术转移专业人员能力等级培训大纲(试行), 2020 (high); the points are the market's own.
    """
    return dict(rule.levels).get(level, 0)


def mean_mark(marks: Sequence[int]) -> Decimal:
    """The mean of a review's marks.

    Source: the market's own.
    """
    return Decimal(sum(marks)) / len(marks)


def points_for_marks(rule: CreditRule, marks: Sequence[int]) -> int:
    """What a review is worth by this rule: nothing at the middle, all at the end that the rule stands for.

    Source: the market's own.
    """
    middle = Decimal(LOWEST_MARK + HIGHEST_MARK) / 2
    above = (mean_mark(marks) - middle) / (HIGHEST_MARK - middle)
    part = above if rule.is_good else -above
    return int(rule.points * part) if part > 0 else 0


# What an entry about a record does to it.
STAY, RESUME, VOID, REPAIR = "stay", "resume", "void", "repair"


def days_out(entries: Iterable[tuple[date, int, str]]) -> tuple[Span, ...]:
    """On which days a record does not count, from what was entered about it: day, order of entry, and what it does.

    A stay lasts until it is resumed; what is taken out or repaired stays out.

    Source: domain rule 4 of brokers: stayed while under appeal, corrected or repaired (medium).
    """
    spans: list[Span] = []
    since: date | None = None
    for day, _order, act in sorted(entries):
        if act == RESUME and since is not None:
            spans.append(Span(since, day - timedelta(days=1)))
            since = None
        elif act != RESUME and since is None:
            since = day
        if act in {VOID, REPAIR}:
            break
    if since is not None:
        spans.append(Span(since))
    return tuple(span for span in spans if span.last is None or span.first <= span.last)


def may_review(*, is_finished: bool, is_related: bool, marks: Sequence[int], text: str) -> list[Refusal]:
    """What speaks against this review; empty when nothing does.

    Source: issue's rule: reviews only from parties of a finished deal (medium).
    """
    refusals = [] if is_finished else [Refusal("credit.deal_not_finished")]
    if is_related:
        refusals.append(Refusal("credit.own_review"))
    if any(not LOWEST_MARK <= mark <= HIGHEST_MARK for mark in marks):
        refusals.append(Refusal("credit.marks_out_of_range"))
    if not text.strip():
        refusals.append(Refusal("credit.text_missing", field="text"))
    return refusals


def may_repair(*, is_bad: bool, repair_from: date, today: date) -> list[Refusal]:
    """What speaks against repairing this record; empty when nothing does.

    Source: rules.md 5.4: the shortest time is over, and what was wrong is made good (high).
    """
    if not is_bad:
        return [Refusal("credit.nothing_to_repair")]
    if today < repair_from:
        return [Refusal("credit.repair_too_early", data={"day": repair_from.isoformat()})]
    return []


def names_in(text: str, names: Iterable[str]) -> list[Refusal]:
    """A published decision names nobody: a refusal with the first of these names that it contains.

    Source: issue's rule: decisions on appeals are published anonymised (medium).
    """
    found = next((name for name in names if len(name) > 1 and name in text), None)
    return [Refusal("credit.names_somebody", field="published", data={"name": found})] if found else []
