"""Reports on royalties: expected for every period, given by the buyer, objected to or accepted by the seller, and then due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from contracts.settlement.actions.commissions import due_day
from contracts.settlement.actions.dues import ask_one
from contracts.settlement.actions.escrow import go_on, locked_settlement
from contracts.settlement.kinds import DueKind
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.permissions import require_settlement_mover
from contracts.settlement.rules.plans import report_periods
from contracts.settlement.rules.royalties import may_report, royalty
from contracts.settlement.states import REPORT, ReportEvent, ReportState
from market.documents.models import Document
from market.events.actions import record
from market.policy.queries import policy_on, working_calendar
from market.policy.rules import deadline
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import ZERO, Money
from market.values.refusal import Refusal, require, text_given

_NO_REASON = Refusal("settlement.reason_missing", field="reason")


def expect_reports(settlement: Settlement, *, now: datetime) -> None:
    """A report on each period of the royalty is expected; none where there is no royalty. Under the settlement's lock.

    Event: royalty.expected for each.
    """
    if settlement.royalty is None:
        return
    row = policy_on("settlement.report_period", day_of(now))
    calendar = working_calendar()
    for number, period in enumerate(report_periods(settlement.royalty), start=1):
        assert period.last is not None
        report = RoyaltyReport.objects.create(
            settlement=settlement,
            number=number,
            first_day=period.first,
            last_day=period.last,
            due_on=deadline(period.last, row.period, calendar).day,
            policy_row_id=row.id,
        )
        record("royalty.expected", subject=report.subject, actor=CLOCK, now=now, **_facts(report))


@transaction.atomic
def report_royalty(
    report: RoyaltyReport, *, base: Money, documents: Sequence[Document], actor: Actor, now: datetime
) -> RoyaltyReport:
    """The buyer has reported this base; the seller may object until the day set now. Event: royalty.reported."""
    return _report(report, ReportEvent.REPORT, base, documents, actor=actor, now=now)


@transaction.atomic
def correct_report(
    report: RoyaltyReport, *, base: Money, documents: Sequence[Document], actor: Actor, now: datetime
) -> RoyaltyReport:
    """The buyer has corrected what the seller objected to; the seller may object again. Event: royalty.reported."""
    return _report(report, ReportEvent.CORRECT, base, documents, actor=actor, now=now)


def _report(
    report: RoyaltyReport, event: ReportEvent, base: Money, documents: Sequence[Document], *, actor: Actor, now: datetime
) -> RoyaltyReport:
    locked = _locked(report)
    move = REPORT.move(locked.state, event)
    require_settlement_mover(actor, locked.settlement, move.by)
    require(may_report(base=base, is_over=day_of(now) > locked.last_day))
    locked.objection = ""
    locked.reported_at = now
    locked.due_on, locked.policy_row_id = _objection_until(now)
    _compute(locked, base)
    locked.documents.set(documents)
    _set_state(locked, move.to, "objection", "reported_at", "due_on", "policy_row", "base_fen", "amount_fen")
    record("royalty.reported", subject=locked.subject, actor=actor, now=now, base=str(base), **_facts(locked))
    return locked


def _objection_until(now: datetime) -> tuple[date, int]:
    row = policy_on("settlement.objection_period", day_of(now))
    return deadline(day_of(now), row.period, working_calendar()).day, row.id


@transaction.atomic
def object_to_report(report: RoyaltyReport, *, reason: str, actor: Actor, now: datetime) -> RoyaltyReport:
    """The seller does not believe the report, for this reason: the buyer corrects it, or a supervisor decides. Event: royalty.objected."""
    locked = _locked(report)
    move = REPORT.move(locked.state, ReportEvent.OBJECT)
    require_settlement_mover(actor, locked.settlement, move.by)
    locked.objection = text_given(reason, _NO_REASON)
    _set_state(locked, move.to, "objection")
    record("royalty.objected", subject=locked.subject, actor=actor, now=now, reason=locked.objection, **_facts(locked))
    return locked


@transaction.atomic
def accept_report(report: RoyaltyReport, *, actor: Actor, now: datetime) -> RoyaltyReport:
    """The seller accepts the report, and its royalty is due. Events: royalty.accepted, due.asked."""
    locked = _locked(report)
    move = REPORT.move(locked.state, ReportEvent.ACCEPT)
    require_settlement_mover(actor, locked.settlement, move.by)
    _accept(locked, move.to, actor=actor, now=now)
    return locked


@transaction.atomic
def lapse_report(report: RoyaltyReport, *, now: datetime) -> None:
    """Nobody objected by the last day: the report stands, and its royalty is due. Does nothing before, or when it was done.

    Events: royalty.accepted, due.asked.
    """
    locked = _locked(report)
    if REPORT.may(locked.state, ReportEvent.LAPSE) and day_of(now) > locked.due_on:
        _accept(locked, REPORT.move(locked.state, ReportEvent.LAPSE).to, actor=CLOCK, now=now)


@transaction.atomic
def decide_report(report: RoyaltyReport, *, base: Money, reason: str, actor: Actor, now: datetime) -> RoyaltyReport:
    """A supervisor says from what the royalty is computed, and why; it is due. Events: royalty.decided, royalty.accepted, due.asked."""
    locked = _locked(report)
    move = REPORT.move(locked.state, ReportEvent.DECIDE)
    require_settlement_mover(actor, locked.settlement, move.by)
    require(may_report(base=base, is_over=True))
    locked.reason = text_given(reason, _NO_REASON)
    _compute(locked, base)
    locked.save(update_fields=["reason", "base_fen", "amount_fen"])
    record("royalty.decided", subject=locked.subject, actor=actor, now=now, reason=locked.reason, **_facts(locked))
    _accept(locked, move.to, actor=actor, now=now)
    return locked


def cancel_reports(reports: Iterable[RoyaltyReport], *, now: datetime) -> None:
    """None of these is expected any more. Under the settlement's lock. Event: royalty.cancelled for each."""
    for report in reports:
        _set_state(report, REPORT.move(report.state, ReportEvent.CANCEL).to)
        record("royalty.cancelled", subject=report.subject, actor=CLOCK, now=now, **_facts(report))


