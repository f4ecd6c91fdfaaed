"""The pages of figures and calendar: everybody reads, officials propose and enter, a second official decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contracts.kinds import RuleSet
from market.accounts.models import OrganisationKind
from market.events.models import Event
from market.policy.kinds import KINDS, OWNERS, RULE_SETS
from market.policy.models import CalendarDay, HolidayYear, PolicyRow
from market.policy.queries import policy_on
from market.policy.states import PolicyRowState
from market.values.dates import day_of
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

KIND = "listing.announcement_period"
type SignIn = Callable[[Member], Client]


def today() -> date:
    return day_of(timezone.now())


def typed(**changes: Any) -> dict[str, Any]:
    row = {
        "scope": "",
        "value": "12",
        "measure": "working_days",
        "valid_from": (today() + timedelta(days=10)).isoformat(),
        "source": "市科技局〔2026〕1号",
        "confidence": "high",
        "reason": "缩短周期",
    }
    return row | changes


def propose(client: Client, kind: str = KIND, **changes: Any) -> Any:
    return client.post(reverse("policy:propose_row", args=[kind]), typed(**changes))


def a_proposal(sign_in: SignIn, member: Member, **changes: Any) -> PolicyRow:
    assert propose(sign_in(member), **changes).status_code == 302
    return PolicyRow.objects.get(state=PolicyRowState.PROPOSED)


@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_reads_what_holds_and_where_it_stands(client: Client, language: str) -> None:
    page = client.get(f"{language}/policy/")
    assert page.status_code == 200
    assert "国发〔2016〕16号" in page.content.decode()
    if language:
        assert "uncertain, to be confirmed" in page.content.decode()
    for code in KINDS:
        assert client.get(reverse("policy:figure", args=[code])).status_code == 200
    assert client.get(reverse("policy:figure", args=["nobody.knows"])).status_code == 404


def test_a_row_goes_from_one_official_to_another_and_then_holds(cast: Cast, sign_in: SignIn) -> None:
    row = a_proposal(sign_in, cast.supervisor)
    assert row.value == 12
    assert policy_on(KIND, row.valid_from).count == 20
    second = sign_in(cast.administrator)
    assert reverse("policy:approve_row", args=[row.pk]) in second.get(row.get_absolute_url()).content.decode()
    assert second.post(reverse("policy:approve_row", args=[row.pk])).status_code == 302
    assert policy_on(KIND, row.valid_from).count == 12
    assert policy_on(KIND, today()).count == 20
    page = Client().get(reverse("policy:figure", args=[KIND])).content.decode()
    assert "市科技局〔2026〕1号" in page
    assert str(cast.administrator.person) not in page


def test_the_own_proposal_is_not_approved_and_says_so(cast: Cast, sign_in: SignIn) -> None:
    row = a_proposal(sign_in, cast.supervisor)
    first = sign_in(cast.supervisor)
    assert reverse("policy:approve_row", args=[row.pk]) not in first.get(row.get_absolute_url()).content.decode()
    events = Event.objects.count()
    assert first.post(reverse("policy:approve_row", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert (row.state, Event.objects.count()) == (PolicyRowState.PROPOSED, events)


def test_a_stale_page_is_told_that_somebody_was_quicker(cast: Cast, sign_in: SignIn) -> None:
    row = a_proposal(sign_in, cast.supervisor)
    second = sign_in(cast.administrator)
    assert second.post(reverse("policy:reject_row", args=[row.pk]), {"reason": "依据不足"}).status_code == 302
    events = Event.objects.count()
    assert second.post(reverse("policy:approve_row", args=[row.pk])).status_code == 409
    again = second.post(reverse("policy:reject_row", args=[row.pk]), {"reason": "另一理由"})
    assert again.status_code == 409
    assert "另一理由" in again.content.decode()
    assert Event.objects.count() == events
    assert "依据不足" in second.get(row.get_absolute_url()).content.decode()


def test_a_proposal_whose_day_is_over_can_only_be_rejected(cast: Cast, sign_in: SignIn) -> None:
    row = a_proposal(sign_in, cast.supervisor)
    PolicyRow.objects.filter(pk=row.pk).update(valid_from=today() - timedelta(days=1))
    second = sign_in(cast.administrator)
    assert reverse("policy:approve_row", args=[row.pk]) not in second.get(row.get_absolute_url()).content.decode()
    assert second.post(reverse("policy:approve_row", args=[row.pk])).status_code == 422
    assert policy_on(KIND, today()).count == 20
    assert second.post(reverse("policy:reject_row", args=[row.pk]), {"reason": "已过期"}).status_code == 302


def test_others_neither_see_proposals_nor_propose(cast: Cast, sign_in: SignIn) -> None:
    row = a_proposal(sign_in, cast.supervisor)
    assert Client().get(row.get_absolute_url()).status_code == 404
    assert propose(Client()).status_code == 302  # to the sign-in
    for member in (cast.university_agent, cast.registrar):
        client = sign_in(member)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert client.post(reverse("policy:approve_row", args=[row.pk])).status_code == 404
        assert client.get(reverse("policy:propose_row", args=[KIND])).status_code == 403
        assert propose(client).status_code == 403
        assert client.get(reverse("policy:announce_year")).status_code == 403
        assert client.get(reverse("policy:add_day", args=[2026])).status_code == 403
    assert PolicyRow.objects.filter(state=PolicyRowState.PROPOSED).count() == 1


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (KIND, {"value": "0"}, "value"),
        (KIND, {"value": "1001"}, "value"),
        (KIND, {"value": "二十"}, "value"),
        (KIND, {"measure": "fen"}, "measure"),
        (KIND, {"scope": "martian"}, "scope"),
        (KIND, {"valid_from": "2020-01-01"}, "valid_from"),
        (KIND, {"valid_from": "2026-02-30"}, "valid_from"),
        (KIND, {"source": " "}, "source"),
        (KIND, {"reason": ""}, "reason"),
        ("listing.deposit_limit", {"value": "130", "measure": "rate"}, "value"),
        ("contract.expert_review_from", {"value": "-1", "measure": "fen"}, "value"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, kind: str, changes: dict[str, str], field: str
) -> None:
    rows, events = PolicyRow.objects.count(), Event.objects.count()
    answer = propose(sign_in(cast.supervisor), kind, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert answer.context["form"]["confidence"].value() == "high"
    assert (PolicyRow.objects.count(), Event.objects.count()) == (rows, events)


def test_rates_are_typed_in_per_cent_and_amounts_in_yuan(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.supervisor)
    propose(client, "listing.deposit_limit", value="25", measure="rate")
    propose(client, "contract.expert_review_from", value="600万", measure="fen", scope="MIIT-2026")
    values = {row.kind: row.value for row in PolicyRow.objects.filter(state=PolicyRowState.PROPOSED)}
    assert values == {"listing.deposit_limit": pytest.approx(0.25), "contract.expert_review_from": 600_000_000}
    page = client.get("/en" + reverse("policy:figures").removeprefix("/en")).content.decode()
    assert "25%" in page
    assert "6,000,000.00" in page


def test_the_scopes_are_those_of_the_trade() -> None:
    assert set(OWNERS) == set(OrganisationKind.values)
    assert set(RULE_SETS) == set(RuleSet.values)


# --- the calendar ------------------------------------------------------------------------------------------------------

YEAR = """2027-01-01至2027-01-03，元旦，休
2027/2/6\t春节\t休
2027年2月7日、春节、放假
2027-02-20,春节,班
"""


def enter(client: Client, **changes: Any) -> Any:
    return client.post(
        reverse("policy:announce_year"), {"year": "2027", "source": "国办发明电〔2026〕9号", "days": YEAR} | changes
    )


def test_everybody_reads_the_calendar(client: Client) -> None:
    page = client.get(reverse("policy:calendar"))
    assert page.status_code == 200
    assert "春节" in page.content.decode()
    assert client.get(reverse("policy:year", args=[2026])).status_code == 200
    assert client.get(reverse("policy:year", args=[2031])).status_code == 404


def test_a_pasted_year_is_entered_and_shown(cast: Cast, sign_in: SignIn) -> None:
    answer = enter(sign_in(cast.supervisor))
    assert answer.status_code == 302
    days = {day.on: day.is_working for day in CalendarDay.objects.filter(year=2027)}
    assert len(days) == 6
    assert [on for on, is_working in days.items() if is_working] == [date(2027, 2, 20)]
    assert Event.objects.filter(name="holidays.announced", subject="holidays:2027").count() == 1
    assert "国办发明电〔2026〕9号" in Client().get(reverse("policy:year", args=[2027])).content.decode()


@pytest.mark.parametrize("name", ["2027.csv", "2027.json"])
def test_a_year_comes_from_a_file(cast: Cast, sign_in: SignIn, name: str) -> None:
    content = YEAR if name.endswith("csv") else '{"days": [{"on": "2027-01-01", "name": "元旦", "is_working": false}]}'
    upload = SimpleUploadedFile(name, "﻿".encode() + content.encode())
    assert enter(sign_in(cast.supervisor), days="", file=upload).status_code == 302
    assert CalendarDay.objects.filter(year=2027, on=date(2027, 1, 1)).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": ""}, "days"),
        ({"days": "2027-02-20,春节,班"}, "days"),  # no holiday at all
        ({"days": YEAR + "2026-12-31,元旦,休"}, "days"),
        ({"days": YEAR + "2027-02-06,春节,休"}, "days"),
        ({"days": YEAR + "2027-02-30,春节,休"}, "days"),
        ({"days": YEAR + "明天放假"}, "days"),
        ({"days": YEAR + "2027-02-22,春节,班"}, "days"),  # a Monday
        ({"year": "2057"}, "year"),
        ({"year": "二〇二七"}, "year"),
        ({"source": ""}, "source"),
        ({"days": "", "file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00\x01")}, "file"),
        ({"days": "", "file": SimpleUploadedFile("x.csv", b"2027-01-01,a,off\n" * 20_000)}, "file"),
    ],
)
def test_an_announcement_with_a_flaw_is_refused_beside_the_field(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], field: str
) -> None:
    events = Event.objects.count()
    answer = enter(sign_in(cast.supervisor), **changes)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not HolidayYear.objects.filter(year=2027).exists()
    assert Event.objects.count() == events


def test_a_year_already_entered_is_out_of_turn_and_what_was_typed_comes_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.supervisor)
    enter(client)
    answer = enter(client, source="另一来源")
    assert answer.status_code == 409
    assert "另一来源" in answer.content.decode()
    assert HolidayYear.objects.get(year=2027).source == "国办发明电〔2026〕9号"


def test_a_day_ahead_is_added_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.supervisor)
    enter(client)
    ahead = {"on": "2027-05-04", "name": "青年节", "is_working": "off", "source": "国办通知"}
    url = reverse("policy:add_day", args=[2027])
    assert client.post(url, ahead).status_code == 302
    assert CalendarDay.objects.get(on=date(2027, 5, 4)).name == "青年节"
    events = Event.objects.count()
    for changes, field in [
        ({}, "on"),
        ({"on": (today() - timedelta(days=1)).isoformat()}, "on"),
        ({"on": "2029-05-04"}, "on"),
        ({"on": "2027-05-05", "is_working": "work"}, "on"),
        ({"on": "2027-05-05", "name": ""}, "name"),
        ({"on": "2027-05-05", "source": ""}, "source"),
    ]:
        answer = client.post(url, ahead | changes)
        assert answer.status_code == 422, changes
        assert field in answer.context["form"].errors
    assert Event.objects.count() == events
