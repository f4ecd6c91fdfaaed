"""One record, many papers: the national form of an application, where each field came from, and what differs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from openpyxl import load_workbook

from contracts.actions.contracts import agree_contract, change_contract, terms_of
from contracts.actions.decisions import recognise_contract
from contracts.actions.sheets import begin_sheet, save_step
from contracts.actions.taking_over import take_over_registrations
from contracts.models import Application
from contracts.national_form import Subject, form_lines
from contracts.queries.contracts import digest_of
from contracts.queries.origins import differences
from market.values.money import Money
from tests.contracts.builders import a_contract, an_application, answer_flags
from tests.contracts.sheets import a_submitted_sheet
from tests.contracts.test_imports import GOOD, checked
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

# Of the national system's own names, those that every form has.
NATIONAL = {
    *("projectname", "contracttype", "totalamount", "technicalamount", "paymethod", "signdate", "contractbegindate"),
    *("contractenddate", "isrelated", "projectplantype", "ipr", "techarea", "buyername", "buyertype", "buyer_jszyjg"),
    *("buyer_isyfjg", "buyer_zzkyys", "buyer_countrygxqqy", "buyer_islist", "buyer_scale", "buyer_address", "buyer_zipcode"),
    *("buyer_representative", "buyer_contact", "buyer_contacttel", "buyerregion", "buyer_industry", "socialgoal", "sellername"),
}


def _content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_it_comes_in_four_ways_with_the_national_names_and_all_say_the_same(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_submitted_sheet(cast, now)
    application = Application.objects.get()
    client, address = sign_in(cast.university_agent), f"/en{application.get_absolute_url()}form"
    data = json.loads(client.get(f"{address}.json").content)
    assert set(data) >= NATIONAL
    assert (data["contracttype"]["value"], data["contracttype"]["code"]) == ("技术转让", "transfer")
    assert (data["buyername"]["value"], data["buyername_2"]["value"]) == ("大同某煤机公司", "朔州某电厂")
    assert (data["totalamount"]["value"], data["technicalamount"]["value"]) == ("1000000.00", "800000.00")
    rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv").getvalue().decode("utf-8-sig"))))[1:]
    assert [(name, value) for name, _label, value, *_ in rows] == [(name, it["value"]) for name, it in data.items()]
    sheet = load_workbook(io.BytesIO(_content(client.get(f"{address}.xlsx"))), read_only=True).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == list(data)
    page = client.get(f"{address}/").content.decode()
    assert all(name in page for name in NATIONAL)
    assert sign_in(cast.outsider).get(f"{address}.json").status_code == 404


def test_each_field_says_where_it_came_from(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now, agreed=False)
    contract = change_contract(
        contract, replace(terms_of(contract), liability="保密五年。"), actor=cast.university_agent.actor, now=now
    )
    subject = Subject(contract, contract.price, contract.price)
    origin = {line.name: line.origin for line in form_lines(subject, is_decided=False)}
    assert (origin["projectname"], origin["totalamount"], origin["paymethod"]) == ("achievement", "result", "listing")
    assert (origin["signdate"], origin["sellername"], origin["contact"]) == ("contract", "organisation", "typed")
    decided = {line.name: line.origin for line in form_lines(subject, is_decided=True)}
    assert decided["technicalamount"] == "registry"


def test_of_a_contract_made_outside_the_market_all_but_the_known_party_is_typed(cast: Cast, now: datetime) -> None:
    contract = a_submitted_sheet(cast, now).contract
    assert contract is not None
    origin = {line.name: line.origin for line in form_lines(Subject(contract, Money(1), Money(1)), is_decided=False)}
    assert (origin["projectname"], origin["sellername"], origin["buyername"]) == ("typed", "organisation", "typed")


def test_what_was_taken_over_says_so_in_every_field(cast: Cast, now: datetime) -> None:
    entries = [row.entry for row in checked(GOOD) if row.entry]
    [taken] = take_over_registrations(entries, taken_from="2025.xlsx", actor=cast.registrar.actor, now=now)
    lines = form_lines(Subject(taken.contract, taken.contract_value, taken.technology_value), is_decided=False)
    assert {line.origin.value for line in lines} == {"imported"}


def test_what_differs_from_listing_and_deal_is_shown_with_both_and_must_be_explained(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    contract = a_contract(cast, now, agreed=False)
    terms = replace(terms_of(contract), title="另一个名称", price=Money.yuan("900000"), payment_mode="instalments")
    contract = change_contract(contract, terms, actor=cast.university_agent.actor, now=now)
    for member in (cast.university_agent, cast.enterprise_agent):
        contract = agree_contract(contract, digest=digest_of(contract), actor=member.actor, now=now)
    found = {it.name: (str(it.announced), str(it.contracted)) for it in differences(contract)}
    assert found["agreed_price"] == (str(Money.yuan("1250000")), str(Money.yuan("900000")))
    assert found["title"][1] == "另一个名称"
    assert {"listed_price", "payment"} <= set(found)
    actor = cast.university_agent.actor
    sheet = begin_sheet(cast.university, contract=contract, actor=actor, now=now)
    details = {"contact": ["办公室"], "contact_phone": ["0349-1234567"]}
    sheet = save_step(sheet, "details", details, version=1, actor=actor, now=now)
    sheet = save_step(sheet, "papers", {"is_undertaken": ["on"]}, version=2, actor=actor, now=now)
    client, address = sign_in(cast.university_agent), f"/en{sheet.get_absolute_url()}"
    page = client.get(address)
    assert "900,000.00" in page.content.decode()
    assert "differences_unexplained" in [finding.code for finding, _rule in page.context["findings"]]
    save_step(sheet, "details", {**details, "explanation": ["按补充谈判调整。"]}, version=3, actor=actor, now=now)
    page = client.get(address)
    assert "differences_unexplained" not in [finding.code for finding, _rule in page.context["findings"]]


def test_the_form_says_what_was_decided(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    value = Money.yuan("1000000")
    recognise_contract(application, technology_value=value, reason="扣除设备", actor=cast.registrar.actor, now=now)
    data = json.loads(sign_in(cast.registrar).get(f"{application.get_absolute_url()}form.json").content)
    assert (data["technicalamount"]["value"], data["technicalamount"]["origin"]) == ("1000000.00", "registry")
