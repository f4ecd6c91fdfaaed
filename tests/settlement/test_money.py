"""A settlement's money from the plan to the statement: escrow, release, commissions, disputes and payouts, and the ledger under it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from brokers.actions.commissions import credit_commissions, reverse_commissions
from brokers.actions.introductions import agree_to_bear
from brokers.rules import CommissionTerms
from brokers.tasks import on_end_of_settlement
from contracts.actions.decisions import propose_decision, recognise_contract
from contracts.actions.recognition import withdraw_application
from contracts.models import Application
from contracts.settlement.actions.books import set_inventors_share
from contracts.settlement.actions.delivery import confirm_delivery, report_delivery
from contracts.settlement.actions.disputes import answer_dispute, decide_dispute, open_dispute, withdraw_dispute
from contracts.settlement.actions.plans import open_settlement
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.queries.money import sums_of
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.tasks import on_refund
from market.accounts.models import Organisation
from market.events.models import Event
from market.payments.actions.payouts import confirm_payout, return_payout
from market.payments.kinds import Purpose
from market.payments.models.payouts import Payout
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.queries.payouts import payout_orders, payout_sums
from market.payments.rules.ledger import AccountKey
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.brokers.builders import a_sellers_engagement, an_engagement, an_introduction
from tests.contracts.builders import an_application, answer_flags
from tests.house.rows import everything
from tests.payments.builders import market_finance
from tests.people import Cast
from tests.refused import refused_with
from tests.settlement.builders import (
    CARRIED,
    PRICE,
    a_delivered_settlement,
    a_dispute,
    a_paid_settlement,
    a_settlement,
    an_agreed_plan,
    pay,
    pay_all,
)

FEE = Money.yuan("12500")


def on(purpose: Purpose, organisation: Organisation | None = None) -> Money:
    return balance(AccountKey(purpose.value, organisation.pk if organisation else 0))


def holds(settlement: Settlement) -> None:
    """What came in is held, released or given back, and the ledger says the same."""
    sums = sums_of(settlement)
    assert sums.carried + sums.paid == sums.held + sums.released + sums.refunded
    assert on(Purpose.ESCROW, settlement.contract.buyer) == sums.held
    assert ledger_flaws() == []


def test_a_lump_sum_is_asked_for_at_once_without_the_carried_deposit(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    due = settlement.dues.get()
    assert settlement.state == "running"
    assert (due.amount, due.carried, due.to_pay) == (PRICE, CARRIED, PRICE - CARRIED)
    assert due.payment is not None
    assert (due.payment.amount, due.payment.purpose, due.payer) == (PRICE - CARRIED, "escrow", cast.enterprise)
    # Five working days from Tuesday the 10th of March.
    assert due.due_on == date(2026, 3, 17)
    assert on(Purpose.ESCROW, cast.enterprise) == CARRIED
    holds(settlement)


def test_a_settlement_is_opened_once(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    before = everything()
    assert open_settlement(settlement.contract, now=now) == settlement
    assert everything() == before


def test_money_that_came_in_lies_in_escrow_until_delivery_is_confirmed(cast: Cast, now: datetime) -> None:
    settlement = a_paid_settlement(cast, now)
    assert settlement.dues.get().state == "paid"
    sums = sums_of(settlement)
    assert (sums.held, sums.earned, sums.released) == (PRICE, PRICE, ZERO)
    assert not Payout.objects.exists()
    holds(settlement)


def test_confirmed_delivery_pays_seller_and_fee_and_settles(cast: Cast, now: datetime) -> None:
    settlement = confirm_delivery(a_paid_settlement(cast, now), actor=cast.enterprise_agent.actor, now=now)
    assert settlement.state == "closed"
    assert on(Purpose.PLATFORM_FEE) == FEE
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == PRICE - FEE
    payout = Payout.objects.get()
    assert (payout.payee, payout.amount, payout.purpose) == (cast.university, PRICE - FEE, "payable_to_seller")
    paid = Event.objects.get(name="settlement.paid").payload
    assert (paid["amount_fen"], paid["total_fen"], paid["contract"]) == (PRICE.fen, PRICE.fen, settlement.contract.key)
    holds(settlement)


def test_what_is_paid_after_delivery_goes_on_at_once(cast: Cast, now: datetime) -> None:
    settlement = a_delivered_settlement(cast, now)
    assert settlement.state == "delivered"
    assert sums_of(settlement).held == CARRIED
    pay_all(cast, settlement, now)
    settlement.refresh_from_db()
    assert settlement.state == "closed"
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == PRICE - FEE
    holds(settlement)


def test_nobody_but_the_buyer_confirms_delivery(cast: Cast, now: datetime) -> None:
    settlement = a_paid_settlement(cast, now)
    for member in (cast.university_agent, cast.outsider, cast.supervisor, market_finance(cast)):
        before = everything()
        with pytest.raises(Forbidden):
            confirm_delivery(settlement, actor=member.actor, now=now)
        assert everything() == before


def test_the_seller_states_delivery_once(cast: Cast, now: datetime) -> None:
    settlement = report_delivery(a_settlement(cast, now), actor=cast.university_agent.actor, now=now)
    assert settlement.state == "running"
    with pytest.raises(OutOfTurn) as refused:
        report_delivery(settlement, actor=cast.university_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.delivery_reported_before"


def test_instalments_are_released_as_they_are_paid_and_the_deposit_counts_first(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now)
    first, second, third = settlement.dues.filter(state="awaited")
    assert [due.to_pay for due in (first, second, third)] == [Money.yuan("255000"), Money.yuan("500000"), Money.yuan("375000")]
    pay(cast, first, now)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert sums_of(settlement).released == Money.yuan("375000")
    for due in (second, third):
        pay(cast, due, now + timedelta(days=30))
    settlement.refresh_from_db()
    assert settlement.state == "closed"
    assert on(Purpose.PLATFORM_FEE) == FEE
    assert [row.released for row in settlement.disbursements.all()] == [Money.yuan(y) for y in ("375000", "500000", "375000")]
    holds(settlement)


def test_the_inventors_share_is_paid_out_by_itself_where_the_seller_asks(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now)
    first, second, third = settlement.dues.filter(state="awaited")
    pay(cast, first, now)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert on(Purpose.REWARD_PAYABLE, cast.university) == ZERO
    set_inventors_share(settlement, Decimal("0.6"), pays_apart=True, actor=cast.university_agent.actor, now=now)
    # The second instalment makes up for the first: 60 per cent of 875,000 less the fee is more than it leaves.
    pay(cast, second, now)
    assert on(Purpose.REWARD_PAYABLE, cast.university) == Money.yuan("495000")
    pay(cast, third, now)
    # 60 per cent of 1,250,000 less the fee of 12,500.
    assert on(Purpose.REWARD_PAYABLE, cast.university) == Money.yuan("742500")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == Money.yuan("495000")
    orders = [order for order in payout_orders() if "成果完成人奖励" in order.remark]
    assert [(order.payee, order.amount.fen) for order in orders] == [
        (cast.university.name, 49_500_000),
        (cast.university.name, 24_750_000),
    ]
    holds(settlement)


# --- Commissions


def a_mandate(cast: Cast, settlement: Settlement, now: datetime, *, of_seller: bool, **terms: object) -> None:
    """A broker of this side whose commission was credited for the deal."""
    engage = a_sellers_engagement if of_seller else an_engagement
    engage(cast, settlement.contract.deal.listing, now, **terms)
    credit_commissions(settlement.contract.deal, contract_value=PRICE, reason="合同登记", now=now)


def test_the_sellers_broker_is_paid_out_of_what_is_released(cast: Cast, now: datetime) -> None:
    settlement = a_paid_settlement(cast, now)
    shares = {cast.institution.pk: Decimal("0.7"), cast.rival.pk: Decimal("0.3")}
    a_mandate(cast, settlement, now, of_seller=True, shares=shares)
    settlement = confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("21000")
    assert on(Purpose.COMMISSION_PAYABLE, cast.rival) == Money.yuan("9000")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == PRICE - FEE - Money.yuan("30000")
    assert payout_sums().total == PRICE - FEE
    holds(settlement)


def test_a_commission_credited_after_the_release_is_asked_of_the_seller(cast: Cast, now: datetime) -> None:
    settlement = a_delivered_settlement(cast, now, paid=True)
    a_mandate(cast, settlement, now, of_seller=True)
    due = settlement.dues.get(kind="commission")
    assert (due.payer, due.amount, due.state) == (cast.university, Money.yuan("30000"), "awaited")
    pay(cast, due, now)
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("30000")
    assert on(Purpose.ESCROW, cast.university) == ZERO
    holds(settlement)


def test_the_buyers_broker_is_paid_beside_the_price(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=False)
    due = settlement.dues.get(kind="commission")
    assert (due.payer, due.carried, due.to_pay) == (cast.enterprise, ZERO, Money.yuan("30000"))
    pay(cast, due, now)
    due.refresh_from_db()
    assert due.state == "paid"
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("30000")
    assert sums_of(settlement).held == CARRIED
    holds(settlement)


def test_each_party_pays_its_part_of_a_commission(cast: Cast, now: datetime) -> None:
    """The seller's goes off what is released, the buyer's is asked for; a reversal asks neither for more."""
    settlement = a_paid_settlement(cast, now)
    deal = settlement.contract.dealt
    mandate = a_sellers_engagement(cast, deal.listing, now, principal_share=Decimal("0.75"))
    introduction = an_introduction(cast, now, mandate, introduced=cast.enterprise)
    agree_to_bear(introduction, actor=cast.enterprise_agent.actor, now=now)
    credit_commissions(deal, contract_value=PRICE, reason="合同登记", now=now)
    due = settlement.dues.get(kind="commission")
    assert (due.payer, due.amount) == (cast.enterprise, Money.yuan("7500"))
    settlement = confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("22500")
    pay(cast, due, now)
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("30000")
    assert on(Purpose.ESCROW, cast.enterprise) == ZERO
    holds(settlement)


def test_a_commission_that_exceeds_one_instalment_takes_the_rest_from_the_next(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now)
    terms = CommissionTerms(rate=None, fixed=Money.yuan("400000"), cap=None)
    a_mandate(cast, settlement, now, of_seller=True, commission=terms)
    first, second, _third = settlement.dues.filter(state="awaited")
    pay(cast, first, now)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == ZERO
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("371250")
    pay(cast, second, now)
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == Money.yuan("400000")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == Money.yuan("466250")
    holds(settlement)


def test_a_reversed_commission_is_no_longer_asked_for(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=False)
    reverse_commissions(settlement.contract.deal, now=now)
    due = settlement.dues.get(kind="commission")
    assert due.payment is not None
    assert (due.state, due.payment.state) == ("cancelled", "cancelled")
    # Crediting and reversing once more changes nothing.
    before = everything()
    reverse_commissions(settlement.contract.deal, now=now)
    assert everything() == before


def test_money_that_comes_for_a_commission_just_reversed_goes_back(cast: Cast, now: datetime) -> None:
    from contracts.settlement.actions.escrow import receive_payment_of_due
    from market.payments.actions.deposits import confirm_payment

    settlement = a_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=False)
    due = settlement.dues.get(kind="commission")
    assert due.payment is not None
    confirm_payment(due.payment, actor=market_finance(cast).actor, now=now)
    reverse_commissions(settlement.contract.deal, now=now)
    receive_payment_of_due(due.payment, now=now)
    assert on(Purpose.REFUNDS, cast.enterprise) == Money.yuan("30000")
    assert on(Purpose.COMMISSION_PAYABLE, cast.institution) == ZERO
    holds(settlement)


# --- Disputes


def test_a_dispute_keeps_the_money_where_it_is(cast: Cast, now: datetime) -> None:
    dispute = a_dispute(cast, now)
    before = everything()
    with pytest.raises(OutOfTurn) as refused:
        confirm_delivery(dispute.settlement, actor=cast.enterprise_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.disputed"
    assert everything() == before


def test_a_decision_to_release_stands_for_the_buyers_confirmation(cast: Cast, now: datetime) -> None:
    dispute = a_dispute(cast, now)
    answer_dispute(dispute, answer="软件已于验收时移交。", documents=[], actor=cast.university_agent.actor, now=now)
    decided = decide_dispute(dispute, Outcome.RELEASE, grounds="验收单已由受让方签字。", actor=cast.supervisor.actor, now=now)
    settlement = Settlement.objects.get()
    assert (decided.to_seller, decided.to_buyer, settlement.state) == (PRICE, ZERO, "closed")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == PRICE - FEE
    holds(settlement)


def test_a_refund_gives_everything_back_without_fee_and_reverses_the_commission(cast: Cast, now: datetime) -> None:
    settlement = a_paid_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=True)
    dispute = a_dispute(cast, now, settlement=settlement)
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    on_end_of_settlement(Event.objects.get(name="settlement.ended"))
    settlement.refresh_from_db()
    assert settlement.state == "ended"
    assert on(Purpose.REFUNDS, cast.enterprise) == PRICE
    assert on(Purpose.PLATFORM_FEE) == ZERO
    assert [part.open for part in settlement.commission_parts.all()] == [ZERO]
    assert Payout.objects.get().payee == cast.enterprise
    holds(settlement)


def test_a_split_ends_the_settlement_and_what_was_not_paid_is_no_longer_asked_for(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now)
    first, *others = settlement.dues.filter(state="awaited")
    pay(cast, first, now)
    dispute = a_dispute(cast, now, settlement=settlement)
    part = Money.yuan("100000")
    decide_dispute(dispute, Outcome.SPLIT, to_seller=part, grounds="部分交付。", actor=cast.supervisor.actor, now=now)
    settlement.refresh_from_db()
    assert settlement.state == "ended"
    for due in others:
        due.refresh_from_db()
        assert due.payment is not None
        assert (due.state, due.payment.state) == ("cancelled", "cancelled")
    assert on(Purpose.REFUNDS, cast.enterprise) == Money.yuan("275000")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == Money.yuan("99000")
    assert sums_of(settlement).held == ZERO
    holds(settlement)


def test_the_money_goes_on_when_a_dispute_after_delivery_is_withdrawn(cast: Cast, now: datetime) -> None:
    settlement = a_delivered_settlement(cast, now)
    dispute = open_dispute(settlement, reason="余款未付。", documents=[], actor=cast.university_agent.actor, now=now)
    pay_all(cast, settlement, now)
    assert sums_of(settlement).held == PRICE
    withdraw_dispute(dispute, actor=cast.university_agent.actor, now=now)
    settlement.refresh_from_db()
    assert settlement.state == "closed"
    holds(settlement)


def test_one_dispute_at_a_time_and_none_after_the_end(cast: Cast, now: datetime) -> None:
    dispute = a_dispute(cast, now)
    with pytest.raises(OutOfTurn) as refused:
        a_dispute(cast, now, settlement=dispute.settlement)
    assert refused.value.refusals[0].code == "settlement.dispute_open"
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    with pytest.raises(OutOfTurn) as refused:
        a_dispute(cast, now, settlement=dispute.settlement)
    assert refused.value.refusals[0].code == "settlement.over"


def test_who_belongs_to_a_side_does_not_decide(cast: Cast, now: datetime) -> None:
    from market.accounts.models import Membership

    dispute = a_dispute(cast, now)
    Membership.objects.create(person=cast.supervisor.person, organisation=cast.enterprise, role="agent")
    before = everything()
    with pytest.raises(Forbidden) as refused:
        decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.own_settlement"
    with pytest.raises(Forbidden):
        decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.registrar.actor, now=now)
    assert everything() == before


# --- Payouts


def test_finance_pays_out_and_the_ledger_moves_to_the_bank(cast: Cast, now: datetime) -> None:
    settlement = a_delivered_settlement(cast, now, paid=True)
    till = market_finance(cast).actor
    payout = confirm_payout(Payout.objects.get(), bank_reference=" 20260310X1 ", actor=till, now=now)
    assert (payout.state, payout.bank_reference) == ("paid", "20260310X1")
    assert on(Purpose.PAYABLE_TO_SELLER, cast.university) == ZERO
    assert on(Purpose.BANK) == -FEE
    with pytest.raises(OutOfTurn):
        confirm_payout(payout, bank_reference="20260310X2", actor=till, now=now)
    holds(settlement)


def test_what_the_bank_gives_back_is_paid_out_anew(cast: Cast, now: datetime) -> None:
    a_delivered_settlement(cast, now, paid=True)
    till = market_finance(cast).actor
    payout = confirm_payout(Payout.objects.get(), bank_reference="1", actor=till, now=now)
    payout = return_payout(payout, reason="账号有误", actor=till, now=now)
    assert (payout.state, on(Purpose.PAYABLE_TO_SELLER, cast.university)) == ("ordered", PRICE - FEE)
    payout = confirm_payout(payout, bank_reference="2", actor=till, now=now)
    assert (payout.times_paid, on(Purpose.PAYABLE_TO_SELLER, cast.university)) == (2, ZERO)
    assert ledger_flaws() == []


def test_one_transfer_of_the_bank_pays_one_order(cast: Cast, now: datetime) -> None:
    settlement = a_paid_settlement(cast, now)
    a_mandate(cast, settlement, now, of_seller=True)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    one, other = Payout.objects.all()
    till = market_finance(cast).actor
    confirm_payout(one, bank_reference="1", actor=till, now=now)
    for number, code in (("1", "payments.bank_reference_known"), (" ", "payments.bank_reference_missing")):
        before = everything()
        with pytest.raises(Refused) as refused:
            confirm_payout(other, bank_reference=number, actor=till, now=now)
        assert refused.value.refusals[0].code == code
        assert everything() == before
    with pytest.raises(Forbidden):
        confirm_payout(other, bank_reference="2", actor=cast.university_finance.actor, now=now)


def test_the_registrar_sees_what_went_back_whether_before_the_application_or_after_it_was_proposed(
    cast: Cast, now: datetime
) -> None:
    """The radar's sign "money given back", with its amount; a proposal is not confirmed over it."""
    settlement = a_paid_settlement(cast, now)
    application = an_application(cast, now, contract=settlement.contract)
    answer_flags(cast, application, now)
    value = Money(application.technology_value_fen)
    assert not application.flags.filter(code="money_given_back").exists()
    propose_decision(application, proposal="recognise", value=value, actor=cast.registrar.actor, now=now)
    before = Application.objects.get(pk=application.pk).weight
    dispute = a_dispute(cast, now, settlement=settlement)
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    on_refund(Event.objects.get(name="settlement.refunded"))
    application.refresh_from_db()
    flag = application.flags.get(code="money_given_back")
    assert (flag.data, application.weight) == ({"amount": str(PRICE)}, before + flag.weight)
    with refused_with("contracts.flags_open"):
        recognise_contract(application, technology_value=value, actor=cast.second_registrar.actor, now=now)
    withdraw_application(application, actor=cast.university_agent.actor, now=now)
    again = an_application(cast, now, contract=settlement.contract)
    assert again.flags.get(code="money_given_back").data == {"amount": str(PRICE)}
    on_refund(Event.objects.get(name="settlement.refunded"))
    assert again.flags.filter(code="money_given_back").count() == 1
