"""What brokers and their principals type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.actions.brokers import BrokerEntry
from brokers.actions.engagements import EngagementTerms
from brokers.kinds import Level
from brokers.models import Broker
from brokers.rules import CommissionTerms
from listings.kinds import Industry
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, MoneyField, PercentField


class BrokerForm(UploadForm):
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=40)
    valid_until = DayField(label=_("Certificate valid until"))
    fields_of_work = forms.MultipleChoiceField(
        label=_("Fields of work"), choices=Industry.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    introduction = forms.CharField(
        label=_("Introduction"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False
    )
    evidence = DocumentsField(label=_("Certificate"), help_text=_("A scan of the certificate."))

    def to_entry(self) -> BrokerEntry:
        data = self.cleaned_data
        return BrokerEntry(
            level=data["level"],
            certificate_number=data["certificate_number"],
            valid_until=data["valid_until"],
            fields=tuple(data["fields_of_work"]),
            introduction=data["introduction"],
            evidence=tuple(data["evidence"]),
        )


class EngagementForm(forms.Form):
    """A mandate for one listing; `brokers` are those who may be chosen."""

    broker = forms.ModelChoiceField(label=_("Broker"), queryset=Broker.objects.none(), to_field_name="key")
    scope = forms.CharField(
        label=_("Scope"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("What the broker is to do: find buyers, examine, negotiate, accompany the contract."),
    )
    is_exclusive = forms.BooleanField(label=_("Exclusive"), required=False)
    valid_until = DayField(label=_("Valid until"))
    rate = PercentField(
        label=_("Commission in % of the contract value"), required=False, help_text=_("Either a rate or a fixed sum.")
    )
    fixed = MoneyField(label=_("Fixed commission"), required=False)
    cap = MoneyField(label=_("Cap"), required=False, help_text=_("The most a rate may come to."))
    both_consent = forms.BooleanField(
        label=_("The broker may also act for the other side"),
        required=False,
        help_text=_("Needed, from both sides, when the broker acts for both."),
    )

    def __init__(self, *args: Any, brokers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["broker"].queryset = brokers  # type: ignore[attr-defined]

    def to_terms(self, side: str) -> EngagementTerms:
        data = self.cleaned_data
        return EngagementTerms(
            side=side,
            scope=data["scope"],
            is_exclusive=data["is_exclusive"],
            valid_until=data["valid_until"],
            commission=CommissionTerms(rate=data["rate"], fixed=data["fixed"], cap=data["cap"]),
            both_consent=data["both_consent"],
            # The whole goes to the broker's institution until partners are taken in.
            shares={data["broker"].institution_id: Decimal(1)},
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
