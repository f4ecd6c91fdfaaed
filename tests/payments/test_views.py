"""The pages of deposits, of refunds and of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from listings.actions.intents import withdraw_intent
from listings.models.listings import Notice
from market.accounts.actions import suspend_organisation
from market.accounts.desks import desks_of
from market.accounts.models import Organisation
from market.accounts.states import OrganisationState
from market.events.models import Event
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.actions.deposits import note_overdue_refund, offer_guarantee, request_deposit
from market.payments.models.bank_accounts import BankAccount
from market.payments.models.deposits import Deposit
from market.payments.models.ledger import Account
from market.payments.queries.deposits import deposit_sums, latest_deposit
from market.values.dates import SHANGHAI
from market.values.money import ZERO
from market.values.refusal import Refused
from tests.documents_made import a_document, an_upload
from tests.listings.builders import a_listing, an_intent
from tests.payments.builders import AMOUNT, a_deposit, a_row, bring, market_finance, pay_deposit
from tests.people import Cast, Member
from tests.second_factor import prove_identity

SignIn = Callable[[Member], Client]


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
    assert f'data-countdown="{deposit.due_back_on:%Y-%m}' in page.text or page.context["now"] > page.context["due"].ends_at


def test_what_is_held_is_free_while_the_intent_can_be_withdrawn_and_bound_afterwards(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    listing = a_listing(cast, now)
    intent = an_intent(cast, listing, now)
    deposit, buyer = latest_deposit(intent.subject), sign_in(cast.enterprise_agent)
    assert deposit is not None
    ends_at = datetime(2099, 3, 31, 17, tzinfo=SHANGHAI)
    Notice.objects.filter(listing=listing).update(ends_at=ends_at)
    awaited = buyer.get(deposit.get_absolute_url()).text
    assert "到账截止时间" in awaited
    assert f'data-countdown="{ends_at.isoformat()}"' in awaited
    pay_deposit(cast, intent.subject, now)
    actor = cast.enterprise_agent.actor
    before, after = (deposit_sums(actor, now=moment) for moment in (now, ends_at))
    assert (before.free, before.bound) == (AMOUNT, ZERO)
    assert (after.free, after.bound, after.held) == (ZERO, AMOUNT, AMOUNT)
    held = buyer.get(deposit.get_absolute_url())
    assert "可取回截止时间" in held.text
    assert 'data-countdown="' in held.text
    Notice.objects.filter(listing=listing).update(ends_at=now - timedelta(days=1))
    assert "已锁定" in buyer.get(deposit.get_absolute_url()).text
    # An objection suspends the notice: nobody can say when it ends, and until then the intent can be withdrawn.
    Notice.objects.filter(listing=listing).update(ends_at=None)
    assert "公告因异议暂停中" in buyer.get(deposit.get_absolute_url()).text


def test_the_list_says_what_is_free_and_by_when_the_rest_is_due_back(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    later = a_deposit(cast, now + timedelta(days=9), state="due_back")
    first = a_deposit(cast, now, state="due_back", matter="intent:k2")
    a_deposit(cast, now, state="held", matter="intent:k3")
    a_deposit(cast, now, matter="intent:k4")
    page = sign_in(cast.enterprise_agent).get("/en" + reverse("payments:my_deposits"))
    sums = page.context["sums"]
    assert (sums.requested, sums.held, sums.bound, sums.due_back) == (AMOUNT, AMOUNT, AMOUNT, AMOUNT + AMOUNT)
    assert first.due_back_on is not None
    assert sums.first_due_back_on == first.due_back_on != later.due_back_on
    assert f"the first by {first.due_back_on.day} {first.due_back_on:%B %Y}" in page.text


def test_whoever_is_suspended_is_shown_no_way_to_pay(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deposit, buyer, finance = a_deposit(cast, now), sign_in(cast.enterprise_agent), sign_in(market_finance(cast))
    (line,) = bring(cast, now, a_row(deposit))
    assert buyer.get(deposit.get_absolute_url()).context["ways"]
    suspend_organisation(cast.enterprise, reason="失信", actor=cast.administrator.actor, now=now)
    page = buyer.get(deposit.get_absolute_url())
    assert page.context["ways"] == []
    assert reverse("payments:offer_letter", args=[deposit.key]) not in page.text
    assert "本单位已被暂停资格" in page.text
    # Money that comes in all the same is not held; finance is told what to do with it.
    events = Event.objects.count()
    refused = finance.post(reverse("payments:line", args=[line.pk]), {"decision": "confirm"})
    assert refused.status_code == 422
    assert "付款方已被暂停资格" in refused.text
    assert Event.objects.count() == events
    back = {"decision": "send_back", "reason": "付款方已被暂停资格"}
    assert finance.post(reverse("payments:line", args=[line.pk]), back).status_code == 302


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
    with pytest.raises(Refused) as refused:
        pay_deposit(cast, deposit.matter, now)
    assert refused.value.refusals[0].code == "payments.payer_barred"
    deposit.refresh_from_db()
    assert deposit.state == "requested"
    assert Event.objects.count() == events


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
    bank = Account.objects.get(purpose="bank")
    # What is at the bank is read as more, though the ledger takes it for a source.
    for address in ["/en" + reverse("payments:account", args=[account.pk]) for account in (held, bank)]:
        page = supervisor.get(address)
        assert page.context["balance"] == AMOUNT
        assert "+¥120,000.00" in page.text
    assert supervisor.get(reverse("payments:account", args=[held.pk + 99])).status_code == 404
    assert supervisor.post(reverse("payments:confirm_lines")).status_code == 403
