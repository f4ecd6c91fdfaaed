"""Which settlements are there, what is late in them, and what exactly is proposed?"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contracts.rules.contracts import digest
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import OPEN_DISPUTE, DueState, ReportState


def plan_digest(settlement: Settlement) -> str:
    """The fingerprint of the plan as it is proposed, to which the other side agrees."""
    planned = settlement.dues.filter(state=DueState.PLANNED).order_by("due_on", "number")
    sums = [(str(due.due_on), str(due.amount_fen)) for due in planned]
    if (terms := settlement.royalty) is None:
        return digest(sums)
    # As the database gives it, and as it was typed, a rate is the same rate.
    rate = f"{terms.rate.normalize():f}"
    return digest([*sums, (terms.basis, rate), (str(terms.every_months), f"{terms.first_day} {terms.last_day}")])


def late_dues(today: date) -> QuerySet[Due]:
    """Sums whose day has passed and of which the log does not know yet."""
    return Due.objects.filter(state=DueState.AWAITED, due_on__lt=today, overdue_since__isnull=True).order_by("pk")


def late_reports(today: date) -> QuerySet[RoyaltyReport]:
    """Reports whose day has passed and of which the log does not know yet."""
    expected = RoyaltyReport.objects.filter(state=ReportState.EXPECTED, due_on__lt=today, overdue_since__isnull=True)
    return expected.select_related("settlement").order_by("pk")


def unopposed_reports(today: date) -> QuerySet[RoyaltyReport]:
    """Reports to which nobody objected by the last day."""
    reported = RoyaltyReport.objects.filter(state=ReportState.REPORTED, due_on__lt=today)
    return reported.select_related("settlement").order_by("pk")


def open_disputes() -> QuerySet[SettlementDispute]:
    """Disputes that wait for a supervisor, the oldest first."""
    waiting = SettlementDispute.objects.filter(state__in=OPEN_DISPUTE)
    return waiting.select_related("settlement__contract__seller", "settlement__contract__buyer", "opener").order_by("opened_at")


def objections_to_decide() -> QuerySet[RoyaltyReport]:
    """Reports on royalties that the seller objected to and the buyer did not correct, the oldest first."""
    objected = RoyaltyReport.objects.filter(state=ReportState.OBJECTED)
    return objected.select_related("settlement__contract__seller", "settlement__contract__buyer").order_by("pk")
