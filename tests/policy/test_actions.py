"""Two officials for every change of policy; what runs keeps its row; an announced year moves provisional dates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from contracts.queries.applications import due_of
from listings.tasks import compute_again
from market.events.actions import advance
from market.events.models import Event
from market.events.registry import READERS
from market.policy.actions import (
    PolicyTerms,
    announce_holidays,
    approve_policy_row,
    propose_policy_row,
    reject_policy_row,
)
from market.policy.models import PolicyRow
from market.policy.queries import NoPolicy, policy_on
from market.policy.rules import AnnouncedDay
from market.values.dates import day_of
from market.values.machine import IllegalMove
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import an_application
from tests.listings.builders import a_listing
from tests.people import Cast

pytestmark = pytest.mark.django_db

TERMS = PolicyTerms(
    kind="listing.announcement_period",
    scope="",
    value=Decimal(10),
    measure="working_days",
    valid_from=date(2026, 3, 10),
    source="测试",
    confidence="medium",
)


def test_a_row_holds_after_a_second_officials_approval(cast: Cast, now: datetime) -> None:
    row = propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now)
    assert policy_on(TERMS.kind, TERMS.valid_from).count == 20
    with pytest.raises(Forbidden):
        approve_policy_row(row, actor=cast.supervisor.actor, now=now)
    approve_policy_row(row, actor=cast.administrator.actor, now=now)
    assert policy_on(TERMS.kind, TERMS.valid_from).count == 10
    assert policy_on(TERMS.kind, date(2026, 3, 9)).count == 20


def test_what_runs_keeps_the_row_it_began_under(cast: Cast, now: datetime) -> None:
    notice = a_listing(cast, now).notices.get()
    row = propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now)
    approve_policy_row(row, actor=cast.administrator.actor, now=now)
    notice.refresh_from_db()
    assert notice.policy_row_id != row.pk
    assert notice.ends_on == date(2026, 4, 8)


def test_an_application_keeps_its_row_and_only_the_next_one_is_under_the_new(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    before, due_on = application.policy_row_id, application.due_on
    terms = replace(TERMS, kind="contract.decision_period", scope=application.rule_set, value=Decimal(3), valid_from=day_of(now))
    row = propose_policy_row(terms, actor=cast.supervisor.actor, now=now)
    approve_policy_row(row, actor=cast.administrator.actor, now=now)
    application.refresh_from_db()
    assert (application.policy_row_id, due_of(application).day) == (before, due_on)
    assert policy_on(terms.kind, day_of(now), scope=application.rule_set).id == row.pk


def test_a_row_of_a_scope_wins_over_the_row_for_all(cast: Cast, now: datetime) -> None:
    row = propose_policy_row(replace(TERMS, scope="enterprise"), actor=cast.supervisor.actor, now=now)
    approve_policy_row(row, actor=cast.administrator.actor, now=now)
    assert policy_on(TERMS.kind, TERMS.valid_from, scope="enterprise").count == 10
    assert policy_on(TERMS.kind, TERMS.valid_from, scope="university").count == 20


def test_only_officials_propose(cast: Cast, now: datetime) -> None:
    before = PolicyRow.objects.count()
    for member in (cast.university_agent, cast.registrar, cast.outsider):
        with pytest.raises(Forbidden):
            propose_policy_row(TERMS, actor=member.actor, now=now)
    assert PolicyRow.objects.count() == before


def test_a_decided_row_is_not_decided_again(cast: Cast, now: datetime) -> None:
    row = propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now)
    reject_policy_row(row, reason="依据不足", actor=cast.administrator.actor, now=now)
    with pytest.raises(IllegalMove):
        approve_policy_row(row, actor=cast.administrator.actor, now=now)


def test_two_rows_of_one_day_cannot_both_hold(cast: Cast, now: datetime) -> None:
    rows = [propose_policy_row(TERMS, actor=cast.supervisor.actor, now=now) for _ in range(2)]
    approve_policy_row(rows[0], actor=cast.administrator.actor, now=now)
    with pytest.raises(Refused):
        approve_policy_row(rows[1], actor=cast.administrator.actor, now=now)


def test_without_any_row_the_procedure_cannot_start() -> None:
    with pytest.raises(NoPolicy):
        policy_on("listing.announcement_period", date(1999, 1, 1))


def test_an_announced_year_moves_a_provisional_notice_and_says_so(cast: Cast) -> None:
    published_at = datetime(2026, 12, 15, 2, tzinfo=UTC)
    notice = a_listing(cast, published_at).notices.get()
    assert notice.is_provisional
    assert notice.ends_on == date(2027, 1, 12)
    days = [AnnouncedDay(date(2027, 1, 1), "元旦", is_working=False), AnnouncedDay(date(2027, 1, 4), "元旦", is_working=False)]
    announce_holidays(2027, days, source="国务院办公厅", actor=cast.administrator.actor, now=published_at)
    compute_again(Event.objects.get(name="holidays.announced", subject="holidays:2027"))
    notice.refresh_from_db()
    assert notice.ends_on == date(2027, 1, 14)
    assert not notice.is_provisional
    assert Event.objects.filter(name="listing.due_changed").count() == 1


def test_the_reader_of_holidays_hears_of_them_once(cast: Cast) -> None:
    published_at = datetime(2026, 12, 15, 2, tzinfo=UTC)
    a_listing(cast, published_at)
    days = [AnnouncedDay(date(2027, 1, 1), "元旦", is_working=False)]
    announce_holidays(2027, days, source="国务院办公厅", actor=cast.administrator.actor, now=published_at)
    reader = READERS["listings.holidays"]
    advance(reader, now=published_at)
    assert advance(reader, now=published_at) == 0


@pytest.mark.parametrize(
    ("days", "code"),
    [([], "policy.year_empty"), ([AnnouncedDay(date(2026, 1, 1), "元旦", is_working=False)], "policy.day_not_in_year")],
)
def test_an_announcement_that_is_none_is_refused(cast: Cast, now: datetime, days: list[AnnouncedDay], code: str) -> None:
    with pytest.raises(Refused) as refused:
        announce_holidays(2027, days, source="国务院办公厅", actor=cast.administrator.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == [code]


def test_a_year_is_announced_once(cast: Cast, now: datetime) -> None:
    day = AnnouncedDay(date(2026, 1, 1), "元旦", is_working=False)
    with pytest.raises(OutOfTurn):
        announce_holidays(2026, [day], source="国务院办公厅", actor=cast.administrator.actor, now=now)