@transaction.atomic
def note_overdue_report(report: RoyaltyReport, *, now: datetime) -> None:
    """The log says once that a report is late. Event: royalty.overdue."""
    locked = _locked(report)
    if locked.state != ReportState.EXPECTED or locked.overdue_since or day_of(now) <= locked.due_on:
        return
    locked.overdue_since = now
    locked.save(update_fields=["overdue_since"])
    record("royalty.overdue", subject=locked.subject, actor=CLOCK, now=now, **_facts(locked))


def _accept(report: RoyaltyReport, state: str, *, actor: Actor, now: datetime) -> None:
    amount = report.amount or ZERO
    if amount > ZERO:
        payer = report.settlement.buyer_id
        report.due = ask_one(report.settlement, amount, due_day(now), kind=DueKind.ROYALTY, payer=payer, now=now)
    _set_state(report, state, "due")
    record("royalty.accepted", subject=report.subject, actor=actor, now=now, **_facts(report))
    go_on(report.settlement, now=now)


def _compute(report: RoyaltyReport, base: Money) -> None:
    rate = report.settlement.royalty_rate
    assert rate is not None
    report.base_fen, report.amount_fen = base.fen, royalty(base, rate).amount.fen


def _facts(report: RoyaltyReport) -> dict[str, str]:
    days = {"first_day": report.first_day.isoformat(), "last_day": report.last_day.isoformat()}
    return {**days, "due_on": report.due_on.isoformat(), "amount": str(report.amount or ZERO)}


def _locked(report: RoyaltyReport) -> RoyaltyReport:
    """The settlement is locked first, as everywhere."""
    settlement = locked_settlement(report.settlement)
    locked = RoyaltyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    locked.settlement = settlement
    return locked


def _set_state(report: RoyaltyReport, state: str, *fields: str) -> None:
    report.state = state
    report.save(update_fields=["state", *fields])
