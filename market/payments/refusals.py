"""The sentences of refusals about money."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "payments.nothing_to_post": _("There is no amount to book."),
    "payments.amount_not_positive": _("An amount that is booked is more than zero."),
    "payments.same_account": _("Money cannot move from an account to itself."),
    "payments.not_enough": _("The account has only {balance} yuan; nothing was booked."),
    "payments.posted_otherwise": _("Something else was already booked under this reference."),
}
