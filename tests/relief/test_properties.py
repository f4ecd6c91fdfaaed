"""What holds of every relief, whatever the case: never negative, never more than the tax, and a year is a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contracts.relief.rules.calculator import best, find, findings
from contracts.relief.rules.cit import open_parts
from contracts.relief.rules.facts import FACTS, WORDS, Facts, FactType, Transfer
from market.values.money import Money
from tests.relief.cases import BOOK, CALENDAR

# Some seventy facts are drawn for each case, on machines that are busy with other things.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_BY_TYPE = {
    FactType.MONEY: st.integers(0, 10**12).map(Money),
    FactType.RATE: st.decimals(0, 1, places=4),
    FactType.FLAG: st.booleans(),
    FactType.DAY: st.dates(date(2007, 1, 1), date(2032, 12, 31)),
}


def _fact(name: str, kind: FactType) -> st.SearchStrategy[object]:
    return st.sampled_from(WORDS[name]) if kind is FactType.WORD else _BY_TYPE[kind]


ANYTHING = st.fixed_dictionaries(
    {}, optional={name: st.none() | _fact(name, kind) for name, kind in FACTS.items() if name != "holding"}
).map(Facts)
# Cases in which most conditions hold, so that the sums are really asked.
_GOOD = {
    "side": "seller",
    "taxpayer": "enterprise",
    "contract_kind": "transfer",
    "right": "invention",
    "grant": "ownership",
    "recognised": True,
    "separate_accounting": True,
    "pilot_park": "haidian",
    "day": date(2026, 5, 20),
    "signed_on": date(2026, 5, 20),
}
_AMOUNTS = st.fixed_dictionaries(
    {}, optional={name: st.none() | _fact(name, kind) for name, kind in FACTS.items() if kind in (FactType.MONEY, FactType.RATE)}
)
SOUND = _AMOUNTS.map(lambda given: Facts({**{n: v for n, v in given.items() if n != "holding"}, **_GOOD}))


@settings(PATIENT, max_examples=150)
@given(facts=ANYTHING | SOUND)
def test_no_relief_is_negative_nor_more_than_the_tax(facts: Facts) -> None:
    for finding in findings(BOOK, facts, CALENDAR):
        outcome = finding.outcome
        assert outcome.after.fen >= 0, finding.rule.id
        assert 0 <= finding.relief.fen <= max(outcome.before.fen, 0), finding.rule.id
        assert bool(finding.failed) is (finding.is_in_force and not finding.applies)


@settings(PATIENT, max_examples=100)
@given(facts=ANYTHING | SOUND)
def test_what_does_not_apply_saves_nothing_and_names_its_reason(facts: Facts) -> None:
    for finding in findings(BOOK, facts, CALENDAR):
        if finding.applies:
            assert finding.is_in_force
            assert finding.due_on is not None or not finding.rule.due
        else:
            assert not finding.relief
            assert finding.failed or not finding.is_in_force


@settings(PATIENT)
@given(facts=SOUND)
def test_of_reliefs_that_exclude_one_another_one_is_had(facts: Facts) -> None:
    chosen = best(findings(BOOK, facts, CALENDAR))
    groups = [finding.rule.group or finding.rule.id for finding in chosen]
    assert len(groups) == len(set(groups))


INCOMES = st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=5)


def _year(incomes: list[int], rule_id: str = "CIT-TT-OWN") -> list[tuple[int, int]]:
    """Before and after of each contract, counted one by one with the others beside it."""
    sums = []
    for n, income in enumerate(incomes):
        values = {**_GOOD, "price": Money(max(income, 0)), "net_value": Money(max(-income, 0))}
        others = tuple(Transfer(f"{m}", Fraction(other, 100)) for m, other in enumerate(incomes) if m != n)
        outcome = find(BOOK, rule_id, Facts(values, key=f"{n}", others=others), CALENDAR).outcome
        sums.append((outcome.before.fen, outcome.after.fen))
    return sums


@given(total=st.integers(0, 10**10), data=st.data())
def test_splitting_a_transfer_into_two_contracts_of_one_year_changes_nothing(total: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, total))
    one, two = _year([total]), _year([first, total - first])
    assert [sum(part) for part in zip(*one, strict=True)] == [sum(part) for part in zip(*two, strict=True)]


@given(incomes=INCOMES)
def test_the_order_of_entry_changes_nothing(incomes: list[int]) -> None:
    assume(len(incomes) < 4)
    expected = dict(enumerate(_year(incomes)))
    for order in permutations(range(len(incomes))):
        for n in order:
            values = {**_GOOD, "price": Money(max(incomes[n], 0)), "net_value": Money(max(-incomes[n], 0))}
            others = tuple(Transfer(f"{m}", Fraction(incomes[m], 100)) for m in order if m != n)
            outcome = find(BOOK, "CIT-TT-OWN", Facts(values, key=f"{n}", others=others), CALENDAR).outcome
            assert (outcome.before.fen, outcome.after.fen) == expected[n]


@given(incomes=INCOMES)
def test_no_contract_of_a_year_gets_less_than_nothing(incomes: list[int]) -> None:
    for before, after in _year(incomes):
        assert 0 <= after <= before


@given(amounts=st.lists(st.integers(0, 2 * 10**9), min_size=2, max_size=6))
def test_more_income_is_never_less_tax(amounts: list[int]) -> None:
    taxes = [sum(after for _, after in _year([amount])) for amount in sorted(amounts)]
    assert all(less <= more for less, more in pairwise(taxes))


@given(
    parts=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**9).map(Money), min_size=1),
    settled=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**9).map(Money), max_size=3),
)
def test_what_is_still_open_and_what_is_settled_make_up_the_year(parts: dict[str, Money], settled: dict[str, Money]) -> None:
    settled = {key: amount for key, amount in settled.items() if key in parts}
    waiting = open_parts(parts, settled)
    assert set(waiting) == set(parts) - set(settled)
    assert all(part.fen >= 0 for part in waiting.values())
    year, gone = sum(part.fen for part in parts.values()), sum(amount.fen for amount in settled.values())
    if waiting and any(parts[key].fen for key in waiting):
        assert sum(part.fen for part in waiting.values()) == max(0, year - gone)


@given(rate=st.decimals(0, 1, places=2), price=st.integers(1, 10**10))
def test_whatever_the_own_rate_the_relief_is_never_a_burden(rate: Decimal, price: int) -> None:
    facts = Facts({**_GOOD, "price": Money(price), "cit_rate": rate})
    outcome = find(BOOK, "CIT-TT-OWN", facts, CALENDAR).outcome
    assert outcome.after.fen <= outcome.before.fen
