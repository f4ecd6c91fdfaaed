"""The template of tasks, what is in time, and what speaks against an invitation or a meeting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from brokers.rooms.kinds import TaskKind
from brokers.rooms.rules import (
    TEMPLATE,
    Invitation,
    first_tasks,
    is_in_time,
    may_finish,
    may_invite_counterparty,
    may_invite_partner,
    may_meet,
    may_set_due,
)
from market.values.refusal import Refusal

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def codes(refusals: list[Refusal]) -> list[str]:
    return [refusal.code for refusal in refusals]


def test_the_template_has_each_step_once_in_the_order_of_the_matter() -> None:
    assert [line.kind for line in TEMPLATE] == list(TaskKind.values)
    days = [line.days for line in TEMPLATE]
    assert days == sorted(days)
    chosen = first_tasks(["contract", "search"], opened_on=TODAY)
    assert [(line.kind, due_on) for line, due_on in chosen] == [
        ("search", date(2026, 4, 9)),
        ("contract", date(2026, 7, 8)),
    ]


@pytest.mark.parametrize(
    ("finished_on", "was_overdue", "expected"),
    [(TODAY, False, True), (TODAY - timedelta(1), False, True), (TODAY + timedelta(1), False, False), (TODAY, True, False)],
)
def test_what_was_late_once_is_never_in_time(finished_on: date, was_overdue: bool, expected: bool) -> None:
    assert is_in_time(finished_on, TODAY, was_overdue=was_overdue) is expected


def test_whoever_has_a_task_may_draw_it_nearer_but_not_put_it_off() -> None:
    before = TODAY + timedelta(days=5)
    assert codes(may_set_due(before + timedelta(1), before, by_owner=True, today=TODAY)) == ["rooms.own_due_day"]
    assert may_set_due(before - timedelta(1), before, by_owner=True, today=TODAY) == []
    assert may_set_due(before + timedelta(1), before, by_owner=False, today=TODAY) == []
    assert codes(may_set_due(TODAY - timedelta(1), before, by_owner=False, today=TODAY)) == ["rooms.due_over"]
    assert may_set_due(TODAY - timedelta(1), TODAY - timedelta(1), by_owner=True, today=TODAY) == [], "it stays as it is"


def test_steps_that_leave_a_paper_behind_are_shown_by_one() -> None:
    assert codes(may_finish("contract", papers=0)) == ["rooms.evidence_missing"]
    assert may_finish("contract", papers=1) == []
    assert may_finish("contact", papers=0) == []


def test_a_partner_is_a_third_party_and_a_counterparty_one_the_matter_knows() -> None:
    somebody = Invitation(is_provider=True, is_side=False, is_invited=False, is_other_side=True)
    assert may_invite_partner(somebody) == may_invite_counterparty(somebody) == []
    side = Invitation(is_provider=True, is_side=True, is_invited=False, is_other_side=False)
    assert codes(may_invite_partner(side)) == ["rooms.partner_is_side"]
    assert codes(may_invite_counterparty(side)) == ["rooms.no_counterparty"]


@pytest.mark.parametrize(
    ("begins", "lasts", "expected"),
    [
        (1, 1, []),
        (0, 1, ["rooms.meeting_past"]),
        (1, 0, ["rooms.meeting_length"]),
        (1, 25, ["rooms.meeting_length"]),
        (1, 24, []),
    ],
)
def test_a_meeting_begins_later_and_ends_within_a_day(begins: int, lasts: int, expected: list[str]) -> None:
    starts_at = NOW + timedelta(hours=begins)
    assert codes(may_meet(starts_at, starts_at + timedelta(hours=lasts), now=NOW)) == expected
