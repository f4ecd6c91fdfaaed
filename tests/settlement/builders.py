"""Settlements in a given state, built through the actions that lead there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from contracts.actions.contracts import agree_contract, change_contract, terms_of
from contracts.queries.contracts import digest_of
from contracts.settlement.actions.delivery import confirm_delivery
from contracts.settlement.actions.disputes import open_dispute
from contracts.settlement.actions.escrow import receive_payment_of_due
from contracts.settlement.actions.plans import Plan, agree_plan, open_settlement, propose_plan
from contracts.settlement.actions.royalties import report_royalty
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.rules.plans import PlannedDue, RoyaltyTerms
from market.payments.actions.deposits import confirm_payment
from market.values.dates import end_of
from market.values.money import Money
from tests.contracts.builders import a_contract
from tests.documents_made import a_document
from tests.payments.builders import market_finance
from tests.people import Cast

# What the builders' contract costs, and the deposit that was carried into it.
PRICE, CARRIED = Money.yuan("1250000"), Money.yuan("120000")
ROYALTY = RoyaltyTerms("sales", Decimal("0.035"), 3, date(2026, 5, 1), date(2027, 4, 30))


def a_settlement(cast: Cast, now: datetime, *, mode: str = "lump_sum") -> Settlement:
    """Of a contract that both sides agreed to, paid in this way."""
    contract = a_contract(cast, now, agreed=False)
    if mode != "lump_sum":
        terms = replace(terms_of(contract), payment_mode=mode)
        contract = change_contract(contract, terms, actor=cast.university_agent.actor, now=now)
    for member in (cast.university_agent, cast.enterprise_agent):
        contract = agree_contract(contract, digest=digest_of(contract), actor=member.actor, now=now)
    return open_settlement(contract, now=now)


def days_from(now: datetime, *days: int) -> list[date]:
    return [(now + timedelta(days=each)).date() for each in days]


def instalments(now: datetime, *yuan: str) -> list[PlannedDue]:
    """One every month from now."""
    months = days_from(now, *(30 * number for number in range(1, len(yuan) + 1)))
    return [PlannedDue(Money.yuan(amount), day) for amount, day in zip(yuan, months, strict=True)]


def a_plan(now: datetime, mode: str) -> Plan:
    match mode:
        case "instalments":
            return Plan(instalments(now, "375000", "500000", "375000"))
        case "royalty_entry":
            return Plan(instalments(now, "200000"), ROYALTY)
        case _:
            return Plan((), ROYALTY)


def a_proposed_plan(cast: Cast, now: datetime, *, mode: str = "instalments", plan: Plan | None = None) -> Settlement:
    settlement = a_settlement(cast, now, mode=mode)
    return propose_plan(settlement, plan or a_plan(now, mode), actor=cast.university_agent.actor, now=now)


def an_agreed_plan(cast: Cast, now: datetime, *, mode: str = "instalments", plan: Plan | None = None) -> Settlement:
    settlement = a_proposed_plan(cast, now, mode=mode, plan=plan)
    return agree_plan(settlement, digest=plan_digest(settlement), actor=cast.enterprise_agent.actor, now=now)


def pay(cast: Cast, due: Due, now: datetime) -> None:
    """The money came in, finance confirmed it, and the settlement has heard of it."""
    due.refresh_from_db()
    if due.payment is not None and due.state == "awaited":
        confirm_payment(due.payment, actor=market_finance(cast).actor, now=now)
        receive_payment_of_due(due.payment, now=now)


def pay_all(cast: Cast, settlement: Settlement, now: datetime) -> None:
    for due in settlement.dues.filter(state="awaited"):
        pay(cast, due, now)


def a_paid_settlement(cast: Cast, now: datetime) -> Settlement:
    settlement = a_settlement(cast, now)
    pay_all(cast, settlement, now)
    return settlement


def a_delivered_settlement(cast: Cast, now: datetime, *, paid: bool = False) -> Settlement:
    """Delivery is confirmed; where everything was paid before, all is settled."""
    settlement = a_paid_settlement(cast, now) if paid else a_settlement(cast, now)
    return confirm_delivery(settlement, actor=cast.enterprise_agent.actor, now=now)


def a_dispute(
    cast: Cast, now: datetime, *, settlement: Settlement | None = None, documents: Sequence[str] = ()
) -> SettlementDispute:
    """Opened by the buyer, about money that is in escrow."""
    actor = cast.enterprise_agent.actor
    papers = [a_document(actor, name) for name in documents]
    settlement = settlement or a_paid_settlement(cast, now)
    return open_dispute(settlement, reason="交付的工艺包缺少控制软件。", documents=papers, actor=actor, now=now)


def a_report(cast: Cast, now: datetime, *, reported: bool = True) -> RoyaltyReport:
    """The first of an agreed royalty; reported on the day after its period."""
    settlement = an_agreed_plan(cast, now, mode="royalty")
    report = settlement.reports.get(number=1)
    if not reported:
        return report
    actor = cast.enterprise_agent.actor
    return report_royalty(report, base=Money.yuan("800000"), documents=[], actor=actor, now=after(report))


def after(report: RoyaltyReport, *, days: int = 1) -> datetime:
    """So many days after the period that is reported on."""
    return end_of(report.last_day) + timedelta(days=days - 1, hours=9)
