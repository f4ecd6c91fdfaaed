"""The sentences of refusals about money."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "payments.nothing_to_post": _("There is no amount to book."),
    "payments.amount_not_positive": _("An amount that is booked is more than zero."),
    "payments.same_account": _("Money cannot move from an account to itself."),
    "payments.not_enough": _("The account has only {balance} yuan; nothing was booked."),
    "payments.posted_otherwise": _("Something else was already booked under this reference."),
    "payments.barred": _("Your organisation is suspended and cannot pay a deposit; ask the officials."),
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
    "payments.nothing_proposed": _("Choose the payment that this line belongs to."),
}
