"""What finance types about money that is paid out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PaidForm(forms.Form):
    """The bank's word that it has paid."""

    bank_reference = forms.CharField(
        label=_("Bank's number of the transfer"), max_length=64, help_text=_("As it stands on the bank's receipt or statement.")
    )


class ReturnedForm(forms.Form):
    """Why the bank gave the money back."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, help_text=_("The payee is told.")
    )
