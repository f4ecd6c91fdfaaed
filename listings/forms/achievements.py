"""What a university types of an achievement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.actions.achievements import AchievementEntry
from listings.codes import industry_names
from listings.kinds import (
    AchievementKind,
    ApplicationState,
    EvaluationMethod,
    FundingSource,
    Industry,
    LegalState,
    Level,
    Maturity,
    Origin,
    PatentKind,
    ResultForm,
    ReturnGround,
)
from listings.models.achievements import Achievement
from listings.rules.achievements import MOST_KEYWORDS, SHORTEST_ABSTRACT, InventorFacts, PatentFacts
from market.documents.fields import DocumentsField, UploadForm
from market.documents.models import Document
from market.documents.rules import CSV, XLSX
from market.fields import DayField, PercentField, WordsField
from market.refusals import sentence
from market.values.refusal import Refusal, Refused

LIST_TYPES = frozenset({CSV, XLSX})


class IndustryCodeInput(forms.TextInput):
    """A code, with the browser's own list of suggestions."""

    template_name = "listings/industry_code_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": "gbt4754-codes"})
        context["widget"]["codes"] = industry_names()
        return context


class AchievementForm(UploadForm):
    """An achievement without its inventors and patents, which are rows of their own."""

    # One for each form that is opened: sent twice, it still enters one achievement.
    entry_key = forms.RegexField(r"^[a-z2-9]{16}$", widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of achievement"), choices=AchievementKind.choices)
    industry = forms.ChoiceField(label=_("Industry"), choices=Industry.choices)
    gbt4754 = forms.CharField(
        label=_("Industry served (GB/T 4754)"),
        max_length=4,
        required=False,
        widget=IndustryCodeInput,
        help_text=_("The code, such as 441; type a digit or a word to be shown what there is."),
    )
    origin = forms.ChoiceField(label=_("Kind of innovation"), choices=Origin.choices, required=False)
    result_form = forms.ChoiceField(label=_("Form"), choices=ResultForm.choices, required=False, initial=ResultForm.TECHNOLOGY)
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
    application_state = forms.ChoiceField(
        label=_("Use so far"), choices=ApplicationState.choices, required=False, initial=ApplicationState.NOT_USED
    )
    started_on = DayField(label=_("Research begun on"), required=False)
    completed_on = DayField(label=_("Completed on"))
    evaluation_method = forms.ChoiceField(
        label=_("Evaluation"), choices=EvaluationMethod.choices, required=False, initial=EvaluationMethod.NONE
    )
    evaluated_on = DayField(label=_("Evaluated on"), required=False)
    evaluator = forms.CharField(label=_("Evaluated by"), max_length=120, required=False)
    level = forms.ChoiceField(
        label=_("Level of the achievement"),
        choices=Level.choices,
        required=False,
        initial=Level.NOT_EVALUATED,
        help_text=_("As the evaluation found it."),
    )
    is_publicly_funded = forms.BooleanField(
        label=_("Publicly funded"), required=False, help_text=_("Paid for wholly or partly from public funds.")
    )
    funding_source = forms.ChoiceField(label=_("Origin of funding"), choices=FundingSource.choices, initial=FundingSource.NONE)
    co_completers = WordsField(
        label=_("Other completing organisations"),
        required=False,
        help_text=_("In order, separated by commas; yours is the first and registers for all."),
    )
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("An office with its telephone; shown to officials only.")
    )
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
            origin=data["origin"] or Origin.ORIGINAL,
            result_form=data["result_form"] or ResultForm.OTHER,
            application_state=data["application_state"] or ApplicationState.NOT_USED,
            started_on=data["started_on"],
            evaluation_method=data["evaluation_method"] or EvaluationMethod.NONE,
            evaluated_on=data["evaluated_on"],
            evaluator=data["evaluator"],
            level=data["level"] or Level.NOT_EVALUATED,
            co_completers=data["co_completers"],
            contact=data["contact"],
            key=data["entry_key"],
        )


class RowForm(forms.Form):
    """One row of a table; an empty row means nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("data") is not None:
            # Beside what stood there before, a row left alone would count as empty, and one emptied as incomplete.
            kwargs |= {"initial": None, "empty_permitted": True}
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
    kind = forms.ChoiceField(label=_("Kind of patent"), choices=PatentKind.choices, initial=PatentKind.INVENTION)
    title = forms.CharField(label=_("Title"), max_length=120)
    ipc = forms.CharField(label=_("IPC"), max_length=20, required=False)
    granted_on = DayField(label=_("Granted on"), required=False)
    legal_state = forms.ChoiceField(label=_("Legal state"), choices=LegalState.choices, initial=LegalState.IN_FORCE)

    def to_facts(self) -> PatentFacts:
        data = self.cleaned_data
        return PatentFacts(
            data["number"], data["kind"], data["title"], data["ipc"].upper(), data["granted_on"], data["legal_state"]
        )


def show_row_refusals(
    inventors: forms.BaseFormSet[InventorForm], patents: forms.BaseFormSet[PatentForm], refused: Refused
) -> None:
    """What the rules found wrong in the rows stands at the rows: at the patent it names, or above the table."""
    for refusal in refused.refusals:
        if refusal.field == "inventors":
            inventors.non_form_errors().append(sentence(refusal))
        elif refusal.field == "patents":
            row = _row_of(patents, refusal)
            row.add_error(None, sentence(refusal)) if row else patents.non_form_errors().append(sentence(refusal))


def _row_of(patents: forms.BaseFormSet[PatentForm], refusal: Refusal) -> PatentForm | None:
    named = [row for row in patents if row.is_filled and row.cleaned_data.get("number") == refusal.data.get("number")]
    # Of a number entered twice the second is the one too many.
    return named[-1] if named else None


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
        "origin",
        "result_form",
        "application_state",
        "started_on",
        "evaluation_method",
        "evaluated_on",
        "evaluator",
        "level",
        "co_completers",
        "contact",
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


class ObstacleForm(forms.Form):
    """What stands in the way of an overdue contract."""

    obstacle = forms.CharField(
        label=_("Obstacle"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Shown to both parties and to supervisors. The clock then no longer finds the buyer in default."),
    )


class FailDealForm(ReasonForm):
    """Why no contract will be signed, and whether the buyer is to blame."""

    is_buyers_default = forms.ChoiceField(
        label=_("The buyer's deposit"),
        choices=[("", _("goes back: the buyer is not to blame")), ("1", _("is forfeited: the buyer did not keep to the terms"))],
        widget=forms.RadioSelect,
        required=False,
        help_text=_(
            "Of a forfeited deposit the seller receives the share that the rules in force say; the rest stays with the market."
        ),
    )


class ReturnForm(ReasonForm):
    """Why an achievement is not registered now."""

    ground = forms.ChoiceField(label=_("Ground"), choices=ReturnGround.choices, required=False, initial=ReturnGround.INCOMPLETE)
    field_order = ("ground", "reason")


class ImportForm(UploadForm):
    """A list as a file. It is stored at once, so that it need not be chosen again to be confirmed."""

    file = DocumentsField(label=_("List"), help_text=_("Excel (.xlsx) or CSV in UTF-8 or GBK, in the columns of the template."))

    def clean_file(self) -> Document:
        files: list[Document] = self.cleaned_data["file"]
        if len(files) != 1 or files[0].content_type not in LIST_TYPES:
            raise forms.ValidationError(_("Choose one file, in Excel or CSV; take off those that are not wanted."))
        return files[0]
