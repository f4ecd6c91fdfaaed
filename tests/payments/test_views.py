"""The pages of deposits, of the market's till, of refunds and of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from listings.actions.intents import withdraw_intent
from market.accounts.desks import desks_of
from market.accounts.models import Organisation
from market.accounts.states import OrganisationState
from market.events.models import Event
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.actions.deposits import note_overdue_refund, offer_guarantee, request_deposit
from market.payments.actions.statements import import_statement
from market.payments.models.bank_accounts import BankAccount
from market.payments.models.deposits import Deposit
from market.payments.models.ledger import Account
from market.payments.models.statements import Statement, StatementLine
from market.payments.queries.deposits import latest_deposit
from market.values.refusal import Refused
from tests.documents_made import a_document, an_upload
from tests.listings.builders import a_listing, an_intent
from tests.payments.builders import AMOUNT, a_deposit, a_statement, market_finance, pay_deposit
from tests.people import Cast, Member
from tests.second_factor import prove_identity

SignIn = Callable[[Member], Client]


def a_row(deposit: Deposit, number: str = "B1", *, yuan: str = "120000", payer: str = "") -> tuple[str, str, str, str, str]:
    assert deposit.payment is not None
    return ("2026-03-10", yuan, payer or deposit.payer.name, f"保证金 {deposit.payment.reference}", number)


def a_file(*rows: tuple[str, str, str, str, str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("三月.csv", a_statement(*rows), "text/csv")


def bring(cast: Cast, now: datetime, *rows: tuple[str, str, str, str, str]) -> list[StatementLine]:
    statement = import_statement("三月.csv", a_statement(*rows), actor=market_finance(cast).actor, now=now)
    return list(statement.lines.order_by("pk"))


# --- The payer


def test_the_payer_reads_what_to_transfer_and_what_to_quote(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    deposit = latest_deposit(intent.subject)
    assert deposit is not None
    assert deposit.payment is not None
    buyer = sign_in(cast.enterprise_agent)
    page = buyer.get(deposit.get_absolute_url()).text
    assert deposit.payment.reference in page
    assert "120,000" in page
    assert intent.listing.number in page
    assert f'data-copy="{deposit.payment.reference}"' in page
    assert deposit.get_absolute_url() in buyer.get(intent.get_absolute_url()).text
    assert intent.listing.number in buyer.get(reverse("payments:my_deposits")).text


def test_a_deposit_due_back_says_by_when_and_how_long_that_is(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit = a_deposit(cast, now, state="due_back")
    page = sign_in(cast.enterprise_agent).get("/en" + deposit.get_absolute_url())
    assert page.context["due"].day == deposit.due_back_on
    assert "Why this day?" in page.text
    assert f'data-countdown="{deposit.due_back_on:%Y-%m}' in page.text or page.context["seconds_left"] == 0


def test_a_letter_takes_the_place_of_the_money_and_finance_decides(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    buyer, finance = sign_in(cast.enterprise_agent), sign_in(market_finance(cast))
    address = reverse("payments:offer_letter", args=[a_deposit(cast, now).key])
    assert buyer.get(address).status_code == 200
    assert buyer.post(address, {"letter-attached": ""}).status_code == 422
    assert buyer.post(address, {"letter": an_upload("保函.pdf")}).status_code == 302
    assert buyer.post(address, {"letter": an_upload("保函.pdf")}).status_code == 409
    letter = Deposit.objects.get(instrument="guarantee")
    assert letter.payer.name in finance.get(reverse("payments:till")).text
    assert finance.get(letter.guarantee.get_absolute_url()).status_code == 200
    assert sign_in(cast.rival_agent).get(letter.guarantee.get_absolute_url()).status_code == 404
    refuse = reverse("payments:refuse_letter", args=[letter.key])
    assert finance.post(refuse, {"reason": ""}).status_code == 422
    assert finance.post(refuse, {"reason": "金额不足"}).status_code == 302
    asked_anew = latest_deposit("intent:k1")
    assert asked_anew is not None
    assert (asked_anew.state, asked_anew.instrument) == ("requested", "money")
    offered = offer_guarantee(
        asked_anew, a_document(cast.enterprise_agent.actor, "x.pdf"), actor=cast.enterprise_agent.actor, now=now
    )
    assert finance.post(reverse("payments:accept_letter", args=[offered.key])).status_code == 302
    offered.refresh_from_db()
    assert offered.state == "held"


def test_an_account_for_refunds_is_changed_after_a_fresh_proof_only(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    client, address = sign_in(cast.enterprise_agent), reverse("payments:bank_account")
    session = client.session
    prove_identity(session, cast.enterprise_agent.person, seconds_ago=301)
    session.save()
    typed = {"bank": "某银行", "number": "6200 0000 0000 0000 026"}
    asked = client.post(address, typed)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not BankAccount.objects.exists()
    fresh = sign_in(cast.enterprise_agent)
    assert fresh.post(address, typed | {"number": "12"}).status_code == 422
    assert fresh.post(address, typed).status_code == 302
    page = fresh.get(address).text
    assert "••••0026" in page
    assert "0000 026" not in page


def test_whoever_is_barred_can_neither_be_asked_nor_bring_a_letter(cast: Cast, now: datetime) -> None:
    deposit = a_deposit(cast, now)
    Organisation.objects.filter(pk=cast.enterprise.pk).update(state=OrganisationState.SUSPENDED)
    cast.enterprise.refresh_from_db()
    actor = cast.enterprise_agent.actor
    letter = a_document(actor, "保函.pdf")
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        request_deposit(cast.enterprise, AMOUNT, matter="intent:k9", actor=actor, now=now)
    assert refused.value.refusals[0].code == "payments.barred"
    with pytest.raises(Refused) as refused:
        offer_guarantee(deposit, letter, actor=actor, now=now)
    assert refused.value.refusals[0].code == "payments.barred"
    with pytest.raises(Refused):
        pay_deposit(cast, deposit.matter, now)
    deposit.refresh_from_db()
    assert deposit.state == "requested"
    assert Event.objects.count() == events


# --- The till


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


# --- Refunds and the ledger


def test_refunds_are_ordered_at_the_bank_and_confirmed_late_ones_first(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    number = "6200000000000000026"
    change_bank_account(cast.enterprise, bank="=某银行", number=number, actor=cast.enterprise_agent.actor, now=now)
    late = a_deposit(cast, now, state="due_back")
    later = a_deposit(cast, now + timedelta(days=9), state="due_back", matter="intent:k2")
    finance = sign_in(market_finance(cast))
    page = finance.get(reverse("payments:refunds"))
    assert [deposit for deposit, _matter in page.context["rows"]] == [late, later]
    assert "逾期" in page.text
    assert late.payment is not None
    order = finance.post(reverse("payments:refund_orders"))
    lines = order.content.decode("utf-8-sig").splitlines()
    assert lines[1] == f"{cast.enterprise.name},'=某银行,\t{number},120000.00,退保证金 {late.payment.reference}"
    assert (len(lines), Event.objects.get(name="payments.orders_exported").payload["count"]) == (3, 2)
    address = reverse("payments:confirm_refund", args=[late.key])
    assert [finance.post(address).status_code for _ in range(2)] == [302, 409]


def test_supervisors_are_alarmed_by_a_late_refund(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit = a_deposit(cast, now, state="due_back")
    refunds = reverse("payments:refunds")

    def waiting() -> list[int]:
        return [desk.waiting for desk in desks_of(cast.supervisor.actor) if desk.url == refunds]

    assert waiting() == [0]
    note_overdue_refund(deposit, now=now + timedelta(days=30))
    assert waiting() == [1]
    assert "refund is late" in sign_in(cast.enterprise_agent).get("/en" + deposit.get_absolute_url()).text


def test_desks_say_what_waits(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    payer = {desk.url: desk.waiting for desk in desks_of(cast.enterprise_agent.actor)}
    assert payer[reverse("payments:my_deposits")] == 1
    pay_deposit(cast, intent.subject, now)
    withdraw_intent(intent, actor=cast.enterprise_agent.actor, now=now + timedelta(days=2))
    bring(cast, now, ("2026-03-10", "5", "无名", "", "B2"))
    till = {desk.url: desk for desk in desks_of(market_finance(cast).actor)}[reverse("payments:till")]
    assert till.waiting == 2


def test_the_ledger_shows_balances_entries_and_differences(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit = a_deposit(cast, now, state="held")
    bring(cast, now, ("2026-03-10", "5", "无名", "", "B2"))
    supervisor = sign_in(cast.supervisor)
    page = supervisor.get(reverse("payments:ledger"))
    assert page.context["flaws"] == []
    assert deposit.payment is not None
    assert {difference.reference for difference in page.context["differences"]} == {"B2", deposit.payment.reference}
    held = Account.objects.get(purpose="deposit_held")
    page = supervisor.get(reverse("payments:account", args=[held.pk]))
    assert page.context["balance"] == AMOUNT
    assert "120,000" in page.text
    assert supervisor.get(reverse("payments:account", args=[held.pk + 99])).status_code == 404
    assert supervisor.post(reverse("payments:confirm_lines")).status_code == 403
