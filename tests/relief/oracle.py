"""The same taxes counted a second time, in whole numbers of fen and by other ways: what the calculator is compared with.

Nothing of the calculator is used here, nor are its files read: rates and caps stand here once more.
"""

from __future__ import annotations

from datetime import date

MILLION = 100_000_000  # a million yuan in fen


def rounded(numerator: int, denominator: int) -> int:
    """Half up, for what is not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def cit(incomes: list[int], cap: int, rate_percent: int, *, eligible: bool) -> tuple[int, int]:
    """Tax of the year before and after, for these incomes in fen."""
    year = sum(incomes)
    if year <= 0:
        return 0, 0
    ordinary = rounded(year * rate_percent, 100)
    if not eligible:
        return ordinary, ordinary
    return ordinary, min(ordinary, rounded(max(year - cap, 0), 8))


def vat(technology: int, goods: int, *, exempt: bool, small: bool) -> tuple[int, int]:
    """Tax contained in the prices before and after. 6/106 and 13/113 of them, or 1/101."""
    if small:
        before = rounded(technology + goods, 101)
        return before, (rounded(goods, 101) if exempt else before)
    before = rounded(technology * 6 * 113 + goods * 13 * 106, 106 * 113)
    return before, (rounded(goods * 13, 113) if exempt else before)


def _band(base: int) -> int:
    """Tax on a cumulative base in fen, times 100: summed band by band, without quick deductions."""
    bands = [(36, 3), (144, 10), (300, 20), (420, 25), (660, 30), (960, 35)]
    tax, floor = 0, 0
    for top, percent in bands:
        top_fen = top * 100_000
        tax += max(0, min(base, top_fen) - floor) * percent
        floor = top_fen
    return tax + max(0, base - floor) * 45


def reward(award: int, salary: int, month: int) -> tuple[int, int]:
    """Withholding of the month with the whole award and with half of it."""

    def withheld(doubled: int) -> int:
        # Doubled, so that half an odd award is still whole.
        return rounded(_doubled(2 * salary * month + doubled) - 2 * _band(salary * (month - 1)), 200)

    return withheld(2 * award), withheld(award)


def _doubled(base: int) -> int:
    """The tax on half of this base, times 200."""
    bands = [(36, 3), (144, 10), (300, 20), (420, 25), (660, 30), (960, 35)]
    tax, floor = 0, 0
    for top, percent in bands:
        top_fen = 2 * top * 100_000
        tax += max(0, min(base, top_fen) - floor) * percent
        floor = top_fen
    return tax + max(0, base - floor) * 45


def research(cost: int, mode: str, domestic: int, rate_percent: int, *, listed: bool) -> int:
    """The tax saved by the further deduction."""
    base = cost
    if mode.startswith("commissioned"):
        base = cost * 4 // 5
    if mode == "commissioned_overseas":
        base = min(base, domestic * 2 // 3)
    return rounded(base * (6 if listed else 5) * rate_percent, 500)


def stamp(base: int, *, small: bool) -> tuple[int, int]:
    whole = rounded(base * 3, 10_000)
    return whole, (rounded(base * 3, 20_000) if small else whole)


def licence_lasts(start: date, end: date, years: int) -> bool:
    """True when the day after the end is not before the same day so many years later."""
    try:
        then = start.replace(year=start.year + years)
    except ValueError:
        then = start.replace(year=start.year + years, day=28)
    return (end - then).days >= -1
