"""Where should an indicator of the plan stand in a year, and how far has it come? And is the market in good order?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from market.values.refusal import Refusal

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Course:
    """How the plan states an indicator: from where, how it grows, and where it is to end.

    `growth_percent` is a yearly rate on the year before, `yearly_increase` an amount added each year; a plan states one of
    them or neither. `decimals` is how exactly the plan writes its figures.
    """

    base_year: int | None = None
    base_value: Decimal | None = None
    growth_percent: Decimal | None = None
    yearly_increase: Decimal | None = None
    target_year: int | None = None
    target_value: Decimal | None = None
    decimals: int = 2


def planned_value(course: Course, year: int) -> Decimal | None:
    """Where the indicator is to stand in that year, rounded once, half up; nothing where the plan says nothing of the year.

    The plan's own words win over arithmetic: in the target year it is the target, although the growth may lead a little past it.
    Between base and target a course is only filled in where the plan states a growth or an increase.
    Source: the city's plan, part on targets (high); the rounding is the market's own.
    """
    if year == course.target_year and course.target_value is not None:
        return _rounded(course.target_value, course.decimals)
    if course.base_year is None or course.base_value is None:
        return _counted_back(course, year)
    if year < course.base_year:
        return None
    value = _grown(course, course.base_value, year - course.base_year)
    return None if value is None else _rounded(value, course.decimals)


def _grown(course: Course, base: Decimal, years: int) -> Decimal | None:
    if years == 0:
        return base
    if course.growth_percent is not None:
        return base * (1 + course.growth_percent / _HUNDRED) ** years
    if course.yearly_increase is not None:
        return base + course.yearly_increase * years
    return None


def _counted_back(course: Course, year: int) -> Decimal | None:
    """Without a base, an increase is counted back or on from the target."""
    if course.target_year is None or course.target_value is None or course.yearly_increase is None:
        return None
    value = course.target_value + course.yearly_increase * (year - course.target_year)
    return None if value < 0 else _rounded(value, course.decimals)


def planned_years(course: Course, *, first: int, last: int) -> range:
    """The years of the plan, beginning with the indicator's base where that lies before the plan.

    Source: the city's plan, part on targets (high).
    """
    return range(min(first, course.base_year or first), last + 1)


def reached_percent(actual: Decimal | None, planned: Decimal | None) -> Decimal | None:
    """The actual value as a percentage of the planned one, to one place; nothing without either, or against a planned zero.

    Source: the market's own.
    """
    if actual is None or not planned:
        return None
    return _rounded(actual / planned * _HUNDRED, 1)


def may_state(course: Course) -> list[Refusal]:
    """What speaks against this course: both ways of growing, half a base or target, a target before the base, nothing at all.

    Source: the market's own.
    """
    refusals = []
    if course.growth_percent is not None and course.yearly_increase is not None:
        refusals.append(Refusal("oversight.two_ways_of_growing", field="growth_percent"))
    if (course.base_year is None) != (course.base_value is None):
        refusals.append(Refusal("oversight.half_a_base", field="base_value"))
    if (course.target_year is None) != (course.target_value is None):
        refusals.append(Refusal("oversight.half_a_target", field="target_value"))
    if course.base_year is not None and course.target_year is not None and course.target_year <= course.base_year:
        refusals.append(Refusal("oversight.target_before_base", field="target_year"))
    if course.growth_percent is not None and course.base_year is None:
        refusals.append(Refusal("oversight.growth_without_base", field="growth_percent"))
    return refusals


def repeated(codes: Iterable[str]) -> list[str]:
    """The codes that stand there more than once, each once, in order. Source: the market's own."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for code in codes:
        if code in seen:
            twice[code] = None
        seen.add(code)
    return list(twice)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Health:
    """How the market does at this moment; lags, ages and differences between clocks in seconds.

    `missing` are services that do not answer, `needs_attention` how many things each work of the worker failed with,
    `unreconciled` how many differences there were between the ledger and a provider when that was last looked at.
    """

    missing: tuple[str, ...]
    closing_lag: float
    conclusion_lag: float
    needs_attention: Mapping[str, int]
    stuck_readers: tuple[str, ...]
    clock_skew: float
    index_lag: float
    queue_age: float
    unreconciled: int


# More seconds than these, and something is wrong.
_MOST = {"closing_lag": 3, "conclusion_lag": 60, "clock_skew": 2, "index_lag": 60, "queue_age": 300}


def what_is_wrong(health: Health) -> list[str]:
    """The names of the figures that are not as they must be; none when the market is in good order. Source: the market's own."""
    late = [name for name, most in _MOST.items() if getattr(health, name) > most]
    counted = ("missing", "needs_attention", "stuck_readers", "unreconciled")
    return late + [name for name in counted if getattr(health, name)]
