"""What payers hand in and type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from market.documents.fields import DocumentsField, UploadForm
from market.documents.models import Document


class LetterForm(UploadForm):
    """The bank's guarantee letter that is to stand for the money."""

    letter = DocumentsField(
        label=_("Guarantee letter"),
        help_text=_(
            "One file, as the bank has signed it. It must name the listing, the amount, and run past the end of the notice."
        ),
    )

    def clean_letter(self) -> Document:
        return one_file(self.cleaned_data["letter"])


class BankAccountForm(forms.Form):
    """Where refunds go."""

    bank = forms.CharField(label=_("Bank and branch"), max_length=120)
    number = forms.CharField(
        label=_("Account number"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_(
            "An account in the name of the organisation itself. It is stored encrypted; only its last four digits are shown."
        ),
    )


def one_file(files: list[Document]) -> Document:
    """The file, where one and no more is wanted."""
    if len(files) != 1:
        raise forms.ValidationError(_("Choose one file; take off those that are not wanted."))
    return files[0]
