"""What an enterprise types of what it looks for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.demands.kinds import Comparison, Confidentiality, Cooperation, DemandKind
from listings.demands.models.demands import Demand
from listings.demands.rules.demands import MOST_INDICATORS, MOST_KEYWORDS, DemandEntry, Indicator, plain
from listings.forms.achievements import RowForm
from listings.kinds import Industry
from market.accounts.models import Organisation
from market.accounts.states import OrganisationState
from market.fields import DayField, MoneyField, WordsField
from market.refusals import sentence
from market.values.refusal import Refused

# A starting point that each enterprise may put in its own words; what was accepted is kept by its fingerprint.
_TERMS = _(
    "We use what we read here only to examine whether and how we answer this demand. We show it to nobody but those of our people "
    "who work on the answer, and who keep it secret too. We return or destroy it when the enterprise asks for it. This holds for "
    "three years, also when we do not answer; it does not cover what is public, or was known to us before."
)


class PartiesField(forms.CharField):
    """Verified organisations, one a line, by their full name or unified social credit code; gives their keys in the database."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[int, ...]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        verified = Organisation.objects.filter(state=OrganisationState.VERIFIED)
        found = {}
        for line in lines:
            organisation = verified.filter(social_credit_code=line).first() or verified.filter(name=line).first()
            if organisation is None:
                raise forms.ValidationError(_("“%(line)s” is not a verified organisation on this market.") % {"line": line})
            found[organisation.pk] = organisation
        return tuple(sorted(found))


class DemandForm(forms.Form):
    """A demand without its indicators, which are rows of their own."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of demand"), choices=DemandKind.choices, required=False)
    industry = forms.ChoiceField(label=_("Industry"), choices=Industry.choices)
    problem = forms.CharField(
        label=_("Problem to solve"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("What does not work today, and under which conditions."),
    )
    targets = forms.CharField(
        label=_("Measurable targets"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("In words; the figures go into the indicators below."),
    )
    expected = forms.CharField(
        label=_("Expected result"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )
    existing_basis = forms.CharField(
        label=_("What is there already"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=_("Equipment, samples, earlier attempts."),
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=_("What a solution must fit: site, media, standards, shutdown times; and what you expect of the team."),
    )
    keywords = WordsField(label=_("Keywords"), required=False, help_text=_("Up to five, separated by commas."))
    budget_from = MoneyField(label=_("Budget from"), required=False)
    budget = MoneyField(label=_("Budget up to"), required=False, help_text=_("Leave both empty for an open budget."))
    cooperation = forms.ChoiceField(label=_("Form of cooperation"), choices=Cooperation.choices)
    valid_until = DayField(label=_("Valid until"), help_text=_("Proposals are taken until the end of this day."))
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("An office with its telephone; everybody sees it.")
    )
    confidentiality = forms.ChoiceField(
        label=_("Confidentiality"), choices=Confidentiality.choices, required=False, initial=Confidentiality.OPEN
    )
    details = forms.CharField(
        label=_("Confidential details"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10000,
        required=False,
        help_text=_("Read only by those whom the level above lets read them. All else on this page is public."),
    )
    nondisclosure = forms.CharField(
        label=_("Non-disclosure terms"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
        initial=_TERMS,
        help_text=_("Accepted in the name of an organisation before its people read the details."),
    )
    named = PartiesField(
        label=_("Named parties"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("One a line: the full name or unified social credit code."),
    )

    def to_entry(self, indicators: Iterable[IndicatorForm]) -> DemandEntry:
        """The demand as typed, with its rows. Terms without anything to protect are dropped."""
        data = {**self.cleaned_data}
        data["kind"] = data["kind"] or DemandKind.BREAKTHROUGH
        data["confidentiality"] = data["confidentiality"] or Confidentiality.OPEN
        if data["confidentiality"] == Confidentiality.OPEN:
            data["nondisclosure"] = ""
        if data["confidentiality"] != Confidentiality.NAMED:
            data["named"] = ()
        return DemandEntry(**data, indicators=tuple(row.to_indicator() for row in indicators if row.is_filled))


class IndicatorForm(RowForm):
    name = forms.CharField(label=_("Indicator"), max_length=60)
    comparison = forms.ChoiceField(label=_("To be met"), choices=Comparison.choices, initial=Comparison.AT_LEAST)
    value = forms.DecimalField(label=_("Value"), max_digits=18, decimal_places=6)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    current = forms.CharField(label=_("Today"), max_length=40, required=False)
    method = forms.CharField(label=_("How it is measured"), max_length=120, required=False)

    def to_indicator(self) -> Indicator:
        data = self.cleaned_data
        return Indicator(data["name"], data["comparison"], data["value"], data["unit"], data["current"], data["method"])


IndicatorRows = forms.formset_factory(IndicatorForm, extra=3, max_num=MOST_INDICATORS, absolute_max=MOST_INDICATORS + 8)


def show_indicator_refusals(rows: forms.BaseFormSet[IndicatorForm], refused: Refused) -> None:
    """What the rules found wrong in the indicators stands above their table."""
    for refusal in refused.refusals:
        if refusal.field == "indicators":
            rows.non_form_errors().append(sentence(refusal))


class CloseForm(forms.Form):
    """Why nothing is looked for any more."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Shown on the demand, and told to those who answered."),
    )


def demand_from_words(words: str) -> dict[str, Any]:
    """The form's initial values for somebody who searched for these words and found nothing."""
    words = " ".join(words.replace("\x00", " ").split())[:120]
    return {"title": words, "keywords": words.replace('"', " ").split()[:MOST_KEYWORDS]} if words else {}


def demand_initial(demand: Demand) -> dict[str, Any]:
    """The form's initial values for a demand that is to be changed."""
    names = [name for name in DemandForm.base_fields if name not in {"named", "nondisclosure"}]
    named = "\n".join(demand.named.order_by("name").values_list("name", flat=True))
    terms = {"nondisclosure": demand.nondisclosure} if demand.nondisclosure else {}
    return {name: getattr(demand, name) for name in names} | {"named": named} | terms


def indicator_rows_of(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """The rows' initial values."""
    return [indicator.as_row() | {"value": Decimal(plain(indicator.value))} for indicator in indicators]
