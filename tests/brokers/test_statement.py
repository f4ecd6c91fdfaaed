"""What an organisation earned by commissions in a month or a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from brokers.actions.commissions import credit_commissions, reverse_commissions
from brokers.queries import commission_statement
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.values.money import Money
from tests.brokers.builders import an_engagement
from tests.listings.builders import a_deal
from tests.people import Cast, Member, an_organisation

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

APRIL = datetime(2026, 4, 30, 15, 59, tzinfo=UTC)
MAY = datetime(2026, 4, 30, 16, 0, tzinfo=UTC)


@pytest.fixture
def partner() -> Organisation:
    return an_organisation("某律师事务所", "service_provider", 77)


@pytest.fixture
def deal(cast: Cast, partner: Organisation, now: datetime) -> Deal:
    """Its commission of 30,000 yuan was credited in the last minute of April in Shanghai, a third of it for a law firm."""
    deal = a_deal(cast, now)
    shares = {cast.institution.pk: Decimal("0.66667"), partner.pk: Decimal("0.33333")}
    an_engagement(cast, deal.listing, now, shares=shares)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=APRIL)
    return deal


def _amounts(organisation: Organisation, month: int) -> list[Money]:
    last = date(2026, month, 30)
    return [line.amount for line in commission_statement(organisation, date(2026, month, 1), last).lines]


def test_each_sees_its_own_part_and_the_parts_make_the_whole(cast: Cast, partner: Organisation, deal: Deal) -> None:
    ours, theirs = _amounts(cast.institution, 4), _amounts(partner, 4)
    assert (ours, theirs) == ([Money(2000010)], [Money(999990)])
    assert ours[0] + theirs[0] == Money.yuan("30000")
    assert _amounts(cast.enterprise, 4) == []


def test_a_reversal_stands_in_the_month_in_which_it_happened(cast: Cast, deal: Deal) -> None:
    reverse_commissions(deal, now=MAY)
    assert _amounts(cast.institution, 4) == [Money(2000010)]
    assert _amounts(cast.institution, 5) == [Money(-2000010)]
    year = commission_statement(cast.institution, date(2026, 1, 1), date(2026, 12, 31))
    assert [line.is_reversal for line in year.lines] == [False, True]
    assert year.total == Money(0)


def test_the_statement_comes_as_page_pdf_and_csv(cast: Cast, deal: Deal, sign_in: SignIn) -> None:
    client, asked = sign_in(cast.broker), "?year=2026&month=4"
    html = client.get(f"/brokers/commissions/statement/{asked}").content.decode()
    assert "20,000.10 元" in html
    lines = b"".join(client.get(f"/brokers/commissions/statement.csv{asked}")).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("2026-04-30,")
    assert ",30000.00,20000.10," in lines[1]
    assert lines[-1].split(",")[5] == "20000.10"
    pdf = client.get(f"/brokers/commissions/statement.pdf{asked}")
    assert pdf["Cache-Control"] == "private, no-store"
    assert "20,000.10" in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()


def test_no_month_is_the_year_and_nonsense_is_this_year(cast: Cast, deal: Deal, sign_in: SignIn) -> None:
    client = sign_in(cast.broker)
    assert client.get("/brokers/commissions/statement/?year=2026").context["statement"].first_day == date(2026, 1, 1)
    answer = client.get("/brokers/commissions/statement/?year=²&month=13")
    assert answer.status_code == 200
    assert answer.context["form"].errors
