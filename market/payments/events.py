"""What the log says of payments, deposits and bank statements."""

from django.utils.translation import gettext_lazy as _

from market.events.registry import EventKind, declare

declare(
    EventKind("payment.requested", _("Payment of {amount} yuan asked for under the reference {reference}.")),
    EventKind("payment.received", _("Payment of {amount} yuan received.")),
    EventKind("payment.cancelled", _("Payment no longer awaited.")),
    EventKind("payment.refunded", _("Payment of {amount} yuan refunded.")),
    EventKind("payment.charged_back", _("Payment of {amount} yuan taken back by the payer's bank.")),
    EventKind("checkout.begun", _("A page to pay {amount} yuan by card or wallet was opened.")),
    EventKind("checkout.surplus", _("{amount} yuan came by card or wallet that nobody waited for; they go back.")),
    EventKind("card_refund.asked", _("Refund of {amount} yuan to the card or wallet asked for.")),
    EventKind("card_refund.failed", _("The refund to the card or wallet failed: {problem}")),
    EventKind("card_refund.returned_by_bank", _("Returned by bank transfer instead, under the bank's number {reference}.")),
    EventKind("dispute.opened", _("The payer's bank disputes the payment of {amount} yuan.")),
    EventKind("dispute.won", _("The dispute about {amount} yuan ended in the market's favour.")),
    EventKind("dispute.lost", _("The dispute about {amount} yuan was lost.")),
    EventKind("balance_line.booked", _("{amount} yuan booked that Stripe paid out or kept.")),
    EventKind("deposit.requested", _("Deposit of {amount} yuan asked for.")),
    EventKind("deposit.held", _("Deposit held.")),
    EventKind("deposit.guarantee_offered", _("A bank's guarantee letter was handed in instead of the money.")),
    EventKind("deposit.guarantee_refused", _("The guarantee letter was refused: {reason}")),
    EventKind("deposit.cancelled", _("Deposit no longer asked for.")),
    EventKind("deposit.released", _("Deposit due back by {due_back_on}.")),
    EventKind("deposit.refund_overdue", _("The refund of the deposit is late: it was due by {due_back_on}.")),
    EventKind("deposit.refunded", _("Deposit refunded.")),
    EventKind("deposit.charged_back", _("Deposit taken back by the payer's bank.")),
    EventKind("deposit.carried", _("Deposit carried into the price.")),
    EventKind("deposit.forfeited", _("Deposit forfeited: {reason}")),
    EventKind("payments.differences_found", _("{count} differences between {provider} and the ledger.")),
    EventKind("payments.orders_exported", _("{count} orders to pay refunds taken out for the bank.")),
    EventKind("payout.ordered", _("{amount} yuan to be paid out under the reference {reference}.")),
    EventKind("payout.paid", _("{amount} yuan paid out; the bank's number is {bank_reference}.")),
    EventKind("payout.returned", _("The bank gave {amount} yuan back, to be paid out again: {reason}")),
    EventKind("bank_account.changed", _("Account for refunds changed; it ends in {last_digits}.")),
    EventKind("statement.imported", _("Bank statement imported: {lines} lines, {known} of them known before.")),
    EventKind("statement_line.confirmed", _("Line of the statement confirmed as payment {reference}.")),
    EventKind("statement_line.set_aside", _("Line of the statement set aside: {reason}")),
    EventKind("statement_line.to_send_back", _("The money of this line is to be sent back: {reason}")),
    EventKind("statement_line.sent_back", _("The money of this line was sent back.")),
)
