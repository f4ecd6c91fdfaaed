"""The pages of settlements and payouts: each side sees its part, and every act can be done from the page that offers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.queries.settlements import plan_digest
from market.payments.models.payouts import Payout
from tests.documents_made import an_upload
from tests.payments.builders import market_finance
from tests.people import Cast, Member
from tests.settlement.builders import (
    a_delivered_settlement,
    a_dispute,
    a_paid_settlement,
    a_proposed_plan,
    a_report,
    a_settlement,
    pay_all,
)
from tests.settlement.test_money import a_mandate

type SignIn = Callable[[Member], Client]


def amounts(text: str) -> set[str]:
    """Every amount of yuan on a page."""
    return set(re.findall(r"\d[\d,]*\.\d\d", text))


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_plan_is_proposed_and_agreed_on_the_pages(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_settlement(cast, now, mode="instalments")
    seller, buyer = sign_in(cast.university_agent), sign_in(cast.enterprise_agent)
    form = {"dues-TOTAL_FORMS": "6", "dues-INITIAL_FORMS": "0"}
    rows = {"dues-0-amount": "50万", "dues-0-due_on": "2099-04-10", "dues-1-amount": "75万", "dues-1-due_on": "2099-05-10"}
    address = reverse("settlement:propose_plan", args=[settlement.key])
    wrong = seller.post(address, {**form, **rows, "dues-1-amount": "70万"})
    assert wrong.status_code == 422
    assert "1,250,000.00" in wrong.content.decode()
    assert "70万" in wrong.content.decode()
    half = seller.post(address, {**form, "dues-0-amount": "50万"})
    assert half.status_code == 422
    assert seller.post(address, {**form, **rows}).status_code == 302
    settlement.refresh_from_db()
    assert settlement.state == "proposed"
    shown = page(buyer, "settlement:settlement_page", settlement.key)
    assert plan_digest(settlement) in shown
    agreed = buyer.post(reverse("settlement:agree_plan", args=[settlement.key]), {"digest": plan_digest(settlement)})
    assert agreed.status_code == 302
    settlement.refresh_from_db()
    assert settlement.state == "running"


def test_a_royalty_is_planned_reported_and_accepted_on_the_pages(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_settlement(cast, now, mode="royalty")
    seller = sign_in(cast.university_agent)
    form = {
        "dues-TOTAL_FORMS": "6",
        "dues-INITIAL_FORMS": "0",
        "basis": "sales",
        "rate": "3.5",
        "every_months": "3",
        "first_day": "2026-05-01",
        "last_day": "2027-04-30",
    }
    assert "royalty" in settlement.payment_mode
    assert seller.post(reverse("settlement:propose_plan", args=[settlement.key]), form).status_code == 302
    report = a_report(cast, now)
    assert "28,000.00" in page(seller, "settlement:report_page", report.key)
    reason = {"reason": "少报一条生产线。"}
    assert seller.post(reverse("settlement:object_to_report", args=[report.key]), reason).status_code == 302
    supervisor = sign_in(cast.supervisor)
    assert settlement.contract.title in page(supervisor, "settlement:dispute_desk")
    decision = {"base": "900000", "reason": "按审计报告。"}
    assert supervisor.post(reverse("settlement:decide_report", args=[report.key]), decision).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.amount_fen) == ("accepted", 3150000)


def test_the_page_of_a_due_says_how_to_pay(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    due = a_settlement(cast, now).dues.get()
    assert due.payment is not None
    shown = page(sign_in(cast.enterprise_agent), "settlement:due_page", due.key)
    assert due.payment.reference in shown
    assert "1,130,000.00" in shown
    assert "data-copy" in shown
    assert "data-copy" not in page(sign_in(cast.university_agent), "settlement:due_page", due.key)


def test_the_buyer_confirms_delivery_on_the_page(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_paid_settlement(cast, now)
    buyer = sign_in(cast.enterprise_agent)
    address = reverse("settlement:confirm_delivery", args=[settlement.key])
    assert "1,250,000.00" in page(buyer, "settlement:confirm_delivery", settlement.key)
    assert buyer.post(address, {"is_delivered": ""}).status_code == 422
    assert buyer.post(address, {"is_delivered": "on"}).status_code == 302
    settlement.refresh_from_db()
    assert settlement.state == "closed"
    assert buyer.get(address).status_code == 409


def test_each_side_sees_its_part_of_the_statement(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_paid_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=True)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    seller = page(sign_in(cast.university_agent), "settlement:statement", settlement.key)
    # Fee, commission, the seller's own, net income, and the inventors' half of it by their shares.
    assert {"12,500.00", "30,000.00", "1,207,500.00", "603,750.00", "362,250.00", "241,500.00"} <= amounts(seller)
    assert "发明人甲" in seller
    buyer = page(sign_in(cast.enterprise_agent), "settlement:statement", settlement.key)
    whole = page(sign_in(cast.enterprise_agent), "settlement:settlement_page", settlement.key)
    for text in (buyer, whole):
        assert not {"12,500.00", "30,000.00", "603,750.00", "1,207,500.00"} & amounts(text)
        assert "发明人甲" not in text
        assert cast.institution.name not in text
    assert buyer.count("1,250,000.00") >= 3
    finance = page(sign_in(market_finance(cast)), "settlement:statement", settlement.key)
    assert "1,207,500.00" in finance
    assert sign_in(cast.outsider).get(reverse("settlement:statement", args=[settlement.key])).status_code == 404


def test_a_buyers_commission_is_not_shown_to_the_seller(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=False)
    due = settlement.dues.get(kind="commission")
    seller, buyer = sign_in(cast.university_agent), sign_in(cast.enterprise_agent)
    assert "30,000.00" in amounts(page(buyer, "settlement:settlement_page", settlement.key))
    assert "30,000.00" not in amounts(page(seller, "settlement:settlement_page", settlement.key))
    assert seller.get(due.get_absolute_url()).status_code == 404


def test_the_statement_can_be_downloaded_as_a_pdf(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_delivered_settlement(cast, now, paid=True)
    for member, sees in ((cast.university_agent, True), (cast.enterprise_agent, False)):
        response = sign_in(member).get(reverse("settlement:download_statement", args=[settlement.key]))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        text = "".join(each.extract_text() for each in pypdf.PdfReader(BytesIO(response.content)).pages)
        assert "1,250,000.00" in text
        assert ("12,500.00" in amounts(text)) is sees


def test_a_dispute_is_opened_answered_and_decided_on_the_pages(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_paid_settlement(cast, now)
    buyer, seller, supervisor = sign_in(cast.enterprise_agent), sign_in(cast.university_agent), sign_in(cast.supervisor)
    opened = buyer.post(
        reverse("settlement:open_dispute", args=[settlement.key]),
        {"reason": "缺少控制软件。", "documents": an_upload("验收单.pdf")},
    )
    assert opened.status_code == 302
    dispute = SettlementDispute.objects.get()
    paper = dispute.documents.get()
    assert seller.get(paper.get_absolute_url()).status_code == 200
    assert sign_in(cast.outsider).get(paper.get_absolute_url()).status_code == 404
    assert "缺少控制软件。" in page(seller, "settlement:dispute_page", dispute.key)
    said = {"answer": "已交付。"}
    assert seller.post(reverse("settlement:answer_dispute", args=[dispute.key]), said).status_code == 302
    address = reverse("settlement:decide_dispute", args=[dispute.key])
    assert settlement.contract.title in page(supervisor, "settlement:dispute_desk")
    decision = {"outcome": "split", "to_seller": "2000000", "grounds": "部分交付。"}
    refused = supervisor.post(address, decision)
    assert refused.status_code == 422
    assert "1,250,000.00" in refused.content.decode()
    assert supervisor.post(address, {**decision, "to_seller": "1000000"}).status_code == 302
    settlement.refresh_from_db()
    assert settlement.state == "ended"
    assert "250,000.00" in page(buyer, "settlement:settlement_page", settlement.key)


def test_a_dispute_is_withdrawn_by_whoever_opened_it(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    dispute = a_dispute(cast, now)
    address = reverse("settlement:withdraw_dispute", args=[dispute.key])
    assert sign_in(cast.university_agent).post(address).status_code == 403
    assert sign_in(cast.enterprise_agent).post(address).status_code == 302
    dispute.refresh_from_db()
    assert dispute.state == "withdrawn"


def test_the_seller_keeps_its_account_of_the_deal(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_delivered_settlement(cast, now, paid=True)
    seller = sign_in(cast.university_agent)
    cost = {"what": "评估费", "amount": "7500", "documents": an_upload("发票.pdf")}
    assert seller.post(reverse("settlement:enter_cost", args=[settlement.key]), cost).status_code == 302
    assert seller.post(reverse("settlement:set_inventors_share", args=[settlement.key]), {"rate": "40"}).status_code == 422
    seventy = {"rate": "70", "pays_apart": "on"}
    assert seller.post(reverse("settlement:set_inventors_share", args=[settlement.key]), seventy).status_code == 302
    settlement.refresh_from_db()
    assert settlement.pays_reward_apart
    # 70 per cent of 1,250,000 less 12,500 and 7,500.
    assert "861,000.00" in page(seller, "settlement:settlement_page", settlement.key)
    entered = settlement.costs.get()
    assert sign_in(cast.enterprise_agent).get(entered.document.get_absolute_url()).status_code == 404
    assert seller.post(reverse("settlement:remove_cost", args=[settlement.key, entered.pk])).status_code == 302
    assert "评估费" in page(seller, "settlement:settlement_page", settlement.key)


def test_finance_pays_out_on_the_pages_and_the_payee_sees_it(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_delivered_settlement(cast, now, paid=True)
    payout = Payout.objects.get()
    finance, payee = sign_in(market_finance(cast)), sign_in(cast.university_finance)
    assert payout.payee.name in page(finance, "payments:payouts")
    orders = finance.post(reverse("payments:payout_orders"))
    assert f"技术交易价款 {payout.reference}" in orders.content.decode("utf-8-sig")
    address = reverse("payments:confirm_payout", args=[payout.key])
    assert payee.post(address, {"bank_reference": "1"}).status_code == 403
    assert finance.post(address, {"bank_reference": ""}).status_code == 422
    assert finance.post(address, {"bank_reference": "20260310000123"}).status_code == 302
    assert "20260310000123" in page(payee, "payments:payout_page", payout.key)
    assert "1,237,500.00" in page(payee, "payments:my_payouts")
    back = {"reason": "账号有误"}
    assert finance.post(reverse("payments:return_payout", args=[payout.key]), back).status_code == 302
    payout.refresh_from_db()
    assert payout.state == "ordered"


def test_the_deals_page_leads_to_its_settlement(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    settlement = a_settlement(cast, now)
    assert settlement.get_absolute_url() in page(
        sign_in(cast.enterprise_agent), "listings:deal_page", settlement.contract.deal.key
    )


@pytest.mark.parametrize("who", ["university_agent", "enterprise_agent", "supervisor", "registrar", "till"])
def test_every_page_of_a_settlement_can_be_read_in_both_languages(cast: Cast, now: datetime, sign_in: SignIn, who: str) -> None:
    settlement = a_proposed_plan(cast, now)
    paid = a_paid_settlement(cast, now)
    dispute = a_dispute(cast, now, settlement=paid, documents=["证据.pdf"])
    client = sign_in(market_finance(cast) if who == "till" else getattr(cast, who))
    addresses = [each.get_absolute_url() for each in (settlement, paid)]
    addresses += [f"{address}statement/" for address in addresses]
    addresses += [dispute.get_absolute_url(), reverse("settlement:my_settlements")]
    for address in addresses:
        assert client.get(address).status_code == 200
        assert client.get(f"/en{address}").status_code == 200


def test_the_workbench_says_what_is_to_be_done(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    from market.accounts.desks import desks_of

    settlement = a_settlement(cast, now)
    by_title = {str(desk.title): desk for desk in desks_of(cast.enterprise_agent.actor)}
    assert by_title["结算"].waiting == 1
    pay_all(cast, settlement, now)
    a_dispute(cast, now, settlement=Settlement.objects.get())
    by_title = {str(desk.title): desk for desk in desks_of(cast.supervisor.actor)}
    assert by_title["款项争议"].waiting == 1
