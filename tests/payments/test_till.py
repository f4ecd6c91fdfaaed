"""The till: a statement is read, imported once, and each of its lines decided on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from market.events.models import Event
from market.payments.models.statements import Statement, StatementLine
from market.payments.providers.bank_statement import read_statement
from tests.documents_made import PDF
from tests.payments.builders import a_deposit, a_file, a_row, bring, market_finance
from tests.people import Cast, Member

SignIn = Callable[[Member], Client]


def test_a_statement_is_read_first_and_imported_when_it_is_right(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit, finance = a_deposit(cast, now), sign_in(market_finance(cast))
    address = reverse("payments:import_statement")
    wrong = finance.post(address, {"statement": a_file(a_row(deposit, yuan="很多"))})
    assert (wrong.status_code, [row.row for row in wrong.context["wrong"]]) == (422, [2])
    read = finance.post(address, {"statement": a_file(a_row(deposit), ("2026-03-10", "5", "无名", "", "B2"))})
    assert (read.context["preview"].fresh, read.context["preview"].clear) == (2, 1)
    assert not Statement.objects.exists()
    confirm, typed = reverse("payments:confirm_import"), {"statement-attached": read.context["document"].key}
    assert finance.post(confirm, typed).status_code == 302
    assert finance.post(confirm, typed).status_code == 409
    assert StatementLine.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("三月.csv", "日期,付款人\n".encode("utf-16"), "不是UTF-8或GB 18030编码的文本"),
        ("三月.csv", b"\x83\xff,\x81", "不是UTF-8或GB 18030编码的文本"),
        ("三月.csv", "尊敬的客户：附件为贵单位三月份对账单。".encode(), "没有银行对账单的列标题"),
        ("三月.csv", "交易日期,对方户名,附言,交易流水号\n2026-03-10,甲,乙,1".encode(), "缺少列：贷方发生额 /"),
        ("三月.csv", "交易日期,贷方发生额,对方户名,附言,交易流水号\n2026-03-10,".encode() + b"9" * 140_000, "不是 CSV 表格"),
        ("三月.pdf", PDF, "请选择CSV文件"),
        ("三月.csv", PDF, "与文件名所示的类型不符"),
        ("三月.xls", b"\xd0\xcf\x11\xe0", "不接受“三月.xls”"),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(
    cast: Cast, sign_in: SignIn, name: str, content: bytes, sentence: str
) -> None:
    answer = sign_in(market_finance(cast)).post(
        reverse("payments:import_statement"), {"statement": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Statement.objects.exists()


def test_the_same_file_is_not_imported_twice_and_says_so(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit, finance = a_deposit(cast, now), sign_in(market_finance(cast))
    bring(cast, now, a_row(deposit))
    read = finance.post(reverse("payments:import_statement"), {"statement": a_file(a_row(deposit))})
    assert (read.context["preview"].fresh, read.context["preview"].known) == (0, 1)
    again = finance.post(reverse("payments:confirm_import"), {"statement-attached": read.context["document"].key})
    assert again.status_code == 409
    assert "该对账单已导入过" in again.text
    assert StatementLine.objects.count() == 1


def test_the_example_reads_as_a_statement(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    finance = sign_in(market_finance(cast))
    example = finance.get(reverse("payments:statement_example"))
    content = b"".join(example.streaming_content)
    read = read_statement(content)
    assert (len(read.came_in), len(read.went_out), read.wrong) == (4, 1, [])
    answer = finance.post(reverse("payments:import_statement"), {"statement": SimpleUploadedFile("对账单.csv", content)})
    assert (answer.context["preview"].fresh, answer.context["preview"].clear) == (4, 0)


def test_clear_lines_are_confirmed_together_and_the_others_stay(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    paid, short = a_deposit(cast, now), a_deposit(cast, now, matter="intent:k2")
    bring(cast, now, a_row(paid), a_row(short, "B2", yuan="119900"))
    finance = sign_in(market_finance(cast))
    assert finance.post(reverse("payments:confirm_lines")).status_code == 302
    paid.refresh_from_db()
    short.refresh_from_db()
    assert (paid.state, short.state) == ("held", "requested")
    assert finance.post(reverse("payments:confirm_lines")).status_code == 302
    assert Event.objects.filter(name="deposit.held").count() == 1


def test_a_line_is_given_to_a_payment_by_hand_sent_back_or_set_aside(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit, finance = a_deposit(cast, now), sign_in(market_finance(cast))
    assert deposit.payment is not None
    rows = [("2026-03-10", yuan, "分公司", "保证金", f"B{yuan}") for yuan in ("120000", "7", "8")]
    mine, back, aside = bring(cast, now, *rows)
    address = reverse("payments:line", args=[mine.pk])
    typed = {"decision": "confirm", "payment": deposit.payment.reference}
    assert finance.post(address, typed).status_code == 422
    assert finance.post(address, typed | {"reason": "总公司的付款委托书已核对"}).status_code == 302
    deposit.refresh_from_db()
    assert deposit.state == "held"
    finance.post(reverse("payments:line", args=[back.pk]), {"decision": "send_back", "reason": "与本市场无关"})
    finance.post(reverse("payments:line", args=[aside.pk]), {"decision": "set_aside", "reason": "待查"})
    assert [StatementLine.objects.get(pk=line.pk).state for line in (mine, back, aside)] == [
        "confirmed",
        "to_send_back",
        "set_aside",
    ]
    assert "与本市场无关" in finance.get(reverse("payments:refunds")).text
    assert finance.post(reverse("payments:confirm_sent", args=[back.pk])).status_code == 302


def test_a_clear_line_is_confirmed_once(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    (line,) = bring(cast, now, a_row(a_deposit(cast, now)))
    finance, address = sign_in(market_finance(cast)), reverse("payments:confirm_line", args=[line.pk])
    assert [finance.post(address).status_code for _ in range(2)] == [302, 409]
