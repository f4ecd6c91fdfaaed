"""Every date of a period answers "why this day?" on its page, and what if it began today."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from contracts.actions.decisions import return_application
from contracts.queries.applications import application_dates
from listings.actions.deals import close_due_notice
from listings.queries.notices import explanation_of, notice_terms
from listings.queries.pages import deal_page
from market.policy.actions import PolicyTerms, approve_policy_row, propose_policy_row
from market.values.dates import day_of
from tests.contracts.builders import an_application
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def read(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200
    return " ".join(html.unescape(page.content.decode()).split())


def a_new_row(cast: Cast, kind: str, value: int, now: datetime, *, measure: str = "working_days", scope: str = "") -> None:
    terms = PolicyTerms(kind, scope, Decimal(value), measure, day_of(now), "新文件", "high", "测试")
    approve_policy_row(propose_policy_row(terms, actor=cast.supervisor.actor, now=now), actor=cast.administrator.actor, now=now)


def test_the_public_page_of_a_listing_says_why_the_notice_ends_on_its_day(cast: Cast) -> None:
    listing = a_listing(cast, timezone.now())
    text = read(Client(), f"/en{listing.get_absolute_url().removeprefix('/en')}")
    assert "Why this day?" in text
    assert "第十三条" in text, "the source of the rule"
    assert "20 working days" in text
    assert "publication of the notice" in text
    assert "weekend" in text
    assert "If it began today, under the terms of today" in text


def test_what_if_follows_todays_row_and_the_notice_its_own(cast: Cast, now: datetime) -> None:
    notice = a_listing(cast, now).notices.get()
    a_new_row(cast, "listing.announcement_period", 30, now + timedelta(days=1))
    told = explanation_of(notice, notice_terms(notice.listing, today=day_of(now) + timedelta(days=1)))
    assert told is not None
    assert (told.policy.count, told.deadline.period.n) == (20, 20)
    assert (told.policy_today.count, told.if_begun_today.period.n) == (30, 30)
    assert told.if_begun_today.day > told.deadline.day


def test_an_extended_notice_tells_its_stages(cast: Cast, now: datetime) -> None:
    notice = a_listing(cast, now).notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    notice.refresh_from_db()
    told = explanation_of(notice, notice_terms(notice.listing, today=day_of(now)))
    assert told is not None
    assert [(stage.start, stage.period.n, stage.day) for stage in told.stages] == [
        (date(2026, 3, 10), 20, date(2026, 4, 8)),
        (date(2026, 4, 8), 5, date(2026, 4, 15)),
    ]
    for stage in told.stages:
        assert stage.period.n + len(stage.skipped) == (stage.day - stage.start).days
    assert told.deadline.day == notice.ends_on == date(2026, 4, 15)
    text = read(Client(), f"/en{notice.listing.get_absolute_url().removeprefix('/en')}")
    assert "by 5 working days from 8 April 2026 to 15 April 2026" in text


def test_the_page_of_a_deal_says_why_the_contract_is_due_on_its_day(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deal = a_deal(cast, now)
    text = read(sign_in(cast.enterprise_agent), f"/en{deal.get_absolute_url().removeprefix('/en')}")
    assert "conclusion of the deal" in text
    assert "10 working days" in text
    assert "If it began today" in text
    a_new_row(cast, "contract.signing_period", 4, now)
    page = deal_page(deal, actor=cast.university_agent.actor, now=now)
    assert (page.due.period.n, page.due.day) == (10, deal.contract_due_on)
    assert page.what_if is not None
    assert page.what_if.period.n == 4


def test_the_page_of_an_application_says_by_when_and_why(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    url = f"/en{application.get_absolute_url().removeprefix('/en')}"
    text = read(sign_in(cast.university_agent), url)
    assert "receipt of the application" in text
    assert "15 working days" in text
    assert "If it began today" in text
    return_application(application, reason="附件缺页", actor=cast.registrar.actor, now=now + timedelta(days=1))
    text = read(sign_in(cast.university_agent), url)
    assert "return of the application" in text
    assert "receipt of the application" not in text
    application.refresh_from_db()
    a_new_row(cast, "contract.correction_period", 5, now + timedelta(days=2), measure="days")
    dates = application_dates(application, today=day_of(now) + timedelta(days=3))
    assert dates.correction is not None
    assert (dates.correction.start, dates.correction.day) == (date(2026, 3, 11), date(2026, 4, 10)), (
        "under the row it began under"
    )
    assert dates.decision is None
