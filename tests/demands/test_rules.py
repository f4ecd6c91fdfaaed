"""What may stand in a demand and in what answers it, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from listings.demands.rules.demands import (
    Indicator,
    changed_fields,
    demand_refusals,
    is_met,
    may_change_published,
    may_read_details,
    plain,
)
from listings.demands.rules.proposals import Promise, kept_promises, may_answer, proposal_refusals
from market.values.money import Money
from tests.demands.builders import CARBON, LOAD, TERMS, a_demand_entry, a_proposal_entry

TODAY = date(2026, 3, 10)


def codes(refusals: object) -> list[str]:
    return [refusal.code for refusal in refusals]  # type: ignore[attr-defined]


def test_a_budget_is_open_a_sum_or_a_range() -> None:
    for budget_from, budget in ((None, None), (None, Money(5)), (Money(5), Money(5)), (Money(4), Money(5))):
        assert demand_refusals(a_demand_entry(budget_from=budget_from, budget=budget), today=TODAY) == []
    for budget_from, budget in ((Money(6), Money(5)), (Money(6), None)):
        refused = demand_refusals(a_demand_entry(budget_from=budget_from, budget=budget), today=TODAY)
        assert codes(refused) == ["demands.budget_reversed"]


def test_a_level_needs_something_to_protect_and_terms_and_named_parties_need_names() -> None:
    protected = a_demand_entry(confidentiality="named", details="数据", nondisclosure=TERMS, named=(7,))
    assert demand_refusals(protected, today=TODAY) == []
    bare = replace(protected, details=" ", nondisclosure="", named=())
    assert codes(demand_refusals(bare, today=TODAY)) == [
        "demands.details_missing",
        "demands.nondisclosure_missing",
        "demands.nobody_named",
    ]


@pytest.mark.parametrize(
    ("level", "own", "official", "named", "accepted", "reads"),
    [
        ("open", False, False, False, False, True),
        ("on_acceptance", False, False, False, False, False),
        ("on_acceptance", False, False, False, True, True),
        ("named", False, False, False, True, False),
        ("named", False, False, True, False, False),
        ("named", False, False, True, True, True),
        ("named", True, False, False, False, True),
        ("named", False, True, False, False, True),
    ],
)
def test_details_are_read_by_those_whom_the_level_lets(
    level: str, own: bool, official: bool, named: bool, accepted: bool, reads: bool
) -> None:
    assert (
        may_read_details(confidentiality=level, is_own=own, is_official=official, is_named=named, has_accepted=accepted) is reads
    )


def test_an_indicator_is_kept_as_plain_text_and_met_as_it_says() -> None:
    assert Indicator.of_row(CARBON.as_row()) == CARBON
    assert [plain(Decimal(it)) for it in ("4.500", "1E+3", "0.0")] == ["4.5", "1000", "0"]
    at_least, exactly = replace(CARBON, comparison="at_least"), replace(CARBON, comparison="exactly")
    assert [is_met(it, Decimal("3.9")) for it in (CARBON, at_least, exactly)] == [True, False, False]
    assert [is_met(it, Decimal("4.0")) for it in (CARBON, at_least, exactly)] == [True, True, True]
    assert [is_met(it, Decimal("4.1")) for it in (CARBON, at_least, exactly)] == [False, True, False]


def test_promises_are_found_by_the_indicators_name() -> None:
    kept = kept_promises([CARBON, LOAD], [Promise(LOAD.name, Decimal(35), "%"), Promise("其他", Decimal(1), "")])
    assert [(it.promise is not None, it.is_met) for it in kept] == [(False, False), (True, False)]
    assert codes(proposal_refusals(a_proposal_entry(), [CARBON])) == ["demands.promise_missing"]
    assert proposal_refusals(a_proposal_entry(promises=(Promise(CARBON.name, Decimal(5), "%"),)), [CARBON]) == []


def test_a_published_demand_keeps_what_others_relied_on() -> None:
    before = a_demand_entry(confidentiality="on_acceptance", details="数据", nondisclosure=TERMS)
    later, sooner = (replace(before, valid_until=before.valid_until + timedelta(days=days)) for days in (9, -9))

    def refused(after: object, *, answered: bool = True, call: bool = False) -> list[str]:
        changed = changed_fields(before, after, ("title", "valid_until", "confidentiality", "nondisclosure"))  # type: ignore[arg-type]
        return codes(may_change_published(before, after, changed=changed, is_answered=answered, is_open_call=call))  # type: ignore[arg-type]

    assert refused(later) == refused(later, call=True) == refused(sooner, answered=False) == []
    assert refused(before) == ["demands.nothing_changed"]
    assert refused(sooner) == ["demands.deadline_shortened"]
    assert refused(replace(later, title="另一项"), call=True) == ["demands.call_is_fixed"]
    assert refused(replace(before, confidentiality="open")) == ["demands.level_is_fixed"]


def test_what_comes_at_the_very_deadline_is_too_late() -> None:
    end = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert may_answer(now=end - timedelta(microseconds=1), ends_at=end) == []
    assert codes(may_answer(now=end, ends_at=end)) == ["demands.deadline_is_over"]
