"""A deposit in the browser: the buyer quotes a reference, finance finds it on the bank's statement, and it is held and comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from listings.states.listings import IntentState
from market.payments.kinds import DoubtChoices
from market.payments.models.deposits import Deposit
from market.payments.queries.ledger import ledger_flaws
from market.payments.states import DepositState
from tests.e2e.browser import Person, a_file
from tests.e2e.conftest import LiveMarket, may_sign_in
from tests.listings.builders import a_listing
from tests.payments.builders import a_statement, market_finance

pytestmark = pytest.mark.e2e


def register_intent(buyer: Person, number: str) -> str:
    """Gives the address of the intent, whose deposit is shown now."""
    buyer.open(f"/market/listings/{number}/intents/new/")
    buyer.fill(
        capacity="拥有两台低热值煤机组，具备改造场地和专业队伍。",
        finance="上年度资产负债率为百分之四十五，资金已落实。",
        offered_price="1250000",
        accepts_terms=True,
    )
    buyer.submit()
    intent = buyer.page.url
    buyer.follow("/payments/deposits/")
    buyer.reads(DepositState.REQUESTED.label)
    return intent


def import_statement(finance: Person, *rows: tuple[str, str, str]) -> None:
    """The bank's statement has these: sum, payer, remark."""
    today = timezone.localdate().isoformat()
    lines = [(today, *row, f"{row[0]}{number}") for number, row in enumerate(rows)]
    finance.open("/payments/till/statement/")
    finance.fill(statement=[{"name": "对账单.csv", "mimeType": "text/csv", "buffer": a_statement(*lines)}])
    finance.submit()
    finance.picture("read")
    finance.press("/till/statement/confirm/")


def counts_down(person: Person) -> None:
    """The time that is left goes on in front of the reader."""
    text = person.page.locator("[data-countdown-text]").first
    before = text.inner_text()
    person.page.wait_for_function("before => document.querySelector('[data-countdown-text]').innerText !== before", arg=before)


def test_a_deposit_is_found_on_the_statement_held_and_given_back(
    live_market: LiveMarket, sit_down: Callable[..., Person]
) -> None:
    cast = live_market.cast
    listing = live_market.ask(lambda: a_listing(cast, timezone.now() - timedelta(days=5)))
    till = live_market.ask(lambda: market_finance(cast))
    live_market.ask(lambda: may_sign_in(till))
    buyer, finance = sit_down("buyer", width=360, language="en"), sit_down("finance")
    buyer.sign_in(cast.enterprise_agent)
    finance.sign_in(till, with_code=True)

    intent = register_intent(buyer, listing.number)
    deposit = buyer.page.url
    payment = live_market.ask(lambda: Deposit.objects.select_related("payment").get().payment)
    assert payment is not None
    buyer.reads(payment.reference)
    counts_down(buyer)
    buyer.picture("asked")

    # A short sum and a stranger's money are held for nobody, and each is told why.
    payer = cast.enterprise.name
    import_statement(finance, ("119900", payer, f"保证金 {payment.reference}"), ("700", "某某贸易公司", "往来款"))
    finance.reads(DoubtChoices.WRONG_SUM.label, DoubtChoices.UNKNOWN_PAYER.label)
    finance.page.locator("main a", has_text=payer).first.click()
    finance.fill(decision="send_back", reason="金额不足，请重新足额转账。")
    finance.submit()
    buyer.open("/payments/deposits/")
    buyer.reads(DepositState.REQUESTED.label)

    import_statement(finance, ("120000", payer, f"保证金{payment.reference.lower()}"))
    finance.picture("till")
    finance.press("/till/lines/confirm/")
    buyer.page.goto(deposit)
    buyer.reads(DepositState.HELD.label, "Free until")
    counts_down(buyer)
    buyer.picture("held")

    buyer.page.goto(intent)
    buyer.press("/withdraw/")
    buyer.reads(IntentState.WITHDRAWN.label)
    buyer.page.goto(deposit)
    buyer.reads(DepositState.DUE_BACK.label, "Due back by")
    counts_down(buyer)
    buyer.picture("due-back")
    finance.open("/payments/refunds/")
    finance.reads(payer, "金额不足，请重新足额转账。")
    finance.picture("refunds")
    finance.press("/refund/")
    buyer.page.reload()
    buyer.reads(DepositState.REFUNDED.label)
    assert live_market.ask(ledger_flaws) == []
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


def test_a_banks_letter_is_checked_and_stands_for_the_money(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    listing = live_market.ask(lambda: a_listing(cast, timezone.now() - timedelta(days=5)))
    till = live_market.ask(lambda: market_finance(cast))
    live_market.ask(lambda: may_sign_in(till))
    buyer, finance = sit_down("buyer"), sit_down("finance", width=360)
    buyer.sign_in(cast.enterprise_agent)
    finance.sign_in(till, with_code=True)
    register_intent(buyer, listing.number)
    buyer.follow("/letter/")
    buyer.fill(letter=[a_file("银行保函.pdf")])
    buyer.submit()
    buyer.reads("银行保函.pdf")
    finance.open("/payments/till/")
    finance.follow("/payments/deposits/")
    finance.reads("银行保函.pdf")
    finance.picture("letter")
    finance.press("/letter/accept/")
    finance.reads(DepositState.HELD.label)
    buyer.page.reload()
    buyer.reads(DepositState.HELD.label)
    buyer.picture("letter-held")
    assert live_market.ask(lambda: Deposit.objects.get(state=DepositState.HELD).payment) is None
    assert [trouble for person in live_market.people for trouble in person.troubles] == []
