"""A university's own list: what is read, what is refused cell by cell, and that it is loaded wholly or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from listings.imports.columns import COLUMNS, HEADING_OF
from listings.imports.reading import Row, checked_rows, entry_key, read_rows
from listings.imports.workbooks import achievements_workbook, template_workbook
from listings.models.achievements import Achievement
from market.events.models import Event
from market.lists.reading import UnreadableFile
from tests.conftest import NOW
from tests.listings.builders import ABSTRACT, a_patent, an_achievement
from tests.people import Cast, Member

GOOD = {
    "成果名称": "矿井水深度处理与回用技术",
    "成果类别": "应用技术",
    "成果简介": ABSTRACT,
    "关键词": "矿井水，回用",
    "所属产业": "节能环保",
    "国民经济行业代码": "061",
    "成熟度": "通过中试",
    "完成日期": "2025-06-30",
    "是否财政资金支持": "是",
    "计划来源": "省级计划",
    "完成人及份额": "发明人甲:60；发明人乙:40",
    "专利": "ZL201910123456.X|发明专利|循环流化床锅炉布风装置|F23C 10/00|2023-05-09|有效",
    "评价方式": "验收",
    "成果水平": "国内领先",
}


def as_csv(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: dict[str, object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(list(GOOD))
    for row in rows:
        book.active.append(list(row.values()))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def checked(content: bytes, name: str = "list.csv", *, taken: tuple[str, ...] = ()) -> list[Row]:
    return list(checked_rows(read_rows(name, content), today=NOW.date(), taken=taken))


def errors_of(**changes: str) -> list[tuple[str, str]]:
    """(column, sentence) of what is wrong in a row that is right but for these cells."""
    [row] = checked(as_csv(GOOD | changes))
    assert bool(row.entry) != bool(row.errors)
    return [(error.column, error.message) for error in row.errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_list_in_the_usual_encodings_is_read(encoding: str) -> None:
    [row] = checked(as_csv(GOOD, encoding=encoding))
    assert row.errors == []
    assert row.entry is not None
    assert row.entry.title == "矿井水深度处理与回用技术"
    assert row.entry.keywords == ("矿井水", "回用")
    assert [str(inventor.share) for inventor in row.entry.inventors] == ["0.6", "0.4"]
    assert row.entry.patents[0].ipc == "F23C 10/00"
    assert (row.entry.evaluation_method, row.entry.level) == ("acceptance", "domestic_leading")


def test_dates_and_numbers_that_the_spreadsheet_made_are_read() -> None:
    [row] = checked(as_xlsx(GOOD | {"完成日期": datetime(2025, 6, 30), "国民经济行业代码": 441.0}), "list.xlsx")
    assert row.errors == []
    assert row.entry is not None
    assert (row.entry.completed_on.isoformat(), row.entry.gbt4754) == ("2025-06-30", "441")


@pytest.mark.parametrize("day", ["2025/6/30", "2025.06.30", "2025年6月30日", "２０２５-06-30"])
def test_days_are_read_as_people_write_them(day: str) -> None:
    assert errors_of(完成日期=day) == []


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("成果名称", ""),
        ("成果名称", "长" * 121),
        ("成果类别", "发明"),
        ("成果简介", "太短"),
        ("关键词", "一，二，三，四"),
        ("所属产业", "钢铁"),
        ("国民经济行业代码", "999"),
        ("成熟度", "成熟"),
        ("完成日期", "2025-02-30"),
        ("完成日期", "2099-01-01"),
        ("是否财政资金支持", "也许"),
        ("计划来源", "计划外"),
        ("完成人及份额", ""),
        ("完成人及份额", "发明人甲:60；发明人乙:30"),
        ("完成人及份额", "发明人甲:100；发明人乙:0"),
        ("完成人及份额", "发明人甲：NaN"),
        ("完成人及份额", "发明人甲:33.33333；发明人乙:66.66667"),
        ("专利", "ZL201910123456.1|发明专利|装置|F23C 10/00|2023-05-09|有效"),
        ("专利", "ZL201910123456.X|实用新型|装置|F23C 10/00|2023-05-09|有效"),
        ("专利", "ZL201910123456.X|发明专利|装置|Z01Z 1/00|2023-05-09|有效"),
        ("专利", "ZL201910123456.X|发明专利|装置|F18C 1/00|2023-05-09|有效"),
        ("专利", "ZL201910123456.X|发明专利|装置|F23C 10/00||有效"),
        ("专利", "ZL201910123456.X|发明专利"),
        ("成果水平", "宇宙领先"),
    ],
)
def test_each_wrong_cell_is_named_with_its_column(column: str, cell: str) -> None:
    found = errors_of(**{column: cell})
    assert [where for where, _why in found] == [column]
    assert all(why for _where, why in found)


def test_several_wrong_cells_of_a_row_are_all_named() -> None:
    assert [column for column, _ in errors_of(成果类别="?", 所属产业="?", 完成日期="?")] == ["成果类别", "所属产业", "完成日期"]


def test_the_same_title_twice_or_entered_before_is_named_with_its_row() -> None:
    first, second = checked(as_csv(GOOD, GOOD))
    assert first.errors == []
    assert (second.number, second.errors[0].column) == (3, "成果名称")
    assert checked(as_csv(GOOD), taken=(GOOD["成果名称"],))[0].errors


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", b""),
        ("list.csv", as_csv()),
        ("list.csv", "成果名称,成果类别\n甲,应用技术\n".encode()),
        ("list.csv", "成果名称,成果名称\n".encode()),
        ("list.csv", b"\xff\xfe\x00\x01" * 10),
        ("list.xlsx", b"not a workbook"),
        ("list.xlsx", b"PK\x03\x04broken"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_as_a_whole(name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as wrong:
        read_rows(name, content)
    assert str(wrong.value)


def test_empty_rows_are_passed_over_and_the_numbers_stay_those_of_the_file() -> None:
    rows = checked(as_csv(GOOD, dict.fromkeys(GOOD, ""), GOOD | {"成果名称": "另一项"}))
    assert [row.number for row in rows] == [2, 4]


def test_the_template_explains_every_column_and_its_example_is_right_but_refused_as_an_example() -> None:
    content = template_workbook().getvalue()
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["成果清单", "填写说明", "代码表"]
    explained = [row[0].value for row in book["填写说明"].iter_rows(min_row=2)]
    assert explained == [column.heading for column in COLUMNS]
    [row] = checked(content, "template.xlsx")
    assert [(error.column) for error in row.errors] == ["成果名称"]


@pytest.mark.django_db
def test_what_is_taken_out_can_be_brought_in_again(cast: Cast, now: datetime) -> None:
    an_achievement(cast, now)
    content = achievements_workbook(Achievement.objects.all()).getvalue()
    [row] = checked(content, "list.xlsx")
    assert row.errors == []
    assert row.entry is not None
    assert row.entry.patents[0].number == "ZL201910123456.X"


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1"])
def test_nothing_that_is_taken_out_is_a_formula(cast: Cast, now: datetime, title: str) -> None:
    an_achievement(cast, now, title=title)
    sheet = load_workbook(io.BytesIO(achievements_workbook(Achievement.objects.all()).getvalue())).worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == title
    assert sheet["A2"].quotePrefix


def test_keys_of_rows_are_the_same_each_time_and_differ_from_row_to_row() -> None:
    assert entry_key("abc", 2) == entry_key("abc", 2) != entry_key("abc", 3)
    assert len(entry_key("abc", 2)) == 16


def command(cast: Cast, path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command(
        "import_achievements",
        str(path),
        f"--organisation={cast.university.social_credit_code}",
        f"--person={cast.university_agent.person.email}",
        *options,
        stdout=out,
        stderr=io.StringIO(),
    )
    return out.getvalue()


def test_the_command_loads_all_rows_as_drafts_in_the_agents_name(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(GOOD, GOOD | {"成果名称": "另一项", "专利": ""}))
    assert "2 achievements" in command(cast, path)
    assert set(Achievement.objects.values_list("state", "organisation", "created_by")) == {
        ("draft", cast.university.pk, cast.university_agent.person.pk)
    }
    assert Event.objects.filter(name="achievement.drafted", channel="command").count() == 2


def test_a_dry_run_loads_nothing(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(GOOD))
    assert "dry run" in command(cast, path, "--dry-run")
    assert not Achievement.objects.exists()


def test_one_wrong_row_and_nothing_is_loaded_and_the_row_is_named(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(GOOD, GOOD | {"成果名称": "另一项", "成熟度": "?"}))
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 errors in 1 rows"):
        call_command(
            "import_achievements",
            str(path),
            organisation=cast.university.social_credit_code,
            person=cast.university_agent.person.email,
            stderr=errors,
        )
    assert "row 3, 成熟度" in errors.getvalue()
    assert not Achievement.objects.exists()


def test_a_refusal_half_way_takes_back_what_was_loaded(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(GOOD))
    # Somebody who is not of this university.
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command(
            "import_achievements",
            str(path),
            organisation=cast.university.social_credit_code,
            person=cast.enterprise_agent.person.email,
            stderr=io.StringIO(),
        )
    assert not Achievement.objects.exists()


def test_the_command_writes_the_template(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    call_command("import_achievements", template=path, stdout=io.StringIO())
    assert [cell.value for cell in load_workbook(path).worksheets[0][1]] == [column.heading for column in COLUMNS]


def upload(client: Client, content: bytes, name: str = "list.csv") -> object:
    return client.post(reverse("listings:import_achievements"), {"file": SimpleUploadedFile(name, content, "text/csv")})


def confirmed(client: Client, page: object) -> object:
    data = {"file-attached": page.context["document"].key}  # type: ignore[attr-defined]
    return client.post(reverse("listings:confirm_import"), data)


def test_an_agent_sees_what_was_read_and_loads_it_by_confirming_once(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    client = sign_in(cast.university_agent)
    page = upload(client, as_csv(GOOD, GOOD | {"成果名称": "另一项", "专利": ""}))
    assert page.status_code == 200
    assert not Achievement.objects.exists()
    assert confirmed(client, page).status_code == 302
    assert Achievement.objects.count() == 2
    again = confirmed(client, page)
    assert again.status_code == 409
    assert Achievement.objects.count() == 2


def test_wrong_rows_are_shown_with_row_column_and_reason_and_cannot_be_confirmed(
    cast: Cast, sign_in: Callable[[Member], Client]
) -> None:
    client = sign_in(cast.university_agent)
    page = upload(client, as_csv(GOOD, GOOD | {"成果名称": "另一项", "成熟度": "?"}))
    assert page.status_code == 422
    html = page.content.decode()
    assert "成熟度" in html
    assert 'action="/achievements/import/confirm/"' not in html
    assert confirmed(client, page).status_code == 409
    assert not Achievement.objects.exists()


def test_a_file_that_is_no_list_is_refused_beside_its_field(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    page = upload(sign_in(cast.university_agent), b"hello", "list.csv")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_only_agents_bring_in_lists_and_only_files_of_their_own(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    assert sign_in(cast.university_finance).get(reverse("listings:import_achievements")).status_code == 403
    page = upload(sign_in(cast.university_agent), as_csv(GOOD))
    assert confirmed(sign_in(cast.enterprise_agent), page).status_code == 302
    assert not Achievement.objects.exists()


def test_the_workbook_of_ones_own_holds_nothing_of_others(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    an_achievement(cast, now)
    answer = sign_in(cast.enterprise_agent).get(reverse("listings:export_achievements"))
    sheet = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    assert sheet.max_row == 1


def test_headings_of_refused_fields_exist() -> None:
    assert {"abstract", "keywords", "completed_on", "inventors", "patents", "level"} <= set(HEADING_OF)
    assert a_patent(1).number != a_patent(2).number
