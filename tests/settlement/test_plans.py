"""Plans of payment, reports on royalties, and the seller's own account of the deal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.settlement.actions.books import enter_cost, remove_cost, set_inventors_share
from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.actions.disputes import decide_dispute
from contracts.settlement.actions.plans import Plan, agree_plan, propose_plan
from contracts.settlement.actions.royalties import accept_report, correct_report, decide_report, object_to_report, report_royalty
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.queries.money import sums_of
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.tasks import look_after, on_contract, on_payment
from market.events.models import Event
from market.payments.actions.deposits import confirm_payment
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import a_contract
from tests.documents_made import a_document
from tests.house.rows import everything
from tests.payments.builders import market_finance
from tests.people import Cast
from tests.settlement.builders import (
    CARRIED,
    PRICE,
    ROYALTY,
    a_dispute,
    a_plan,
    a_proposed_plan,
    a_report,
    a_settlement,
    after,
    an_agreed_plan,
    instalments,
    pay,
    pay_all,
)


def test_the_worker_opens_a_settlement_and_hears_of_its_money(cast: Cast, now: datetime) -> None:
    a_contract(cast, now)
    event = Event.objects.get(name="contract.agreed")
    on_contract(event)
    on_contract(event)
    settlement = Settlement.objects.get()
    due = settlement.dues.get()
    assert due.payment is not None
    confirm_payment(due.payment, actor=market_finance(cast).actor, now=now)
    for received in Event.objects.filter(name="payment.received"):
        on_payment(received)
    due.refresh_from_db()
    assert due.state == "paid"


def test_a_plan_is_agreed_by_the_side_that_did_not_propose_it(cast: Cast, now: datetime) -> None:
    settlement = a_proposed_plan(cast, now)
    digest = plan_digest(settlement)
    before = everything()
    with pytest.raises(OutOfTurn) as refused:
        agree_plan(settlement, digest=digest, actor=cast.university_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.plan_by_yourself"
    for member in (cast.outsider, cast.supervisor, cast.university_finance):
        with pytest.raises(Forbidden):
            agree_plan(settlement, digest=digest, actor=member.actor, now=now)
    assert everything() == before
    agreed = agree_plan(settlement, digest=digest, actor=cast.enterprise_agent.actor, now=now)
    assert agreed.state == "running"
    assert [due.state for due in agreed.dues.all()] == ["awaited"] * 3


def test_a_plan_proposed_anew_is_agreed_to_anew(cast: Cast, now: datetime) -> None:
    settlement = a_proposed_plan(cast, now)
    seen = plan_digest(settlement)
    other = Plan(instalments(now, "625000", "625000"))
    propose_plan(settlement, other, actor=cast.university_agent.actor, now=now)
    before = everything()
    with pytest.raises(OutOfTurn) as refused:
        agree_plan(settlement, digest=seen, actor=cast.enterprise_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.plan_changed"
    assert everything() == before
    assert [due.state for due in settlement.dues.order_by("number")] == ["cancelled"] * 3 + ["planned"] * 2


def test_a_plan_that_the_rules_refuse_leaves_the_one_before(cast: Cast, now: datetime) -> None:
    settlement = a_proposed_plan(cast, now)
    before = everything()
    for plan, code in (
        (Plan(), "settlement.number_of_dues"),
        (Plan(instalments(now, "1000000")), "settlement.plan_not_the_price"),
        (Plan(instalments(now, "1250000"), ROYALTY), "settlement.no_royalty"),
    ):
        with pytest.raises(Refused) as refused:
            propose_plan(settlement, plan, actor=cast.enterprise_agent.actor, now=now)
        assert code in {refusal.code for refusal in refused.value.refusals}
    assert everything() == before


def test_a_royalty_needs_its_terms(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now, mode="royalty")
    with pytest.raises(Refused) as refused:
        propose_plan(settlement, Plan(), actor=cast.university_agent.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == ["settlement.royalty_missing"]


def test_an_agreed_royalty_expects_a_report_for_each_quarter(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now, mode="royalty_entry")
    days = [(str(report.first_day), str(report.last_day), str(report.due_on)) for report in settlement.reports.all()]
    assert days[0] == ("2026-05-01", "2026-07-31", "2026-08-15")
    assert days[-1] == ("2027-02-01", "2027-04-30", "2027-05-15")
    assert len(days) == 4
    fee = settlement.dues.get(kind="entry_fee")
    assert (fee.amount, fee.carried) == (Money.yuan("200000"), CARRIED)


def test_an_accepted_report_makes_its_royalty_due(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    assert (report.state, report.amount) == ("reported", Money.yuan("28000"))
    accepted = accept_report(report, actor=cast.university_agent.actor, now=after(report))
    assert accepted.due is not None
    # The carried deposit counts towards the royalties that come.
    assert (accepted.due.amount, accepted.due.carried, accepted.due.state) == (Money.yuan("28000"), Money.yuan("28000"), "paid")
    assert sums_of(report.settlement).credit == Money.yuan("92000")


def test_a_report_on_nothing_sold_asks_for_nothing(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now, reported=False)
    actor = cast.enterprise_agent.actor
    reported = report_royalty(report, base=ZERO, documents=[], actor=actor, now=after(report))
    accepted = accept_report(reported, actor=cast.university_agent.actor, now=after(report))
    assert (accepted.state, accepted.due) == ("accepted", None)


def test_the_period_has_to_be_over(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now, reported=False)
    before = everything()
    with pytest.raises(Refused) as refused:
        report_royalty(report, base=ZERO, documents=[], actor=cast.enterprise_agent.actor, now=now)
    assert refused.value.refusals[0].code == "settlement.period_not_over"
    assert everything() == before


def test_an_objection_is_answered_by_a_correction_or_decided_by_a_supervisor(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    seller, buyer = cast.university_agent.actor, cast.enterprise_agent.actor
    report = object_to_report(report, reason="少报一条生产线。", actor=seller, now=after(report))
    report = correct_report(report, base=Money.yuan("850000"), documents=[], actor=buyer, now=after(report))
    assert (report.state, report.amount, report.objection) == ("reported", Money.yuan("29750"), "")
    report = object_to_report(report, reason="仍不符。", actor=seller, now=after(report))
    base = Money.yuan("1000000")
    report = decide_report(report, base=base, reason="按审计报告。", actor=cast.supervisor.actor, now=after(report))
    assert (report.state, report.amount) == ("accepted", Money.yuan("35000"))
    assert report.due is not None


def test_what_nobody_objected_to_in_time_stands(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    look_after(after(report, days=10))
    report.refresh_from_db()
    assert report.state == "reported"
    # Ten working days after the 1st of August, a Saturday, end on the 14th.
    assert str(report.due_on) == "2026-08-14"
    look_after(after(report, days=15))
    report.refresh_from_db()
    assert report.state == "accepted"


def test_what_is_late_is_said_once(cast: Cast, now: datetime) -> None:
    a_settlement(cast, now)
    a_report_late = a_report(cast, now, reported=False)
    for days in (1, 2):
        look_after(after(a_report_late, days=30 + days))
    assert Event.objects.filter(name="due.overdue").count() == 1
    assert Event.objects.filter(name="royalty.overdue").count() == 1


def test_a_royalty_is_settled_when_the_last_report_is_paid_and_the_rest_of_the_deposit_goes_back(
    cast: Cast, now: datetime
) -> None:
    settlement = an_agreed_plan(cast, now, mode="royalty")
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    for report in settlement.reports.all():
        base, actor = Money.yuan("100000"), cast.enterprise_agent.actor
        report_royalty(report, base=base, documents=[], actor=actor, now=after(report))
        accept_report(report, actor=cast.university_agent.actor, now=after(report))
    settlement.refresh_from_db()
    sums = sums_of(settlement)
    assert settlement.state == "closed"
    assert (sums.released, sums.refunded, sums.held) == (Money.yuan("14000"), CARRIED - Money.yuan("14000"), ZERO)


def test_a_refund_ends_the_reports_too(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    dispute = a_dispute(cast, now, settlement=report.settlement)
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    assert set(report.settlement.reports.values_list("state", flat=True)) == {"cancelled"}


def test_a_reason_is_asked_for(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    dispute = a_dispute(cast, now, settlement=report.settlement)
    seller, supervisor = cast.university_agent.actor, cast.supervisor.actor
    before = everything()
    with pytest.raises(Refused) as refused:
        object_to_report(report, reason=" ", actor=seller, now=after(report))
    assert refused.value.refusals[0].code == "settlement.reason_missing"
    with pytest.raises(Refused) as refused:
        decide_dispute(dispute, Outcome.REFUND, grounds=" ", actor=supervisor, now=now)
    assert refused.value.refusals[0].field == "grounds"
    assert everything() == before


# --- The seller's own account


def test_the_seller_enters_costs_and_takes_them_out(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    seller = cast.university_agent.actor
    paper = a_document(seller, "评估费发票.pdf")
    cost = enter_cost(settlement, what="评估费", amount=Money.yuan("8000"), document=paper, actor=seller, now=now)
    remove_cost(cost, actor=seller, now=now)
    before = everything()
    with pytest.raises(OutOfTurn) as refused:
        remove_cost(cost, actor=seller, now=now)
    assert refused.value.refusals[0].code == "settlement.cost_removed_before"
    with pytest.raises(Refused) as nothing:
        enter_cost(settlement, what="评估费", amount=ZERO, document=paper, actor=seller, now=now)
    assert nothing.value.refusals[0].code == "settlement.cost_zero"
    with pytest.raises(Forbidden):
        enter_cost(settlement, what="x", amount=PRICE, document=paper, actor=cast.enterprise_agent.actor, now=now)
    assert everything() == before


def test_the_inventors_are_promised_more_but_not_less_than_the_law(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    seller = cast.university_agent.actor
    settlement = set_inventors_share(settlement, Decimal("0.7"), actor=seller, now=now)
    assert settlement.inventors_rate == Decimal("0.7")
    before = everything()
    with pytest.raises(Refused) as refused:
        set_inventors_share(settlement, Decimal("0.4"), actor=seller, now=now)
    assert refused.value.refusals[0].code == "settlement.inventors_share_too_low"
    assert everything() == before


def test_a_plan_of_instalments_is_paid_in_any_order(cast: Cast, now: datetime) -> None:
    settlement = an_agreed_plan(cast, now)
    first, _second, third = settlement.dues.filter(state="awaited")
    pay(cast, third, now)
    pay(cast, first, now)
    assert sums_of(settlement).earned == Money.yuan("750000")
    pay_all(cast, settlement, now + timedelta(days=1))
    assert sums_of(settlement).held == PRICE
    assert a_plan(now, "instalments").dues[0].amount == first.amount
