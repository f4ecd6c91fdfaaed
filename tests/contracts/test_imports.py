"""Earlier years' registrations: read, refused cell by cell, and taken over wholly or not at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from contracts.actions.taking_over import take_over_registrations
from contracts.imports.columns import COLUMNS, words
from contracts.imports.reading import Row, checked_rows, read_rows
from contracts.imports.workbooks import template_workbook
from contracts.models import Registration, TechnologyContract
from contracts.permissions import visible_registrations
from contracts.queries.radar import radar_candidates
from contracts.queries.taking_over import Standing
from market.accounts.models import Membership
from market.events.models import Event
from market.values.actor import Role
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.conftest import NOW
from tests.contracts.builders import a_registration
from tests.people import Cast, Member
from tests.refused import refused_with

type Act = Callable[[], object]
type Setting = Callable[[Cast, datetime], Act]
type SignIn = Callable[[Member], Client]

GOOD = {column.heading: column.example for column in COLUMNS} | {"项目名称": "矿用液压支架密封技术转让"}


def as_csv(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def checked(*rows: dict[str, str], standing: Standing | None = None) -> list[Row]:
    return list(checked_rows(read_rows("list.csv", as_csv(*rows)), today=NOW.date(), standing=standing or Standing()))


def another(number: str, **changes: str) -> dict[str, str]:
    return {**GOOD, "登记编号": number, "项目名称": f"另一项 {number}", **changes}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("登记编号", ""),
        ("登记编号", "123"),
        ("登记编号", "25140600000001"),
        ("登记日期", "2024-07-01"),
        ("登记日期", "2099-07-01"),
        ("项目名称", ""),
        ("合同类别", "买卖合同"),
        ("合同子类", "委托开发"),
        ("卖方名称", ""),
        ("卖方统一社会信用代码", "123"),
        ("卖方行政区划", "山西"),
        ("合同成交总金额", "很多"),
        ("合同成交总金额", "0"),
        ("技术交易额", "1000001"),
        ("签订日期", "2025-07-02"),
        ("有效期止", "2025-01-01"),
        ("国民经济行业", "999"),
        ("关联交易", "也许"),
        ("状态", "丢失"),
    ],
)
def test_each_wrong_cell_is_named_with_its_column_and_what_stands_in_it(column: str, cell: str) -> None:
    [row] = checked(GOOD | {column: cell})
    assert row.entry is None
    [error] = row.errors[:1] if column == "登记日期" else row.errors
    assert (error.column, error.typed) == (column, cell)
    assert error.message


def test_what_has_ended_says_when() -> None:
    [row] = checked(GOOD | {"状态": "已注销"})
    assert [error.column for error in row.errors] == ["状态日期"]
    [row] = checked(GOOD | {"状态": "已注销", "状态日期": "2025-12-01", "状态原因": "合同解除"})
    assert row.entry is not None


def test_one_contract_stands_once_whatever_number_it_is_given() -> None:
    first, second, third = checked(GOOD, GOOD, GOOD | {"登记编号": "2025140600000002", "项目名称": " 矿用液压支架密封技术转让"})
    assert first.errors == []
    assert [error.column for error in second.errors] == ["登记编号"]
    assert [error.column for error in third.errors] == ["项目名称"]
    assert GOOD["登记编号"] in third.errors[0].message


def test_the_template_explains_every_column_and_its_example_is_refused_as_an_example() -> None:
    content = template_workbook().getvalue()
    book = load_workbook(io.BytesIO(content))
    assert [row[0].value for row in book["填写说明"].iter_rows(min_row=2)] == [column.heading for column in COLUMNS]
    [row] = checked_rows(read_rows("template.xlsx", content), today=NOW.date(), standing=Standing())
    assert [error.column for error in row.errors] == ["项目名称"]
    assert all(words()[column.choices] for column in COLUMNS if column.choices)


@pytest.mark.django_db
def test_it_carries_its_old_number_origin_and_the_rules_of_its_day_and_can_be_verified(
    cast: Cast, now: datetime, client: Client
) -> None:
    rows = [
        GOOD | {"卖方统一社会信用代码": cast.university.social_credit_code},
        another("18140600000001", 登记日期="2018/7/1", 签订日期="2018-06-20"),
    ]
    entries = [row.entry for row in checked(*rows) if row.entry]
    taken = take_over_registrations(entries, taken_from="2025.xlsx", actor=cast.registrar.actor, now=now)
    first, legacy = taken
    assert (first.number, first.origin, first.rule_set, first.region) == (GOOD["登记编号"], "imported", "MOST-2000", "140602")
    assert (first.taken_from, first.taken_at) == ("2025.xlsx", now)
    assert (first.contract.seller, first.contract.buyer, first.contract.applicant) == (cast.university, None, cast.university)
    assert [party.name for party in first.contract.buyers] == ["大同某煤机公司"]
    assert Event.objects.filter(name="registration.taken_over").count() == 2
    assert client.get(f"/contracts/verify/{legacy.number}/{legacy.verification_key}/").status_code == 200
    typed = {"number": f"{legacy.number[:4]} {legacy.number[4:]}", "verification_key": legacy.verification_key}
    assert client.get("/contracts/verify/", typed).status_code == 302


@pytest.mark.django_db
def test_a_new_registration_passes_over_a_number_that_was_taken_over(cast: Cast, now: datetime) -> None:
    entries = [row.entry for row in checked(another("2026140600000001", 登记日期="2026-01-05")) if row.entry]
    take_over_registrations(entries, taken_from="2026.xlsx", actor=cast.registrar.actor, now=now)
    assert a_registration(cast, now).number == "2026140600000002"


@pytest.mark.django_db
def test_what_was_taken_over_is_found_when_the_same_is_applied_for_again(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    title, code = registration.contract.title, cast.university.social_credit_code
    entries = [row.entry for row in checked(another("2025140600000009", 项目名称=title, 卖方统一社会信用代码=code)) if row.entry]
    take_over_registrations(entries, taken_from="2025.xlsx", actor=cast.registrar.actor, now=now)
    assert "2025140600000009" in [entry.place for entry in radar_candidates(registration.contract)]


@pytest.mark.django_db
def test_nothing_is_taken_over_when_one_of_them_is_refused(cast: Cast, now: datetime) -> None:
    entries = [row.entry for row in checked(GOOD, another("2025140600000002")) if row.entry]
    take_over_registrations(entries[1:], taken_from="a", actor=cast.registrar.actor, now=now)
    with refused_with("contracts.stands_already", OutOfTurn):
        take_over_registrations(entries, taken_from="b", actor=cast.registrar.actor, now=now)
    Membership.objects.create(person=cast.second_registrar.person, organisation=cast.university, role="agent")
    mine = checked(GOOD | {"卖方统一社会信用代码": cast.university.social_credit_code})
    with refused_with("contracts.own_contract", Forbidden):
        take_over_registrations(
            [row.entry for row in mine if row.entry], taken_from="c", actor=cast.second_registrar.actor, now=now
        )
    assert Registration.objects.count() == TechnologyContract.objects.count() == 1


@pytest.mark.django_db
def test_registrars_of_another_region_do_not_see_it(cast: Cast, now: datetime) -> None:
    entries = [row.entry for row in checked(GOOD) if row.entry]
    [taken] = take_over_registrations(entries, taken_from="a", actor=cast.registrar.actor, now=now)
    assert visible_registrations(cast.registrar.actor).get() == taken
    cast.bureau.region = "330100"
    cast.bureau.save()
    assert not visible_registrations(cast.registrar.actor).exists()


# --- each refusal by the action itself, whatever the page has read

BAD: dict[str, dict[str, Any]] = {
    "contracts.number_unknown": {"number": "123"},
    "contracts.number_of_another_year": {"number": "2024140600000001"},
    "contracts.registered_later": {"number": "2026140600000001", "registered_on": date(2026, 12, 1)},
    "contracts.signed_after_registered": {"signed_on": date(2025, 7, 2)},
    "contracts.end_unknown": {"state": "revoked"},
    "contracts.code_unknown": {"seller_code": "123"},
    "contracts.region_unknown": {"buyer_region": "山西"},
}


def _taken(changes: dict[str, Any]) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        [row] = checked(GOOD)
        assert row.entry is not None
        entry = replace(row.entry, **changes)
        return lambda: take_over_registrations([entry], taken_from="a", actor=cast.registrar.actor, now=now)

    return setting


def _taken_twice(cast: Cast, now: datetime) -> Act:
    act = _taken({})(cast, now)
    act()
    return act


SETTINGS: dict[str, tuple[type[Refused], Setting]] = {
    **{code: (Refused, _taken(changes)) for code, changes in BAD.items()},
    "contracts.stands_already": (OutOfTurn, _taken_twice),
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", SETTINGS)
def test_what_is_refused_leaves_nothing_behind(code: str, cast: Cast, now: datetime) -> None:
    kind, setting = SETTINGS[code]
    act = setting(cast, now)
    with refused_with(code, kind):
        act()


# --- the command


def command(cast: Cast, path: Path, *options: str, errors: io.StringIO | None = None) -> str:
    out = io.StringIO()
    names = (f"--registry={cast.bureau.social_credit_code}", f"--person={cast.registrar.person.email}")
    call_command("import_registrations", str(path), *names, *options, stdout=out, stderr=errors or io.StringIO())
    return out.getvalue()


def test_the_command_takes_all_rows_over_or_names_each_wrong_cell(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(GOOD, another("2025140600000002")))
    assert "dry run" in command(cast, path, "--dry-run")
    assert not Registration.objects.exists()
    assert "2 registrations" in command(cast, path)
    path.write_bytes(as_csv(another("2025140600000003"), another("2025140600000004", 技术领域="魔法")))
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 errors in 1 rows"):
        command(cast, path, errors=errors)
    assert "row 3, 技术领域" in errors.getvalue()
    assert "魔法" in errors.getvalue()
    assert Registration.objects.count() == 2
    template = tmp_path / "template.xlsx"
    call_command("import_registrations", template=template, stdout=io.StringIO())
    assert load_workbook(template).sheetnames == ["历年登记", "填写说明"]


def a_bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to some hundred times as much."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (12 * 1024 * 1024))
    return content.getvalue()


def test_a_spreadsheet_bomb_is_refused_before_it_is_unpacked(cast: Cast, tmp_path: Path, sign_in: SignIn) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(a_bomb())
    with pytest.raises(CommandError):
        command(cast, path)
    page = upload(sign_in(cast.registrar), a_bomb(), "bomb.xlsx")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not Registration.objects.exists()


# --- the pages


def upload(client: Client, content: bytes, name: str = "list.csv") -> object:
    return client.post(reverse("contracts:import_registrations"), {"file": SimpleUploadedFile(name, content, "text/csv")})


def confirmed(client: Client, page: object) -> object:
    return client.post(reverse("contracts:confirm_import"), {"file-attached": page.context["document"].key})  # type: ignore[attr-defined]


def test_a_registrar_sees_what_was_read_and_enters_it_by_confirming_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.registrar)
    page = upload(client, as_csv(GOOD, another("2025140600000002")))
    assert page.status_code == 200
    assert not Registration.objects.exists()
    assert confirmed(client, page).status_code == 302
    assert confirmed(client, page).status_code == 409
    registration = Registration.objects.get(number=GOOD["登记编号"])
    assert registration.registered_at.astimezone(NOW.tzinfo).date() <= date(2025, 7, 1)
    html = client.get(f"/en{registration.contract.get_absolute_url()}").content.decode()
    assert "Taken over from an earlier register" in html
    assert "Revoke the registration" in html
    ended = client.post(f"/contracts/registrations/{registration.number}/revoke/", {"reason": "虚假合同"})
    assert ended.status_code == 302


def test_wrong_rows_are_shown_with_what_was_typed_and_cannot_be_confirmed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.registrar)
    page = upload(client, as_csv(GOOD, another("2025140600000002", 技术领域="魔法")))
    assert page.status_code == 422
    html = page.content.decode()
    assert "魔法" in html
    assert "import/confirm/" not in html
    assert confirmed(client, page).status_code == 409
    assert not Registration.objects.exists()
    assert confirmed(sign_in(cast.second_registrar), page).status_code == 302, "a file of somebody else is no file"
    assert not Registration.objects.exists()


def test_only_registrars_take_over(cast: Cast, sign_in: SignIn) -> None:
    for member in (cast.university_agent, cast.supervisor):
        assert sign_in(member).get(reverse("contracts:import_registrations")).status_code == 403
        assert Role.REGISTRAR not in member.actor.roles
