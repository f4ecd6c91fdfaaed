"""What a university types of an achievement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.actions.achievements import AchievementEntry
from listings.kinds import AchievementKind, FundingSource, Industry, LegalState, Maturity, PatentKind
from listings.models.achievements import Achievement
from listings.rules.achievements import MOST_KEYWORDS, SHORTEST_ABSTRACT, InventorFacts, PatentFacts
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, PercentField, WordsField


class AchievementForm(UploadForm):
    """An achievement without its inventors and patents, which are rows of their own."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=AchievementKind.choices)
    industry = forms.ChoiceField(label=_("Industry"), choices=Industry.choices)
    gbt4754 = forms.CharField(
        label=_("Industry served (GB/T 4754)"), max_length=4, required=False, help_text=_("The code, such as 4411.")
    )
    abstract = forms.CharField(
        label=_("Abstract"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What it does, what it does better, and how that was shown. At least %(n)s characters.")
        % {"n": SHORTEST_ABSTRACT},
    )
    keywords = WordsField(
        label=_("Keywords"), required=False, help_text=_("At most %(n)s, separated by commas.") % {"n": MOST_KEYWORDS}
    )
    maturity = forms.ChoiceField(label=_("Maturity"), choices=Maturity.choices)
    completed_on = DayField(label=_("Completed on"))
    is_publicly_funded = forms.BooleanField(
        label=_("Publicly funded"), required=False, help_text=_("Paid for wholly or partly from public funds.")
    )
    funding_source = forms.ChoiceField(label=_("Origin of funding"), choices=FundingSource.choices)
    documents = DocumentsField(
        label=_("Documents"),
        required=False,
        help_text=_("Evaluation report, patent certificates and the like; PDF, images or Office files."),
    )

    def to_entry(self, inventors: forms.BaseFormSet[InventorForm], patents: forms.BaseFormSet[PatentForm]) -> AchievementEntry:
        """The achievement as typed, with its rows."""
        data = self.cleaned_data
        return AchievementEntry(
            title=data["title"],
            kind=data["kind"],
            abstract=data["abstract"],
            keywords=data["keywords"],
            industry=data["industry"],
            gbt4754=data["gbt4754"],
            maturity=data["maturity"],
            completed_on=data["completed_on"],
            is_publicly_funded=data["is_publicly_funded"],
            funding_source=data["funding_source"],
            inventors=tuple(row.to_facts() for row in inventors if row.is_filled),
            patents=tuple(row.to_facts() for row in patents if row.is_filled),
            documents=tuple(data["documents"]),
        )


class RowForm(forms.Form):
    """One row of a table; an empty row means nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    @property
    def is_filled(self) -> bool:
        return self.has_changed() and bool(self.cleaned_data)


class InventorForm(RowForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    share = PercentField(label=_("Share in %"))

    def to_facts(self) -> InventorFacts:
        return InventorFacts(self.cleaned_data["name"], self.cleaned_data["share"])


class PatentForm(RowForm):
    number = forms.CharField(label=_("Patent number"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=PatentKind.choices, initial=PatentKind.INVENTION)
    title = forms.CharField(label=_("Title"), max_length=120)
    ipc = forms.CharField(label=_("IPC"), max_length=20, required=False)
    granted_on = DayField(label=_("Granted on"), required=False)
    legal_state = forms.ChoiceField(label=_("Legal state"), choices=LegalState.choices, initial=LegalState.IN_FORCE)

    def to_facts(self) -> PatentFacts:
        data = self.cleaned_data
        return PatentFacts(
            data["number"], data["kind"], data["title"], data["ipc"].upper(), data["granted_on"], data["legal_state"]
        )


InventorRows = forms.formset_factory(InventorForm, extra=3, max_num=30, absolute_max=40)
PatentRows = forms.formset_factory(PatentForm, extra=2, max_num=30, absolute_max=40)


def initial_of(achievement: Achievement) -> dict[str, Any]:
    """The form's initial values for an achievement that is to be changed."""
    names = (
        "title",
        "kind",
        "industry",
        "gbt4754",
        "abstract",
        "keywords",
        "maturity",
        "completed_on",
        "is_publicly_funded",
        "funding_source",
    )
    return {name: getattr(achievement, name) for name in names} | {"documents": list(achievement.documents.all())}


def inventor_rows_of(achievement: Achievement) -> list[dict[str, Any]]:
    return [{"name": row.name, "share": row.share} for row in achievement.inventors.all()]


def patent_rows_of(achievement: Achievement) -> list[dict[str, Any]]:
    names = ("number", "kind", "title", "ipc", "granted_on", "legal_state")
    return [{name: getattr(row, name) for name in names} for row in achievement.patents.all()]


class ReasonForm(forms.Form):
    """Why it is returned, rejected, withdrawn or revoked."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=_("Shown to those concerned.")
    )
