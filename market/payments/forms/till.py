"""What the market's finance types and chooses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from market.documents.fields import DocumentsField, UploadForm
from market.documents.models import Document
from market.payments.forms.deposits import one_file
from market.payments.models.deposits import Payment
from market.payments.models.statements import StatementLine
from market.payments.queries.statements import awaited_payments
from market.payments.states import LINE, LineEvent


class StatementForm(UploadForm):
    """The bank's statement. It is stored at once, so that it need not be chosen again to be imported."""

    statement = DocumentsField(label=_("Bank statement"), help_text=_("CSV as the bank gives it, in UTF-8 or GB 18030."))

    def clean_statement(self) -> Document:
        document = one_file(self.cleaned_data["statement"])
        if document.content_type != "text/csv":
            raise forms.ValidationError(_("Choose a CSV file."))
        return document


class RefuseLetterForm(forms.Form):
    """Why a letter does not do."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=_("Shown to those concerned.")
    )


class LineForm(forms.Form):
    """What becomes of a line of the statement that is not clear: the acts that its state still allows."""

    decision = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    payment = forms.ModelChoiceField(
        Payment.objects.none(),
        label=pgettext_lazy("money", "Payment"),
        to_field_name="reference",
        required=False,
        empty_label=pgettext_lazy("payment of a line", "as proposed"),
        help_text=_("Only for a confirmation. The sums must be the same."),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args: Any, line: StatementLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            LineEvent.CONFIRM: _("It is this payment"),
            LineEvent.SEND_BACK: _("Send the money back"),
            LineEvent.SET_ASIDE: _("Set it aside until it is clear"),
        }
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (event.value, label) for event, label in words.items() if LINE.may(line.state, event)
        ]
        if line.proposed_id is None:
            self.fields["payment"].empty_label = pgettext_lazy("payment of a line", "none chosen")  # type: ignore[attr-defined]
        self.fields["payment"].queryset = awaited_payments().filter(amount_fen=line.amount_fen)  # type: ignore[attr-defined]
        self.fields["payment"].label_from_instance = _payment_in_words  # type: ignore[attr-defined]


def _payment_in_words(payment: Payment) -> str:
    return f"{payment.reference} · {payment.payer.name} · {payment.amount}"
