"""What parties and supervisors type about a settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.settlement.actions.plans import Plan
from contracts.settlement.kinds import OutcomeChoices, RoyaltyBasis
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.rules.plans import MOST_DUES, PlannedDue, RoyaltyTerms
from contracts.settlement.states import DueState
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, MoneyField, PercentField

_EVERY = [
    ("1", pgettext_lazy("how often a royalty is reported", "Every month")),
    ("3", pgettext_lazy("how often a royalty is reported", "Every quarter")),
    ("6", pgettext_lazy("how often a royalty is reported", "Every half-year")),
    ("12", pgettext_lazy("how often a royalty is reported", "Every year")),
]


def _text(label: Any, rows: int = 4, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=5000, required=required, help_text=help_text)


class DueRow(forms.Form):
    """One sum of the plan; an empty row is none."""

    amount = MoneyField(label=_("Amount"), required=False, help_text="")
    due_on = DayField(label=_("Due on"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("amount") is None) != (data.get("due_on") is None) and not self.errors:
            raise ValidationError(_("A sum needs an amount and a day."))
        return data


_DueRows = forms.formset_factory(DueRow, extra=6, max_num=MOST_DUES, absolute_max=MOST_DUES + 6)


class DueRows(_DueRows):  # type: ignore[valid-type, misc]
    """The sums of a plan."""

    def planned(self) -> list[PlannedDue]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("amount") is not None]
        return [PlannedDue(row["amount"], row["due_on"]) for row in rows]


def rows_of(settlement: Settlement) -> list[dict[str, Any]]:
    """The rows of the plan as it is proposed."""
    return [{"amount": due.amount, "due_on": due.due_on} for due in settlement.dues.filter(state=DueState.PLANNED)]


class RoyaltyForm(forms.Form):
    """The terms of a royalty."""

    basis = forms.ChoiceField(label=_("Royalty on"), choices=RoyaltyBasis.choices)
    rate = PercentField(label=_("Rate, per cent"))
    every_months = forms.ChoiceField(label=_("Reported"), choices=_EVERY, initial="3")
    first_day = DayField(label=_("From"))
    last_day = DayField(label=_("Until"), help_text=_("The last day on which what the buyer makes counts."))

    def to_terms(self) -> RoyaltyTerms:
        data = self.cleaned_data
        return RoyaltyTerms(data["basis"], data["rate"], int(data["every_months"]), data["first_day"], data["last_day"])


def royalty_initial(settlement: Settlement) -> dict[str, Any]:
    """The form's initial values: the terms as they are proposed."""
    terms = settlement.royalty
    if terms is None:
        return {}
    return {
        "basis": terms.basis,
        "rate": terms.rate,
        "every_months": str(terms.every_months),
        "first_day": terms.first_day,
        "last_day": terms.last_day,
    }


class PlanForm(forms.Form):
    """A plan of payment as one form, so that whatever speaks against it stands above the whole."""

    def plan(self, rows: DueRows, royalty: RoyaltyForm | None) -> Plan:
        return Plan(rows.planned(), royalty.to_terms() if royalty else None)


class AgreePlanForm(forms.Form):
    """The agreement to the plan that was on the page."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ConfirmDeliveryForm(forms.Form):
    is_delivered = forms.BooleanField(label=_("Everything the contract names was delivered to us and accepted."))


class DisputeForm(UploadForm):
    reason = _text(_("What is disputed"), 6, help_text=_("The other side and the supervisors read it."))
    documents = DocumentsField(label=_("Evidence"), required=False)


class AnswerForm(UploadForm):
    answer = _text(_("Answer"), 6, help_text=_("The other side and the supervisors read it."))
    documents = DocumentsField(label=_("Evidence"), required=False)


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=OutcomeChoices.choices, widget=forms.RadioSelect)
    to_seller = MoneyField(label=_("To the seller, when split"), required=False)
    grounds = _text(_("Grounds"), 6, help_text=_("Shown to both sides."))


class ReportForm(UploadForm):
    base = MoneyField(label=_("Base"))
    documents = DocumentsField(
        label=_("Evidence"), required=False, help_text=_("Sales records, an auditor's report and the like.")
    )


class DecideReportForm(forms.Form):
    base = MoneyField(label=_("Base"))
    reason = _text(_("Grounds"), help_text=_("Shown to both sides."))


class ObjectForm(forms.Form):
    reason = _text(_("Reason"), help_text=_("The buyer corrects the report, or a supervisor decides."))


class CostForm(UploadForm):
    what = forms.CharField(label=_("What for"), max_length=120)
    amount = MoneyField(label=_("Amount"))
    documents = DocumentsField(label=_("Evidence"), help_text=_("One paper, such as the invoice."))


class ShareForm(forms.Form):
    rate = PercentField(label=_("Inventors' share of the net income, per cent"))
    pays_apart = forms.BooleanField(
        label=_("Pay the inventors' share out as a sum of its own"),
        required=False,
        help_text=_(
            "The market transfers it to your account marked as the inventors' reward; you withhold their income tax and pass it on. "
            "It applies to what is released from now on."
        ),
    )

    def share(self) -> Decimal:
        rate: Decimal = self.cleaned_data["rate"]
        return rate
