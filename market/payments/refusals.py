"""The sentences of refusals about money."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "payments.nothing_to_post": _("There is no amount to book."),
    "payments.amount_not_positive": _("An amount that is booked is more than zero."),
    "payments.same_account": _("Money cannot move from an account to itself."),
    "payments.not_enough": _("The account has only {balance} yuan; nothing was booked."),
    "payments.posted_otherwise": _("Something else was already booked under this reference."),
    "payments.barred": _("Your organisation is suspended and cannot pay a deposit; ask the officials."),
    "payments.payer_barred": _("The payer is suspended: no deposit is held for them. Send the money or the letter back."),
    "payments.deposit_exists": _("There is already a deposit of yours for this matter."),
    "payments.no_guarantee": _("This deposit is paid in money; there is no guarantee letter to accept."),
    "payments.reason_missing": _("Please state the reason."),
    "payments.finance_only": _("Only the market's finance may do this."),
    "payments.statement_known": _("This statement was already imported."),
    "payments.statement_wrong": _("Row {row}: {problem}"),
    "payments.wrong_sum": _(
        "The line has {found} yuan, the payment asks for {wanted}: a payment is received whole. Set it aside and ask the payer."
    ),
    "payments.bank_missing": _("State the bank and its branch."),
    "payments.account_number_wrong": _("An account number has 8 to 30 digits."),
    "payments.no_cards": _("Cards and wallets cannot be taken at present; please pay by bank transfer."),
    "payments.too_much_for_a_card": _("By card or wallet at most {most} yuan can be paid; please pay by bank transfer."),
    "payments.goes_back_by_card": _("This money came by card or wallet and goes back the same way by itself."),
    "payments.disputed": _("The payer's bank disputes this payment: till that is decided its money stays where it is."),
    "payments.dispute_answered": _("This dispute was answered already, or is decided."),
    "payments.explanation_missing": _("State what speaks for the payment."),
    "payments.nothing_to_refund": _("Nothing was paid that could go back."),
    "payments.refund_under_way": _("The money is already on its way back."),
    "payments.refund_not_failed": _("This refund did not fail, or somebody has already seen to it."),
    "payments.payout_not_arrived": _(
        "No line of the bank's statement that was set aside has this sum yet: import the statement, and set the line aside."
    ),
    "payments.line_booked": _("This line is already in the ledger."),
    "payments.line_unknown": _("The market does not know lines of this kind; ask whoever keeps the system."),
    "payments.not_from_stripe": _("This message was not signed by Stripe for this market, or is too old."),
    "payments.bank_reference_missing": _("Enter the bank's number of the transfer."),
    "payments.bank_reference_known": _("The transfer with this number of the bank's was already entered for another payout."),
    "payments.own_proposal": _("Whoever proposed to give the money up does not decide about it: somebody else must."),
    "payments.back_by_bank": _("What was refunded out of turn is paid back by bank transfer."),
    "payments.nothing_proposed": _("Choose the payment that this line belongs to."),
}
