"""What finance types of refunds to cards and wallets."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerDisputeForm(forms.Form):
    """What speaks for the payment. Stripe takes one answer, and at most so many characters."""

    explanation = forms.CharField(
        label=_("What speaks for the payment"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_(
            "The payer's bank reads it: what was agreed and when, that it was delivered, and why the payment is due. In English if you can."
        ),
    )


class ReturnByBankForm(forms.Form):
    """Under which number the bank sent the money back."""

    reference = forms.CharField(
        label=_("The bank's number of the transfer"), max_length=64, help_text=_("As it will stand on the statement.")
    )
