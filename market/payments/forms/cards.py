"""What finance types of refunds to cards and wallets."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReturnByBankForm(forms.Form):
    """Under which number the bank sent the money back."""

    reference = forms.CharField(
        label=_("The bank's number of the transfer"), max_length=64, help_text=_("As it will stand on the statement.")
    )
