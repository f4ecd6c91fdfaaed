"""Two ways of counting agree to the fen, on random cases: RELIEF_CASES=100000 for the long run, RELIEF_SEED for another one."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.relief.rules.calculator import Finding, find
from contracts.relief.rules.facts import Facts, Transfer
from market.values.money import Money
from tests.relief import oracle
from tests.relief.cases import BOOK, CALENDAR

CASES = int(os.environ.get("RELIEF_CASES", "2000"))
SEED = int(os.environ.get("RELIEF_SEED", "5"))
_SELLER: dict[str, Any] = {
    "side": "seller",
    "taxpayer": "enterprise",
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "recognised": True,
    "separate_accounting": True,
    "day": date(2026, 5, 20),
}


def _amount(dice: random.Random) -> int:
    """In fen: small ones, round ones, and ones about the cap."""
    return dice.choice(
        [
            dice.randrange(1, 1000),
            dice.randrange(1, 300) * 10_000_000,
            dice.randrange(1, 10_000_000_000),
            5 * oracle.MILLION + dice.randrange(-50, 50),
            20 * oracle.MILLION + dice.randrange(-50, 50),
        ]
    )


def _found(rule_id: str, values: dict[str, Any], others: tuple[Transfer, ...] = ()) -> Finding:
    return find(BOOK, rule_id, Facts(values, others=others), CALENDAR)


def _sums(finding: Finding) -> tuple[int, int]:
    return finding.outcome.before.fen, finding.outcome.after.fen


def _cit(dice: random.Random) -> tuple[object, object]:
    incomes = [_amount(dice) * dice.choice([1, 1, 1, 1, -1]) for _ in range(dice.randrange(1, 5))]
    rate = dice.choice([25, 25, 15, 5])
    rule_id, cap = dice.choice([("CIT-TT-OWN", 5), ("CIT-ZGC", 20)])
    eligible = dice.random() < 0.8
    values = _SELLER | {"pilot_park": "haidian", "recognised": eligible, "cit_rate": Decimal(rate) / 100}
    total = [0, 0]
    for n, income in enumerate(incomes):
        own = {"price": Money(max(income, 0)), "net_value": Money(max(-income, 0))}
        others = tuple(Transfer(f"{m}", Fraction(other, 100)) for m, other in enumerate(incomes) if m != n)
        finding = find(BOOK, rule_id, Facts(values | own, key=f"{n}", others=others), CALENDAR)
        total[0] += finding.outcome.before.fen
        total[1] += finding.outcome.after.fen
    if eligible:
        return tuple(total), oracle.cit(incomes, cap * oracle.MILLION, rate, eligible=True)
    # Without the relief each contract is taxed for itself.
    alone = [oracle.cit([income], cap * oracle.MILLION, rate, eligible=False) for income in incomes]
    return tuple(total), (sum(a for a, _ in alone), sum(b for _, b in alone))


def _vat(dice: random.Random) -> tuple[object, object]:
    technology, goods, small, exempt = _amount(dice), dice.choice([0, _amount(dice)]), dice.random() < 0.3, dice.random() < 0.7
    values = _SELLER | {
        "price": Money(technology + goods),
        "equipment": Money(goods),
        "vat_payer": "small_scale" if small else "general",
        "recognised": exempt,
    }
    return _sums(_found("VAT-TT", values)), oracle.vat(technology, goods, exempt=exempt, small=small)


def _reward(dice: random.Random) -> tuple[object, object]:
    award, salary, month = _amount(dice), dice.randrange(0, 20_000_000), dice.randrange(1, 13)
    values = {
        "side": "seller",
        "taxpayer": "public_institute",
        "recognised": True,
        "publicised": True,
        "award": Money(award),
        "salary": Money(salary),
        "income_received_on": date(2025, 1, 1),
        "award_paid_on": date(2026, month, 10),
    }
    return _sums(_found("PIT-58", values)), oracle.reward(award, salary, month)


def _research(dice: random.Random) -> tuple[object, object]:
    mode = dice.choice(["own", "own_intangible", "commissioned", "commissioned_overseas"])
    cost, domestic, rate, listed = _amount(dice), _amount(dice), dice.choice([25, 15]), dice.random() < 0.3
    values = {
        "side": "buyer",
        "taxpayer": "enterprise",
        "recognised": True,
        "research_mode": mode,
        "research_cost": Money(cost),
        "domestic_eligible": Money(domestic),
        "is_listed_industry": listed,
        "cit_rate": Decimal(rate) / 100,
        "day": date(2026, 5, 20),
    }
    return _found("RD-100", values).relief.fen, oracle.research(cost, mode, domestic, rate, listed=listed)


def _stamp(dice: random.Random) -> tuple[object, object]:
    price, small = _amount(dice), dice.random() < 0.5
    vat = dice.randrange(0, price + 1)
    values = {"price": Money(price), "listed_vat": Money(vat), "is_small": small, "signed_on": date(2026, 5, 20)}
    return _sums(_found("STAMP", values)), oracle.stamp(price - vat, small=small)


def _term(dice: random.Random) -> tuple[object, object]:
    start = date(2020, 1, 1) + timedelta(days=dice.randrange(3000))
    end = start + timedelta(days=5 * 365 + dice.randrange(-3, 4))
    values = _SELLER | {
        "contract_kind": "licence",
        "grant": "non_exclusive",
        "owns_technology": True,
        "term_start": start,
        "term_end": end,
        "due_this_year": Money(100),
    }
    return _found("CIT-TT-LIC", values).applies, oracle.licence_lasts(start, end, 5)


def test_both_ways_of_counting_agree_to_the_fen() -> None:
    dice = random.Random(SEED)
    ways = (_cit, _vat, _reward, _research, _stamp, _term)
    different = []
    for n in range(CASES):
        way = ways[n % len(ways)]
        ours, theirs = way(dice)
        if ours != theirs:
            different.append((way.__name__, n, ours, theirs))
    assert different == []
