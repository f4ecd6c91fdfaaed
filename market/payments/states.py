"""The life of a payment that comes in, of a deposit, of a line on the bank's statement, of money to pay out and to get back."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class PaymentState(TextChoices):
    AWAITED = "awaited", pgettext_lazy("payment state", "Awaited")
    RECEIVED = "received", pgettext_lazy("payment state", "Received")
    CANCELLED = "cancelled", pgettext_lazy("payment state", "Cancelled")
    REFUNDED = "refunded", pgettext_lazy("payment state", "Refunded")
    CHARGED_BACK = "charged_back", pgettext_lazy("payment state", "Taken back by the payer's bank")


class PaymentEvent(TextChoices):
    RECEIVE = "receive", pgettext_lazy("payment event", "Receive")
    CANCEL = "cancel", pgettext_lazy("payment event", "Cancel")
    LAPSE = "lapse", pgettext_lazy("payment event", "No longer await it")
    REFUND = "refund", pgettext_lazy("payment event", "Refund")
    CHARGE_BACK = "charge_back", pgettext_lazy("payment event", "Lose a dispute about it")


PAYMENT = Machine(
    "payment",
    PaymentState.AWAITED,
    final={PaymentState.CANCELLED, PaymentState.REFUNDED, PaymentState.CHARGED_BACK},
    moves=[
        Move(PaymentState.AWAITED, PaymentEvent.RECEIVE, PaymentState.RECEIVED, by="finance"),
        Move(PaymentState.AWAITED, PaymentEvent.CANCEL, PaymentState.CANCELLED, by="payer"),
        Move(PaymentState.AWAITED, PaymentEvent.LAPSE, PaymentState.CANCELLED, by="clock"),
        Move(PaymentState.RECEIVED, PaymentEvent.REFUND, PaymentState.REFUNDED, by="finance"),
        Move(PaymentState.RECEIVED, PaymentEvent.CHARGE_BACK, PaymentState.CHARGED_BACK, by="clock"),
    ],
)


class DepositState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("deposit state", "To be paid")
    HELD = "held", pgettext_lazy("deposit state", "Held")
    DUE_BACK = "due_back", pgettext_lazy("deposit state", "Due back")
    REFUNDED = "refunded", pgettext_lazy("deposit state", "Refunded")
    CARRIED = "carried", pgettext_lazy("deposit state", "Carried into the price")
    FORFEITED = "forfeited", pgettext_lazy("deposit state", "Forfeited")
    CANCELLED = "cancelled", pgettext_lazy("deposit state", "Not paid")
    REFUSED = "refused", pgettext_lazy("deposit state", "Letter refused")
    CHARGED_BACK = "charged_back", pgettext_lazy("deposit state", "Taken back by the payer's bank")


class DepositEvent(TextChoices):
    HOLD = "hold", pgettext_lazy("deposit event", "Hold")
    CANCEL = "cancel", pgettext_lazy("deposit event", "Give up")
    LAPSE = "lapse", pgettext_lazy("deposit event", "No longer ask for it")
    REFUSE = "refuse", pgettext_lazy("deposit event", "Refuse the letter with a reason")
    RELEASE = "release", pgettext_lazy("deposit event", "Release")
    REFUND = "refund", pgettext_lazy("deposit event", "Refund")
    CARRY = "carry", pgettext_lazy("deposit event", "Carry into the price")
    FORFEIT = "forfeit", pgettext_lazy("deposit event", "Forfeit")
    CHARGE_BACK = "charge_back", pgettext_lazy("deposit event", "Lose a dispute about it")


DEPOSIT = Machine(
    "deposit",
    DepositState.REQUESTED,
    final={
        DepositState.REFUNDED,
        DepositState.CARRIED,
        DepositState.FORFEITED,
        DepositState.CANCELLED,
        DepositState.REFUSED,
        DepositState.CHARGED_BACK,
    },
    moves=[
        Move(DepositState.REQUESTED, DepositEvent.HOLD, DepositState.HELD, by="finance"),
        Move(DepositState.REQUESTED, DepositEvent.CANCEL, DepositState.CANCELLED, by="payer"),
        # What it was for is over before it was paid.
        Move(DepositState.REQUESTED, DepositEvent.LAPSE, DepositState.CANCELLED, by="clock"),
        Move(DepositState.REQUESTED, DepositEvent.REFUSE, DepositState.REFUSED, by="finance"),
        Move(DepositState.HELD, DepositEvent.RELEASE, DepositState.DUE_BACK, by="clock"),
        Move(DepositState.DUE_BACK, DepositEvent.REFUND, DepositState.REFUNDED, by="finance"),
        Move(DepositState.HELD, DepositEvent.CARRY, DepositState.CARRIED, by="clock"),
        Move(DepositState.HELD, DepositEvent.FORFEIT, DepositState.FORFEITED, by="supervisor"),
        Move(DepositState.HELD, DepositEvent.CHARGE_BACK, DepositState.CHARGED_BACK, by="clock"),
        Move(DepositState.DUE_BACK, DepositEvent.CHARGE_BACK, DepositState.CHARGED_BACK, by="clock"),
    ],
)
# One payer has one of these for a matter.
OPEN_DEPOSIT = (DepositState.REQUESTED, DepositState.HELD, DepositState.DUE_BACK)


class LineState(TextChoices):
    NEW = "new", pgettext_lazy("statement line state", "To be matched")
    CONFIRMED = "confirmed", pgettext_lazy("statement line state", "Confirmed")
    SET_ASIDE = "set_aside", pgettext_lazy("statement line state", "Set aside")
    TO_SEND_BACK = "to_send_back", pgettext_lazy("statement line state", "To be sent back")
    SENT_BACK = "sent_back", pgettext_lazy("statement line state", "Sent back")


class LineEvent(TextChoices):
    CONFIRM = "confirm", pgettext_lazy("statement line event", "Confirm the payment")
    SET_ASIDE = "set_aside", pgettext_lazy("statement line event", "Set aside with a reason")
    SEND_BACK = "send_back", pgettext_lazy("statement line event", "Send back with a reason")
    CONFIRM_SENT = "confirm_sent", pgettext_lazy("statement line event", "Confirm that it went back")


LINE = Machine(
    "statement_line",
    LineState.NEW,
    final={LineState.CONFIRMED, LineState.SENT_BACK},
    moves=[
        Move(LineState.NEW, LineEvent.CONFIRM, LineState.CONFIRMED, by="finance"),
        Move(LineState.NEW, LineEvent.SET_ASIDE, LineState.SET_ASIDE, by="finance"),
        Move(LineState.SET_ASIDE, LineEvent.CONFIRM, LineState.CONFIRMED, by="finance"),
        Move(LineState.NEW, LineEvent.SEND_BACK, LineState.TO_SEND_BACK, by="finance"),
        Move(LineState.SET_ASIDE, LineEvent.SEND_BACK, LineState.TO_SEND_BACK, by="finance"),
        Move(LineState.TO_SEND_BACK, LineEvent.CONFIRM_SENT, LineState.SENT_BACK, by="finance"),
    ],
)


class PayoutState(TextChoices):
    ORDERED = "ordered", pgettext_lazy("payout state", "To be paid out")
    PAID = "paid", pgettext_lazy("payout state", "Paid out")


class PayoutEvent(TextChoices):
    PAY = "pay", pgettext_lazy("payout event", "Confirm that the bank has paid")
    RETURN = "return", pgettext_lazy("payout event", "Note that the bank gave it back")


PAYOUT = Machine(
    "payout",
    PayoutState.ORDERED,
    final=(),
    moves=[
        Move(PayoutState.ORDERED, PayoutEvent.PAY, PayoutState.PAID, by="finance"),
        # A wrong account number shows only days later; the money is then on the market's account again, and still owed.
        Move(PayoutState.PAID, PayoutEvent.RETURN, PayoutState.ORDERED, by="finance"),
    ],
)


class RecoveryState(TextChoices):
    OPEN = "open", pgettext_lazy("recovery state", "To be paid back")
    PROPOSED = "proposed", pgettext_lazy("recovery state", "Writing off proposed")
    PAID = "paid", pgettext_lazy("recovery state", "Paid back")
    SET_OFF = "set_off", pgettext_lazy("recovery state", "Set off against the deposit")
    WRITTEN_OFF = "written_off", pgettext_lazy("recovery state", "Written off")
    VOID = "void", pgettext_lazy("recovery state", "Void: the refund did not go through")


class RecoveryEvent(TextChoices):
    PAY = "pay", pgettext_lazy("recovery event", "Receive it")
    SET_OFF = "set_off", pgettext_lazy("recovery event", "Set it off against the deposit")
    FAIL = "fail", pgettext_lazy("recovery event", "Hear that the refund failed")
    PROPOSE = "propose", pgettext_lazy("recovery event", "Propose to write it off")
    APPROVE = "approve", pgettext_lazy("recovery event", "Write it off")
    REJECT = "reject", pgettext_lazy("recovery event", "Insist on it")


_OPEN, _PROPOSED = RecoveryState.OPEN, RecoveryState.PROPOSED

RECOVERY = Machine(
    "recovery",
    _OPEN,
    final={RecoveryState.PAID, RecoveryState.SET_OFF, RecoveryState.WRITTEN_OFF, RecoveryState.VOID},
    moves=[
        Move(_OPEN, RecoveryEvent.PAY, RecoveryState.PAID, by="clock"),
        Move(_OPEN, RecoveryEvent.SET_OFF, RecoveryState.SET_OFF, by="clock"),
        Move(_OPEN, RecoveryEvent.FAIL, RecoveryState.VOID, by="clock"),
        Move(_OPEN, RecoveryEvent.PROPOSE, _PROPOSED, by="finance"),
        # Money is given up by two persons: one of finance proposes it, a supervisor decides.
        Move(_PROPOSED, RecoveryEvent.APPROVE, RecoveryState.WRITTEN_OFF, by="supervisor"),
        Move(_PROPOSED, RecoveryEvent.REJECT, _OPEN, by="supervisor"),
        Move(_PROPOSED, RecoveryEvent.PAY, RecoveryState.PAID, by="clock"),
        Move(_PROPOSED, RecoveryEvent.SET_OFF, RecoveryState.SET_OFF, by="clock"),
        Move(_PROPOSED, RecoveryEvent.FAIL, RecoveryState.VOID, by="clock"),
    ],
)
OPEN_RECOVERY = (_OPEN, _PROPOSED)
