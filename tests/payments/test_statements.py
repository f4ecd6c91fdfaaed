"""The bank's statement: read whole or not at all, matched by reference or payer, confirmed by a person."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from market.payments.actions.statements import confirm_line, import_statement, set_line_aside
from market.payments.models.deposits import Deposit
from market.payments.models.ledger import Posting
from market.payments.models.statements import Statement, StatementLine
from market.payments.providers.bank_statement import read_statement
from market.payments.rules.deposits import payment_reference
from market.payments.rules.statements import AwaitedFacts, Doubt, LineFacts, Match, match
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.payments.builders import a_deposit, a_statement, market_finance
from tests.people import Cast

REFERENCE, OTHER = payment_reference(41), payment_reference(42)
AWAITED = [
    AwaitedFacts(1, REFERENCE, Money.yuan("120000"), "朔南电力（样例）"),
    AwaitedFacts(2, OTHER, Money.yuan("80000"), "桑干化工"),
]


def a_line(remark: str = "", payer: str = "朔南电力(样例)", yuan: str = "120000") -> LineFacts:
    return LineFacts(date(2026, 3, 10), Money.yuan(yuan), payer, remark, "B1")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (a_line(f"保证金 {REFERENCE}"), Match(1, Doubt.NONE)),
        (a_line(f"保证金{REFERENCE[:4]} {REFERENCE[4:].lower()}号"), Match(1, Doubt.NONE)),
        (a_line(f"{REFERENCE}", payer="某个人"), Match(1, Doubt.OTHER_PAYER)),
        (a_line(f"{REFERENCE}", yuan="119999.99"), Match(1, Doubt.WRONG_SUM)),
        (a_line(f"{REFERENCE} {OTHER}"), Match(None, Doubt.AMBIGUOUS)),
        (a_line("投标保证金"), Match(1, Doubt.NONE)),
        (a_line("投标保证金", yuan="1"), Match(None, Doubt.WRONG_SUM)),
        (a_line("投标保证金", payer="无名公司"), Match(None, Doubt.UNKNOWN_PAYER)),
    ],
)
def test_a_line_is_proposed_by_its_reference_or_by_payer_and_sum(line: LineFacts, expected: Match) -> None:
    assert match(line, AWAITED) == expected


def test_two_payments_of_one_payer_and_sum_are_for_a_person_to_tell_apart() -> None:
    twice = [*AWAITED, AwaitedFacts(3, payment_reference(43), Money.yuan("120000"), "朔南电力（样例）")]
    assert match(a_line("保证金"), twice) == Match(None, Doubt.AMBIGUOUS)


def row(deposit: Deposit, *, yuan: str = "120,000.00", number: str = "B1", payer: str = "") -> tuple[str, str, str, str, str]:
    assert deposit.payment is not None
    return ("2026-03-10", f'"{yuan}"', payer or deposit.payer.name, f"保证金 {deposit.payment.reference}", number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_statements_are_read_as_banks_write_them(encoding: str) -> None:
    text = "日期,金额,付款人,摘要,流水号\n2026/03/10,120000.5,朔南电力,保证金,7\n20260311,-3,朔南电力,手续费,8\n,,,,\n"
    read = read_statement(text.encode(encoding))
    assert read.came_in == [LineFacts(date(2026, 3, 10), Money.yuan("120000.50"), "朔南电力", "保证金", "7")]
    assert read.went_out == [LineFacts(date(2026, 3, 11), Money.yuan("-3"), "朔南电力", "手续费", "8")]
    assert read.wrong == []


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (a_statement(("2026-03-10", "12万", "甲", "", "B1")), 2),
        (a_statement(("10.3.2026", "12", "甲", "", "B1")), 2),
        (a_statement(("2026-03-10", "12", "甲", "", "")), 2),
        (a_statement(headings="日期,付款人"), 1),
        (b"\xff\xfe\x00\x81", 1),
    ],
)
def test_a_row_that_cannot_be_read_is_named(content: bytes, row: int) -> None:
    assert [wrong.row for wrong in read_statement(content).wrong] == [row]


def test_a_wrong_row_leaves_nothing_of_the_statement(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    content = a_statement(row(deposit), ("2026-03-10", "x", "甲", "", "B2"))
    with pytest.raises(Refused) as refused:
        import_statement("三月.csv", content, actor=market_finance(cast).actor, now=now)
    refusal = refused.value.refusals[0]
    assert (refusal.code, refusal.field, refusal.data["row"]) == ("payments.statement_wrong", "statement", 3)
    assert not Statement.objects.exists()


def test_a_confirmed_line_holds_the_deposit(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    finance = market_finance(cast).actor
    statement = import_statement("三月.csv", a_statement(row(deposit)), actor=finance, now=now)
    line = statement.lines.get()
    assert (line.proposed, line.doubt) == (deposit.payment, "")
    assert confirm_line(line, actor=finance, now=now).state == "confirmed"
    deposit.refresh_from_db()
    assert deposit.state == "held"
    with pytest.raises(OutOfTurn):
        confirm_line(line, actor=finance, now=now)
    assert Posting.objects.count() == 1


def test_a_wrong_sum_is_not_received(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    finance = market_finance(cast).actor
    line = import_statement("三月.csv", a_statement(row(deposit, yuan="119999.99")), actor=finance, now=now).lines.get()
    assert line.doubt == Doubt.WRONG_SUM
    with pytest.raises(Refused) as refused:
        confirm_line(line, actor=finance, now=now)
    assert refused.value.refusals[0].code == "payments.wrong_sum"
    line.refresh_from_db()
    assert (line.state, Posting.objects.count()) == ("new", 0)
    aside = set_line_aside(line, reason="金额不符，已通知付款方", actor=finance, now=now)
    assert aside.state == "set_aside"


def test_a_line_of_an_unknown_payer_needs_a_payment_to_be_chosen(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    finance = market_finance(cast).actor
    stranger = ("2026-03-10", "120000", "代付公司", "", "B9")
    line = import_statement("三月.csv", a_statement(stranger), actor=finance, now=now).lines.get()
    with pytest.raises(Refused) as refused:
        confirm_line(line, actor=finance, now=now)
    assert refused.value.refusals[0].code == "payments.nothing_proposed"
    with pytest.raises(Refused) as without_reason:
        confirm_line(line, payment=deposit.payment, actor=finance, now=now)
    assert without_reason.value.refusals[0].code == "payments.reason_missing"
    confirmed = confirm_line(line, payment=deposit.payment, reason="付款委托书已核对", actor=finance, now=now)
    assert (confirmed.payment, confirmed.reason) == (deposit.payment, "付款委托书已核对")


def test_overlapping_statements_bring_a_line_once(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    finance = market_finance(cast).actor
    import_statement("a.csv", a_statement(row(deposit)), actor=finance, now=now)
    second = import_statement("b.csv", a_statement(row(deposit), row(deposit, number="B2")), actor=finance, now=now)
    assert list(second.lines.values_list("bank_reference", flat=True)) == ["B2"]
    assert StatementLine.objects.count() == 2
    with pytest.raises(OutOfTurn) as refused:
        import_statement("a-again.csv", a_statement(row(deposit)), actor=finance, now=now)
    assert refused.value.refusals[0].code == "payments.statement_known"


def test_only_the_markets_finance_imports_and_decides(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    for member in (cast.enterprise_agent, cast.university_finance, cast.supervisor):
        with pytest.raises(Forbidden) as refused:
            import_statement("a.csv", a_statement(row(deposit)), actor=member.actor, now=now)
        assert refused.value.refusals[0].code == "payments.finance_only"
    line = import_statement("a.csv", a_statement(row(deposit)), actor=market_finance(cast).actor, now=now).lines.get()
    with pytest.raises(Forbidden):
        confirm_line(line, actor=cast.supervisor.actor, now=now)
    with pytest.raises(Refused) as reason:
        set_line_aside(line, reason="", actor=market_finance(cast).actor, now=now)
    assert reason.value.refusals[0].code == "payments.reason_missing"
