"""What the pages of a settlement show, for the one who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.permissions import is_buyer, is_seller, may_decide, sees_due, sees_sellers_part, side_of
from contracts.settlement.queries.settlements import plan_digest
from contracts.settlement.queries.statement import Statement, statement_of
from contracts.settlement.states import OPEN_DISPUTE, DueState, ReportState, SettlementState
from market.accounts.story import StoryEntry, story
from market.events.queries import timeline
from market.payments.permissions import is_market_finance
from market.values.actor import Actor
from market.values.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the contract to the last fen."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class SettlementPage:
    """Everything the page of one settlement shows to this reader."""

    settlement: Settlement
    statement: Statement
    dues: list[Due]
    planned_total: Money
    reports: list[RoyaltyReport]
    disputes: list[SettlementDispute]
    dispute: SettlementDispute | None
    digest: str
    side: int | None
    is_seller: bool
    is_buyer: bool
    may_decide: bool
    steps: list[Step]
    story: list[StoryEntry]


def settlement_page(settlement: Settlement, *, actor: Actor) -> SettlementPage:
    """The settlement as this reader may see it: what one side pays its broker or spends is not shown to the other."""
    every_due = all_dues(settlement)
    dues = [due for due in every_due if sees_due(actor, settlement, due)]
    reports = list(settlement.reports.select_related("due"))
    disputes = list(settlement.disputes.select_related("opener"))
    dispute = next((each for each in disputes if each.state in OPEN_DISPUTE), None)
    subjects = [settlement.subject, *(due.subject for due in dues)]
    # Of reports still to come the table above says all there is.
    subjects += [report.subject for report in reports if report.state != ReportState.EXPECTED]
    subjects += [each.subject for each in disputes]
    if sees_sellers_part(actor, settlement):
        subjects.append(settlement.books_subject)
    planned = [due.amount for due in dues if due.state == DueState.PLANNED]
    return SettlementPage(
        settlement=settlement,
        statement=statement_for(settlement, every_due, actor=actor),
        dues=[due for due in dues if due.state != DueState.CANCELLED],
        planned_total=sum(planned, ZERO),
        reports=reports,
        disputes=disputes,
        dispute=dispute,
        digest=plan_digest(settlement) if settlement.state == SettlementState.PROPOSED else "",
        side=side_of(actor, settlement),
        is_seller=is_seller(actor, settlement),
        is_buyer=is_buyer(actor, settlement),
        may_decide=may_decide(actor, settlement),
        steps=_steps(settlement, dues),
        story=story(timeline(subjects), reader=actor),
    )


def all_dues(settlement: Settlement) -> list[Due]:
    """Every sum of a settlement, whatever became of it, in the order of the days."""
    return list(settlement.dues.select_related("payer", "payment"))


def statement_for(settlement: Settlement, dues: Sequence[Due], *, actor: Actor) -> Statement:
    """The statement with the parts that this reader may see, from all of the settlement's dues."""
    is_party = is_seller(actor, settlement) or is_buyer(actor, settlement)
    payees = [actor.organisation or 0] if is_party and not is_market_finance(actor) else None
    return statement_of(settlement, dues=dues, with_sellers_part=sees_sellers_part(actor, settlement), payees=payees)


_ORDER = ("plan", "payment", "delivery", "settled")
_REACHED = {
    SettlementState.PLANNING: 0,
    SettlementState.PROPOSED: 0,
    SettlementState.RUNNING: 1,
    SettlementState.DELIVERED: 3,
    SettlementState.CLOSED: 4,
    SettlementState.ENDED: 4,
}


def _steps(settlement: Settlement, dues: Sequence[Due]) -> list[Step]:
    """Payment and delivery go side by side: while both are under way, the first that is not done is the one shown."""
    reached = _REACHED[SettlementState(settlement.state)]
    if settlement.state == SettlementState.RUNNING and not any(due.state == DueState.AWAITED for due in dues):
        reached = 2
    states = ["done" if number < reached else "current" if number == reached else "todo" for number in range(len(_ORDER))]
    return [Step(name, state) for name, state in zip(_ORDER, states, strict=True)]
