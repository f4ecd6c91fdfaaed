"""The money of the demonstration: it comes in by the bank's statements, and goes back as deposits fall due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from listings.models.listings import Intent
from market.demonstration.world import World, paper
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.actions.deposits import accept_guarantee, offer_guarantee, refund_deposit, refuse_guarantee
from market.payments.actions.payouts import confirm_payout
from market.payments.actions.statements import confirm_line, confirm_sent_back, import_statement, send_line_back, set_line_aside
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.models.statements import Statement
from market.payments.queries.deposits import open_deposit, refunds_due
from market.payments.queries.statements import awaited_payments
from market.payments.states import DepositState
from market.values.actor import Role
from market.values.dates import day_of
from market.values.money import ZERO, Money

_HEADINGS = "交易日期,贷方发生额,借方发生额,对方户名,附言,交易流水号"
# What fell due longer ago was refunded.
_REFUNDED_BEFORE = timedelta(days=10)


def pay(world: World, intent: Intent, at: datetime) -> None:
    """The buyer's transfer stood on the bank's statement of that day, and finance confirmed it."""
    deposit = open_deposit(intent.subject)
    if deposit is None or deposit.payment is None:
        return
    bring(world, deposit.payment, "保证金", at)


def bring(world: World, payment: Payment, remark: str, at: datetime) -> None:
    """This payment stood on the bank's statement of that day, and finance confirmed it."""
    statement = _statement(world, [_came_in(payment, remark, at)], at)
    confirm_line(statement.lines.get(), actor=world.official(Role.FINANCE), now=at)


def pay_out(world: World, payout: Payout, at: datetime) -> None:
    """Finance paid it that day, as the bank's statement shows, and entered the bank's number."""
    number = f"{day_of(at):%Y%m%d}P{payout.reference}"
    row = f"{day_of(at)},,{_plain(payout.amount)},{payout.payee.name},技术交易价款 {payout.reference},{number}"
    _statement(world, [row], at)
    confirm_payout(payout, bank_reference=number, actor=world.official(Role.FINANCE), now=at)


def _plain(amount: Money) -> str:
    return f"{amount.in_yuan:.2f}"


def _came_in(payment: Payment, remark: str, at: datetime) -> str:
    number = f"{day_of(at):%Y%m%d}{payment.reference}"
    return f"{day_of(at)},{_plain(payment.amount)},,{payment.payer.name},{remark} {payment.reference},{number}"


def _statement(world: World, rows: list[str], at: datetime) -> Statement:
    content = "\r\n".join([_HEADINGS, *rows]).encode()
    return import_statement(f"银行对账单{day_of(at):%Y%m%d}.csv", content, actor=world.official(Role.FINANCE), now=at)


def give_letter(world: World, intent: Intent, at: datetime) -> Deposit:
    """Instead of the money the buyer brought a bank's guarantee letter, which waits for finance."""
    deposit = open_deposit(intent.subject)
    assert deposit is not None
    actor = world.agent_of(intent.buyer_id)
    return offer_guarantee(deposit, paper("银行保函（样例）.pdf", actor, now=at), actor=actor, now=at)


def give_letters(world: World, intents: Sequence[Intent]) -> None:
    """Three bank's letters: one that finance has accepted, one it refused, and one it has yet to look at."""
    at, finance = world.now - timedelta(hours=4), world.official(Role.FINANCE)
    accepted, refused, _waiting = (give_letter(world, intent, at) for intent in intents)
    accept_guarantee(accepted, actor=finance, now=at + timedelta(hours=1))
    reason = "保函有效期早于公告期结束，请银行延长后重新提交。"
    refuse_guarantee(refused, reason=reason, actor=finance, now=at + timedelta(hours=1))


def give_back(world: World) -> None:
    """What fell due some time ago was refunded in time and stands on the bank's statement; the rest waits for finance."""
    finance = world.official(Role.FINANCE)
    for deposit in refunds_due().filter(released_on__lt=day_of(world.now - _REFUNDED_BEFORE)):
        assert deposit.released_on is not None
        at = world.now - timedelta(days=(day_of(world.now) - deposit.released_on).days - 1)
        if deposit.payment is not None:
            _statement(world, [_went_out(deposit.payment, at)], at)
        refund_deposit(deposit, actor=finance, now=at)


def _went_out(payment: Payment, at: datetime) -> str:
    number = f"{day_of(at):%Y%m%d}R{payment.reference}"
    return f"{day_of(at)},,{_plain(payment.amount)},{payment.payer.name},退保证金 {payment.reference},{number}"


def short_of_deposit(world: World) -> Deposit:
    """A deposit that is asked for in money, of somebody one cannot sign in as."""
    asked = Deposit.objects.filter(state=DepositState.REQUESTED, payment__isnull=False).select_related("payer", "payment")
    return asked.exclude(payer=world.organisations["shuonan-power"]).earliest("pk")


def leave_for_finance(world: World, short: Deposit) -> None:
    """This morning's statement brought an unknown payer, a wrong sum, and money that goes back or went."""
    assert short.payment is not None
    today, payer, reference = day_of(world.now), short.payer.name, short.payment.reference
    rows = [
        f"{today},50000.00,,某某贸易公司（样例）,往来款,{today:%Y%m%d}0002",
        f"{today},{_plain(short.amount - Money.yuan(100))},,{payer},保证金 {reference},{today:%Y%m%d}0001",
        f"{today},1200.00,,某某培训中心（样例）,培训费,{today:%Y%m%d}0003",
        f"{today},3600.00,,某某租赁公司（样例）,租金,{today:%Y%m%d}0005",
        f"{today},800.00,,某某物业公司（样例）,物业费,{today:%Y%m%d}0004",
    ]
    statement = _statement(world, rows, world.now - timedelta(hours=1))
    finance, now = world.official(Role.FINANCE), world.now
    _clear, _wrong_sum, training, rent, service = statement.lines.order_by("pk")
    finance, now = world.official(Role.FINANCE), world.now
    send_line_back(training, reason="与本市场无关的款项，原路退回。", actor=finance, now=now)
    confirm_sent_back(send_line_back(rent, reason="重复汇款，原路退回。", actor=finance, now=now), actor=finance, now=now)
    set_line_aside(service, reason="已电话询问付款方，等待答复。", actor=finance, now=now)


def written_statement(now: datetime) -> bytes:
    """What the bank would give out now: whatever is asked for came in, the last sum not whole, and some money of a stranger's."""
    on, asked = day_of(now), list(awaited_payments().order_by("pk"))
    number = f"{now:%Y%m%d%H%M%S}"
    rows = [
        f"{on},{_plain(payment.amount - (Money.yuan(100) if payment == asked[-1] else ZERO))},,{payment.payer.name},"
        f"保证金 {payment.reference},{number}{place:03d}"
        for place, payment in enumerate(asked, start=1)
    ]
    rows += [f"{on},2600.00,,某某印务公司（样例）,印刷费,{number}901", f"{on},,15.00,,手续费,{number}902"]
    return "\r\n".join(["账号,6200 0000 0000 0000 018", _HEADINGS, *rows, ""]).encode("gb18030")


def name_account(world: World, key: str) -> None:
    """Refunds to this organisation go to an account of its own."""
    actor = world.agent(key)
    number = "6200 0000 0000 0000 026"
    change_bank_account(world.organisations[key], bank="朔州样例银行城区支行", number=number, actor=actor, now=world.now)
