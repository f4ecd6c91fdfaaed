"""The register as officials read it: page by page, as a file, and counted by month."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from openpyxl import load_workbook

from contracts.actions.registrations import revoke_registration
from contracts.export import columns
from contracts.models import Registration
from contracts.queries import register
from contracts.queries.register import filtered
from contracts.queries.statistics import statistics
from market.values.money import Money
from tests.contracts.builders import a_registration
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def _content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_pages_follow_one_another_by_key_and_leave_none_out(
    cast: Cast, now: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE_LENGTH", 2)
    made = [a_registration(cast, now) for _ in range(3)]
    client = sign_in(cast.registrar)
    first = client.get("/contracts/register/").context["page"]
    assert [it.pk for it in first.registrations] == [made[2].pk, made[1].pk]
    second = client.get(f"/contracts/register/?before={first.next_before}").context["page"]
    assert [it.pk for it in second.registrations] == [made[0].pk]
    assert second.next_before == ""


def test_it_is_filtered_by_kind_year_and_number(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    registration = a_registration(cast, now)
    client = sign_in(cast.supervisor)
    for query, count in (("kind=transfer", 1), ("kind=service", 0), ("year=2026", 1), ("year=2025", 0), ("number=20261406", 1)):
        assert len(client.get(f"/contracts/register/?{query}").context["page"].registrations) == count, query
    assert registration.contract.title in client.get("/contracts/register/").content.decode()


def test_a_year_is_read_from_the_numbers_of_both_lengths(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    for number, year in (("18140600000001", 2018), ("2018140600000001", 2018), ("01140600000001", 2001)):
        Registration.objects.filter(pk=registration.pk).update(number=number)
        found = {it for it in range(2000, 2030) if filtered(Registration.objects.all(), kind="", year=it, number="").exists()}
        assert found == {year}, number


def test_both_files_have_the_fields_of_the_national_form_and_no_formula(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    registration = a_registration(cast, now)
    registration.contract.title = "=HYPERLINK(1)"
    registration.contract.save()
    client = sign_in(cast.registrar)
    heading, row = list(csv.reader(io.StringIO(_content(client.get("/contracts/register/export.csv")).decode("utf-8-sig"))))
    assert len(heading) == len(row) == len(columns())
    told = dict(zip([name for name, _ in columns()], row, strict=True))
    assert told["projectname"] == "'=HYPERLINK(1)"
    assert told["totalamount"] == told["technicalamount"] == "1250000.00"
    assert told["sellercode"] == cast.university.social_credit_code
    book = load_workbook(io.BytesIO(_content(client.get("/contracts/register/export.xlsx"))), read_only=True)
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0][:2] == ("number", "projectname")
    assert [cell or "" for cell in lines[2]] == row


def test_what_is_in_force_is_counted_by_month_kind_and_flow(
    cast: Cast, now: datetime, sign_in: SignIn, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    a_registration(cast, now)
    revoked = a_registration(cast, now)
    revoke_registration(revoked, reason="虚假合同", actor=cast.registrar.actor, now=now)
    elsewhere = a_registration(cast, now).contract
    elsewhere.parties.filter(side="buyer").update(region="330100")
    with django_assert_num_queries(1):
        statistics(Registration.objects.all(), year=2026, registry="140600")
    cuts = sign_in(cast.supervisor).get("/contracts/register/statistics/?year=2026").context["cuts"]
    figures = {name: rows for name, rows, _most in cuts}
    total = Money.yuan("2500000").fen
    assert [(it.value, it.count, it.contract_value_fen) for it in figures["month"]] == [("3", 2, total)]
    assert [(it.value, it.count) for it in figures["kind"]] == [("transfer", 2)]
    assert [(it.value, it.count) for it in figures["seller_nature"]] == [("022", 2)]
    assert [(it.value, it.count) for it in figures["buyer_region"]] == [("1406", 1), ("3301", 1)]
    assert [(it.value, it.count) for it in figures["flow"]] == [("within", 1), ("out", 1), ("in", 0)]


def test_of_one_month_the_statistics_are_a_page_and_two_files(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_registration(cast, now)
    client = sign_in(cast.registrar)
    for month, count in (("3", 1), ("4", 0)):
        page = client.get(f"/en/contracts/register/statistics/?year=2026&month={month}")
        assert (page.context["total"].count, page.context["chart"][2].contract_height) == (count, 160)
    query = "?year=2026&month=3"
    lines = list(csv.reader(io.StringIO(client.get(f"/en/contracts/register/statistics/export.csv{query}").getvalue().decode())))
    assert ["Kind of contract", "Technology transfer", "1", "1250000.00", "1250000.00"] in lines
    assert ["Region of the buyer", "140600", "1", "1250000.00", "1250000.00"] in lines
    content = _content(client.get(f"/en/contracts/register/statistics/export.xlsx{query}"))
    rows = list(load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert [list(row) for row in rows[1:]] == lines[1:]
    assert client.get("/contracts/register/statistics/?year=2026&month=13").status_code == 200


def test_a_registrar_of_another_region_sees_none_of_it(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_registration(cast, now)
    cast.bureau.region = "330100"
    cast.bureau.save()
    assert sign_in(cast.registrar).get("/contracts/register/").context["page"].registrations == []


@pytest.mark.parametrize("typed", ["²", "9" * 30, "-1", "一", "0000", "²²²²", "９９９９"])
def test_what_is_no_number_in_an_address_is_passed_over(typed: str, cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_registration(cast, now)
    client = sign_in(cast.registrar)
    assert client.get("/contracts/register/", {"before": typed}).status_code == 200
    assert client.get("/contracts/register/statistics/", {"year": typed}).status_code == 200
