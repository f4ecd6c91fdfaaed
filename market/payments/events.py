"""What the log says of payments, deposits and bank statements."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("payment.requested", _("Payment of {amount} yuan asked for under the reference {reference}.")),
    EventKind("payment.received", _("Payment of {amount} yuan received.")),
    EventKind("payment.cancelled", _("Payment no longer awaited.")),
    EventKind("payment.refunded", _("Payment of {amount} yuan refunded.")),
    EventKind("deposit.requested", _("Deposit of {amount} yuan asked for.")),
    EventKind("deposit.held", _("Deposit held.")),
    EventKind("deposit.cancelled", _("Deposit given up before it was paid.")),
    EventKind("deposit.released", _("Deposit due back by {due_back_on}.")),
    EventKind("deposit.refund_overdue", _("The refund of the deposit is late: it was due by {due_back_on}.")),
    EventKind("deposit.refunded", _("Deposit refunded.")),
    EventKind("deposit.carried", _("Deposit carried into the price.")),
    EventKind("deposit.forfeited", _("Deposit forfeited: {reason}")),
    EventKind("statement.imported", _("Bank statement imported: {lines} lines, {known} of them known before.")),
    EventKind("statement_line.confirmed", _("Line of the statement confirmed as payment {reference}.")),
    EventKind("statement_line.set_aside", _("Line of the statement set aside: {reason}")),
)
