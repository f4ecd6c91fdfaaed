"""Settlements, what is due in them, reports on royalties, disputes, and what is paid out."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.settlement.actions.delivery import confirm_delivery, report_delivery
from contracts.settlement.actions.disputes import answer_dispute, decide_dispute, withdraw_dispute
from contracts.settlement.actions.dues import cancel_dues
from contracts.settlement.actions.escrow import receive_payment_of_due
from contracts.settlement.actions.plans import agree_plan, propose_plan
from contracts.settlement.actions.royalties import (
    accept_report,
    cancel_reports,
    correct_report,
    decide_report,
    lapse_report,
    object_to_report,
    report_royalty,
)
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.states import DISPUTE, DUE, REPORT, SETTLEMENT
from market.payments.actions.deposits import confirm_payment
from market.payments.actions.payouts import confirm_payout, return_payout
from market.payments.models.payouts import Payout
from market.payments.states import PAYOUT
from market.values.money import Money
from tests.house.walks import Walk
from tests.payments.builders import market_finance
from tests.people import Cast
from tests.settlement.builders import (
    a_delivered_settlement,
    a_dispute,
    a_paid_settlement,
    a_plan,
    a_proposed_plan,
    a_report,
    a_settlement,
    after,
    an_agreed_plan,
    pay,
)

# --- Settlements


def _disputed(cast: Cast, settlement: Settlement, now: datetime) -> Settlement:
    a_dispute(cast, now, settlement=settlement)
    return settlement


def _decide(cast: Cast, it: Settlement, outcome: Outcome, now: datetime) -> Settlement:
    decide_dispute(it.disputes.get(), outcome, grounds="经查属实。", actor=cast.supervisor.actor, now=now)
    return it


def _propose(cast: Cast, it: Settlement, now: datetime) -> Settlement:
    return propose_plan(it, a_plan(now, "instalments"), actor=cast.university_agent.actor, now=now)


def _agree(cast: Cast, it: Settlement, now: datetime) -> Settlement:
    return agree_plan(it, digest=plan_digest(it), actor=cast.enterprise_agent.actor, now=now)


def _come_in(cast: Cast, it: Settlement, now: datetime) -> Settlement:
    """The money is there, and the settlement has not heard of it."""
    for due in it.dues.filter(state="awaited"):
        assert due.payment is not None
        confirm_payment(due.payment, actor=market_finance(cast).actor, now=now)
    return it


def _hear(cast: Cast, it: Settlement, now: datetime) -> Settlement:
    for due in it.dues.filter(payment__isnull=False):
        assert due.payment is not None
        receive_payment_of_due(due.payment, now=now)
    return it


def _with_the_first_paid(cast: Cast, now: datetime, *, delivered: bool) -> Settlement:
    """Disputed, with money in escrow and more to come."""
    settlement = an_agreed_plan(cast, now)
    if delivered:
        settlement = confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)
    _disputed(cast, settlement, now)
    pay(cast, _first(settlement), now)
    return settlement


# --- Dues


def _first(settlement: Settlement) -> Due:
    due = settlement.dues.first()
    assert due is not None
    return due


def _hear_of(cast: Cast, it: Due, now: datetime) -> Due:
    if it.payment is not None:
        receive_payment_of_due(it.payment, now=now)
    return it


def _cancel(cast: Cast, it: Due, now: datetime) -> Due:
    cancel_dues([it], now=now)
    return it


# --- Reports on royalties


def _expected(cast: Cast, now: datetime) -> RoyaltyReport:
    return a_report(cast, now, reported=False)


def _report(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    base, actor = Money.yuan("800000"), cast.enterprise_agent.actor
    return report_royalty(it, base=base, documents=[], actor=actor, now=after(it))


def _object(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    return object_to_report(it, reason="少报一条生产线。", actor=cast.university_agent.actor, now=after(it))


def _correct(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    base, actor = Money.yuan("900000"), cast.enterprise_agent.actor
    return correct_report(it, base=base, documents=[], actor=actor, now=after(it))


def _accept(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    return accept_report(it, actor=cast.university_agent.actor, now=after(it))


def _lapse(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    lapse_report(it, now=after(it, days=60))
    return it


def _decide_report(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    base, actor = Money.yuan("900000"), cast.supervisor.actor
    return decide_report(it, base=base, reason="按审计报告。", actor=actor, now=after(it))


def _cancel_reports(cast: Cast, it: RoyaltyReport, now: datetime) -> RoyaltyReport:
    cancel_reports([it], now=now)
    return it


# --- Disputes and payouts


def _answer(cast: Cast, it: SettlementDispute, now: datetime) -> SettlementDispute:
    return answer_dispute(it, answer="已按约定交付。", documents=[], actor=cast.university_agent.actor, now=now)


def _withdraw(cast: Cast, it: SettlementDispute, now: datetime) -> SettlementDispute:
    return withdraw_dispute(it, actor=cast.enterprise_agent.actor, now=now)


def _refund(cast: Cast, it: SettlementDispute, now: datetime) -> SettlementDispute:
    return decide_dispute(it, Outcome.REFUND, grounds="未交付。", actor=cast.supervisor.actor, now=now)


def _ordered(cast: Cast, now: datetime) -> Payout:
    a_delivered_settlement(cast, now, paid=True)
    return Payout.objects.get()


def _pay_out(cast: Cast, it: Payout, now: datetime) -> Payout:
    return confirm_payout(it, bank_reference="20260310000123", actor=market_finance(cast).actor, now=now)


def _give_back(cast: Cast, it: Payout, now: datetime) -> Payout:
    return return_payout(it, reason="账号有误。", actor=market_finance(cast).actor, now=now + timedelta(days=1))


WALKS = (
    Walk(
        SETTLEMENT,
        states={
            "planning": lambda cast, now: _disputed(cast, a_settlement(cast, now, mode="instalments"), now),
            "proposed": lambda cast, now: _disputed(cast, a_proposed_plan(cast, now), now),
            "running": a_settlement,
            "delivered": lambda cast, now: _disputed(cast, a_delivered_settlement(cast, now), now),
            "closed": lambda cast, now: _decide(cast, _disputed(cast, a_paid_settlement(cast, now), now), Outcome.RELEASE, now),
            "ended": lambda cast, now: _decide(cast, _disputed(cast, a_paid_settlement(cast, now), now), Outcome.REFUND, now),
        },
        events={
            "propose": _propose,
            "agree": _agree,
            "report_delivery": lambda cast, it, now: report_delivery(it, actor=cast.university_agent.actor, now=now),
            "confirm_delivery": lambda cast, it, now: confirm_delivery(it, actor=cast.enterprise_agent.actor, now=now),
            "release": lambda cast, it, now: _decide(cast, it, Outcome.RELEASE, now),
            "end": lambda cast, it, now: _decide(cast, it, Outcome.REFUND, now),
            "close": _hear,
        },
        prepared={
            ("running", "release"): lambda cast, now: _with_the_first_paid(cast, now, delivered=False),
            ("running", "end"): lambda cast, now: _disputed(cast, a_settlement(cast, now), now),
            ("delivered", "release"): lambda cast, now: _with_the_first_paid(cast, now, delivered=True),
            ("delivered", "close"): lambda cast, now: _come_in(cast, a_delivered_settlement(cast, now), now),
        },
        quiet=frozenset({"close"}),
    ),
    Walk(
        DUE,
        states={
            "planned": lambda cast, now: _first(a_proposed_plan(cast, now)),
            "awaited": lambda cast, now: _first(a_settlement(cast, now)),
            "paid": lambda cast, now: _first(a_paid_settlement(cast, now)),
            "cancelled": lambda cast, now: _cancel(cast, _first(a_settlement(cast, now)), now),
        },
        events={
            "ask": lambda cast, it, now: _agree(cast, it.settlement, now),
            "pay": _hear_of,
            "cancel": _cancel,
        },
        prepared={("awaited", "pay"): lambda cast, now: _first(_come_in(cast, a_settlement(cast, now), now))},
        quiet=frozenset({"pay"}),
    ),
    Walk(
        REPORT,
        states={
            "expected": _expected,
            "reported": a_report,
            "objected": lambda cast, now: _object(cast, a_report(cast, now), now),
            "accepted": lambda cast, now: _accept(cast, a_report(cast, now), now),
            "cancelled": lambda cast, now: _cancel_reports(cast, _expected(cast, now), now),
        },
        events={
            "report": _report,
            "object": _object,
            "correct": _correct,
            "accept": _accept,
            "lapse": _lapse,
            "decide": _decide_report,
            "cancel": _cancel_reports,
        },
        quiet=frozenset({"lapse"}),
    ),
    Walk(
        DISPUTE,
        states={
            "open": a_dispute,
            "answered": lambda cast, now: _answer(cast, a_dispute(cast, now), now),
            "withdrawn": lambda cast, now: _withdraw(cast, a_dispute(cast, now), now),
            "decided": lambda cast, now: _refund(cast, a_dispute(cast, now), now),
        },
        events={"answer": _answer, "withdraw": _withdraw, "decide": _refund},
    ),
    Walk(
        PAYOUT,
        states={"ordered": _ordered, "paid": lambda cast, now: _pay_out(cast, _ordered(cast, now), now)},
        events={"pay": _pay_out, "return": _give_back},
    ),
)
