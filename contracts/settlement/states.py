"""The life of a settlement, of a sum that is due, of a report on a royalty, and of a dispute about the money in escrow."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class SettlementState(TextChoices):
    PLANNING = "planning", pgettext_lazy("settlement state", "Plan of payment to be agreed")
    PROPOSED = "proposed", pgettext_lazy("settlement state", "Plan of payment proposed")
    RUNNING = "running", pgettext_lazy("settlement state", "Payment and delivery under way")
    DELIVERED = "delivered", pgettext_lazy("settlement state", "Delivered")
    CLOSED = "closed", pgettext_lazy("settlement state", "Settled")
    ENDED = "ended", pgettext_lazy("settlement state", "Ended by decision")


class SettlementEvent(TextChoices):
    PROPOSE = "propose", pgettext_lazy("settlement event", "Propose a plan of payment")
    AGREE = "agree", pgettext_lazy("settlement event", "Agree to the plan")
    REPORT_DELIVERY = "report_delivery", pgettext_lazy("settlement event", "State that everything is delivered")
    CONFIRM_DELIVERY = "confirm_delivery", pgettext_lazy("settlement event", "Confirm delivery and release the escrow")
    RELEASE = "release", pgettext_lazy("settlement event", "Decide that the escrow is released")
    CLOSE = "close", pgettext_lazy("settlement event", "Close: everything is settled")
    END = "end", pgettext_lazy("settlement event", "Decide that the settlement ends")


S, E = SettlementState, SettlementEvent

SETTLEMENT = Machine(
    "settlement",
    S.PLANNING,
    final={S.CLOSED, S.ENDED},
    moves=[
        # A lump sum needs no plan, for the contract says all: such a settlement begins at RUNNING.
        Move(S.PLANNING, E.PROPOSE, S.PROPOSED, by="party"),
        Move(S.PROPOSED, E.PROPOSE, S.PROPOSED, by="party"),
        Move(S.PROPOSED, E.AGREE, S.RUNNING, by="other_party"),
        Move(S.RUNNING, E.REPORT_DELIVERY, S.RUNNING, by="seller"),
        Move(S.RUNNING, E.CONFIRM_DELIVERY, S.DELIVERED, by="buyer"),
        # A supervisor's decision stands for the buyer's confirmation, or ends the settlement where it stands.
        Move(S.RUNNING, E.RELEASE, S.DELIVERED, by="supervisor"),
        # What came in while a dispute kept it in escrow.
        Move(S.DELIVERED, E.RELEASE, S.DELIVERED, by="supervisor"),
        Move(S.PLANNING, E.END, S.ENDED, by="supervisor"),
        Move(S.PROPOSED, E.END, S.ENDED, by="supervisor"),
        Move(S.RUNNING, E.END, S.ENDED, by="supervisor"),
        Move(S.DELIVERED, E.END, S.ENDED, by="supervisor"),
        Move(S.DELIVERED, E.CLOSE, S.CLOSED, by="clock"),
    ],
)


class DueState(TextChoices):
    PLANNED = "planned", pgettext_lazy("due state", "Proposed")
    AWAITED = "awaited", pgettext_lazy("due state", "To be paid")
    PAID = "paid", pgettext_lazy("due state", "Paid")
    CANCELLED = "cancelled", pgettext_lazy("due state", "No longer asked for")


class DueEvent(TextChoices):
    ASK = "ask", pgettext_lazy("due event", "Ask for it")
    PAY = "pay", pgettext_lazy("due event", "Receive it")
    CANCEL = "cancel", pgettext_lazy("due event", "No longer ask for it")


DUE = Machine(
    "due",
    DueState.PLANNED,
    final={DueState.PAID, DueState.CANCELLED},
    moves=[
        Move(DueState.PLANNED, DueEvent.ASK, DueState.AWAITED, by="clock"),
        Move(DueState.PLANNED, DueEvent.CANCEL, DueState.CANCELLED, by="clock"),
        Move(DueState.AWAITED, DueEvent.PAY, DueState.PAID, by="clock"),
        Move(DueState.AWAITED, DueEvent.CANCEL, DueState.CANCELLED, by="clock"),
    ],
)


class ReportState(TextChoices):
    EXPECTED = "expected", pgettext_lazy("royalty report state", "Expected")
    REPORTED = "reported", pgettext_lazy("royalty report state", "Reported")
    OBJECTED = "objected", pgettext_lazy("royalty report state", "Objected to")
    ACCEPTED = "accepted", pgettext_lazy("royalty report state", "Accepted")
    CANCELLED = "cancelled", pgettext_lazy("royalty report state", "No longer asked for")


class ReportEvent(TextChoices):
    REPORT = "report", pgettext_lazy("royalty report event", "Report")
    OBJECT = "object", pgettext_lazy("royalty report event", "Object with a reason")
    CORRECT = "correct", pgettext_lazy("royalty report event", "Correct the report")
    ACCEPT = "accept", pgettext_lazy("royalty report event", "Accept")
    LAPSE = "lapse", pgettext_lazy("royalty report event", "Nobody objected in time")
    DECIDE = "decide", pgettext_lazy("royalty report event", "Decide what the royalty is computed from")
    CANCEL = "cancel", pgettext_lazy("royalty report event", "No longer ask for it")


R = ReportState

REPORT = Machine(
    "royalty_report",
    R.EXPECTED,
    final={R.ACCEPTED, R.CANCELLED},
    moves=[
        Move(R.EXPECTED, ReportEvent.REPORT, R.REPORTED, by="buyer"),
        Move(R.REPORTED, ReportEvent.OBJECT, R.OBJECTED, by="seller"),
        Move(R.OBJECTED, ReportEvent.CORRECT, R.REPORTED, by="buyer"),
        Move(R.REPORTED, ReportEvent.ACCEPT, R.ACCEPTED, by="seller"),
        Move(R.REPORTED, ReportEvent.LAPSE, R.ACCEPTED, by="clock"),
        Move(R.OBJECTED, ReportEvent.DECIDE, R.ACCEPTED, by="supervisor"),
        Move(R.EXPECTED, ReportEvent.CANCEL, R.CANCELLED, by="clock"),
        Move(R.REPORTED, ReportEvent.CANCEL, R.CANCELLED, by="clock"),
        Move(R.OBJECTED, ReportEvent.CANCEL, R.CANCELLED, by="clock"),
    ],
)
OPEN_REPORT = (R.EXPECTED, R.REPORTED, R.OBJECTED)


class DisputeState(TextChoices):
    OPEN = "open", pgettext_lazy("settlement dispute state", "Open")
    ANSWERED = "answered", pgettext_lazy("settlement dispute state", "Answered by the other side")
    WITHDRAWN = "withdrawn", pgettext_lazy("settlement dispute state", "Withdrawn")
    DECIDED = "decided", pgettext_lazy("settlement dispute state", "Decided")


class DisputeEvent(TextChoices):
    ANSWER = "answer", pgettext_lazy("settlement dispute event", "Answer")
    WITHDRAW = "withdraw", pgettext_lazy("settlement dispute event", "Withdraw")
    DECIDE = "decide", pgettext_lazy("settlement dispute event", "Decide")


D = DisputeState

DISPUTE = Machine(
    "settlement_dispute",
    D.OPEN,
    final={D.WITHDRAWN, D.DECIDED},
    moves=[
        Move(D.OPEN, DisputeEvent.ANSWER, D.ANSWERED, by="other_party"),
        Move(D.OPEN, DisputeEvent.WITHDRAW, D.WITHDRAWN, by="opener"),
        Move(D.ANSWERED, DisputeEvent.WITHDRAW, D.WITHDRAWN, by="opener"),
        # Whoever does not answer cannot hold up the decision.
        Move(D.OPEN, DisputeEvent.DECIDE, D.DECIDED, by="supervisor"),
        Move(D.ANSWERED, DisputeEvent.DECIDE, D.DECIDED, by="supervisor"),
    ],
)
OPEN_DISPUTE = (D.OPEN, D.ANSWERED)
