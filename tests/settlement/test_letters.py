"""Parties, supervisors and payees are told of a settlement by letter, and nobody of what the other side pays its broker."""

from __future__ import annotations

from datetime import datetime

import pytest

from contracts.settlement.actions.delivery import confirm_delivery, report_delivery
from contracts.settlement.actions.disputes import answer_dispute, decide_dispute
from contracts.settlement.actions.royalties import object_to_report
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.tasks import look_after
from market.events.actions import skip_history
from market.events.registry import READERS
from market.payments.actions.payouts import confirm_payout, return_payout
from market.payments.models.payouts import Payout
from tests.payments.builders import market_finance
from tests.payments.test_letters import addresses, told
from tests.people import Cast
from tests.settlement.builders import a_dispute, a_proposed_plan, a_report, a_settlement, after, pay_all
from tests.settlement.test_money import a_mandate


@pytest.fixture(autouse=True)
def _from_now_on(db: None) -> None:
    skip_history(READERS["letters"])


def test_the_steps_of_a_payment_reach_those_they_concern(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    asked = told("due.asked", now)
    assert set(asked) == addresses(cast.enterprise_agent)
    due = settlement.dues.get()
    assert due.payment is not None
    assert due.payment.reference in asked[cast.enterprise_agent.person.email]
    report_delivery(settlement, actor=cast.university_agent.actor, now=now)
    assert set(told("settlement.delivery_reported", now)) == addresses(cast.enterprise_agent)
    pay_all(cast, settlement, now)
    confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    seller = addresses(cast.university_owner, cast.university_agent, cast.university_finance)
    assert set(told("settlement.paid", now)) <= seller
    assert told("settlement.paid", now)
    payout, finance = Payout.objects.get(), market_finance(cast).actor
    return_payout(confirm_payout(payout, bank_reference="X1", actor=finance, now=now), reason="账号有误", actor=finance, now=now)
    assert all("X1" in text for text in told("payout.paid", now).values())
    assert all("账号有误" in text for text in told("payout.returned", now).values())


def test_a_plan_is_proposed_to_the_other_side_alone(cast: Cast, now: datetime) -> None:
    a_proposed_plan(cast, now)
    assert set(told("settlement.plan_proposed", now)) == addresses(cast.enterprise_agent)


def test_a_commission_is_asked_of_its_principal_alone(cast: Cast, now: datetime) -> None:
    settlement = a_settlement(cast, now)
    told("due.asked", now)
    a_mandate(cast, settlement, now, of_seller=False)
    pay_all(cast, settlement, now)
    texts = told("due.paid", now)
    assert all("30,000.00" not in texts.get(member.person.email, "") for member in (cast.university_agent, cast.university_owner))


def test_a_dispute_reaches_the_other_side_and_the_supervisors(cast: Cast, now: datetime) -> None:
    dispute = a_dispute(cast, now)
    opened = set(told("settlement_dispute.opened", now))
    assert addresses(cast.university_agent, cast.supervisor) <= opened
    assert not addresses(cast.enterprise_agent) & opened
    answer_dispute(dispute, answer="已交付。", documents=[], actor=cast.university_agent.actor, now=now)
    assert addresses(cast.enterprise_agent, cast.supervisor) <= set(told("settlement_dispute.answered", now))
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)
    assert addresses(cast.enterprise_agent, cast.university_agent) <= set(told("settlement_dispute.decided", now))
    assert set(told("settlement.refunded", now)) == addresses(cast.enterprise_agent)


def test_the_steps_of_a_royalty_reach_those_they_concern(cast: Cast, now: datetime) -> None:
    report = a_report(cast, now)
    assert addresses(cast.university_agent) <= set(told("royalty.reported", now))
    object_to_report(report, reason="少报。", actor=cast.university_agent.actor, now=after(report))
    assert addresses(cast.enterprise_agent, cast.supervisor) <= set(told("royalty.objected", now))
    second = report.settlement.reports.get(number=2)
    look_after(after(second, days=30))
    assert addresses(cast.enterprise_agent, cast.university_agent) <= set(told("royalty.overdue", now))
