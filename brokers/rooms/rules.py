"""Which tasks does a matter begin with, when is one finished in time, and what speaks against an invitation or a meeting?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from market.values.refusal import Refusal

LONGEST_MEETING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line of the template: the kind of task, who has it (`principal` or `broker`), and in how many days after the opening
    it is due. `is_shared`: the counterparty sees it. `needs_paper`: words alone do not show that it was done."""

    kind: str
    owner: str
    days: int
    is_shared: bool = False
    needs_paper: bool = False


TEMPLATE = (
    TaskLine("search", "broker", 30),
    TaskLine("contact", "broker", 45),
    TaskLine("due_diligence", "principal", 75, needs_paper=True),
    TaskLine("valuation", "broker", 75, needs_paper=True),
    TaskLine("negotiation", "broker", 105, is_shared=True),
    TaskLine("contract", "principal", 120, is_shared=True, needs_paper=True),
    TaskLine("recognition", "broker", 150, is_shared=True, needs_paper=True),
    TaskLine("funding", "broker", 165, needs_paper=True),
    TaskLine("delivery", "principal", 210, is_shared=True, needs_paper=True),
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the rule looks at before somebody is let into a room.

    `is_provider`: it is an institution or a service provider. `is_side`: it is in the room as a side, or asked to be.
    `is_invited`: the same place is taken, or waits for an answer. `is_other_side`: the matter itself says that it is the other
    side: it sells the listing, has the deal, or was introduced.
    """

    is_provider: bool
    is_side: bool
    is_invited: bool
    is_other_side: bool


def first_tasks(kinds: Collection[str], *, opened_on: date) -> list[tuple[TaskLine, date]]:
    """The lines of the template that were chosen, each with the day on which it is due.

    Source: the market's own.
    """
    return [(line, opened_on + timedelta(days=line.days)) for line in TEMPLATE if line.kind in kinds]


def may_invite_partner(invitation: Invitation) -> list[Refusal]:
    """What speaks against this partner: a side of the matter does no work in it as a third party.

    Source: domain rule 2 of brokers (medium).
    """
    if invitation.is_side:
        return [Refusal("rooms.partner_is_side", field="code")]
    if not invitation.is_provider:
        return [Refusal("rooms.no_provider", field="code")]
    return [Refusal("rooms.invited_before", field="code")] if invitation.is_invited else []


def may_invite_counterparty(invitation: Invitation) -> list[Refusal]:
    """What speaks against this counterparty: the matter knows it as nobody, or there is one already.

    Source: the market's own.
    """
    if invitation.is_invited:
        return [Refusal("rooms.counterparty_there", field="organisation")]
    return [] if invitation.is_other_side else [Refusal("rooms.no_counterparty", field="organisation")]


def may_set_due(due_on: date, before: date | None, *, by_owner: bool, today: date) -> list[Refusal]:
    """What speaks against this due day, where `before` is the one it had: it is over, or those who have the task put it off themselves.

    What is done in time counts for credit, hence the second. Source: the market's own.
    """
    if due_on == before:
        return []
    if due_on < today:
        return [Refusal("rooms.due_over", field="due_on")]
    if before is not None and by_owner and due_on > before:
        return [Refusal("rooms.own_due_day", field="due_on")]
    return []


def may_finish(kind: str, *, papers: int) -> list[Refusal]:
    """What speaks against this task being done: nothing shows it but words, where its kind asks for more.

    Source: 技术转移服务规范 GB/T 34670-2017 for the papers that each step leaves behind (low).
    """
    needs_paper = any(line.kind == kind and line.needs_paper for line in TEMPLATE)
    return [Refusal("rooms.evidence_missing", field="attachments")] if needs_paper and papers == 0 else []


def is_in_time(finished_on: date, due_on: date, *, was_overdue: bool) -> bool:
    """True for a task finished by its day, which was not put off after it had passed.

    Source: the market's own.
    """
    return finished_on <= due_on and not was_overdue


def may_meet(starts_at: datetime, ends_at: datetime, *, now: datetime) -> list[Refusal]:
    """What speaks against this time: it is past, or ends before it begins, or takes more than a day.

    Source: the market's own.
    """
    if starts_at <= now:
        return [Refusal("rooms.meeting_past", field="starts_at")]
    if not timedelta(0) < ends_at - starts_at <= LONGEST_MEETING:
        return [Refusal("rooms.meeting_length", field="ends_at")]
    return []
