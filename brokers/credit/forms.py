"""What holders, parties and officials type about credit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.credit.actions.ledger import ManualEntry
from brokers.credit.actions.reviews import ReviewTerms
from brokers.credit.kinds import Criterion
from brokers.credit.rules.records import HIGHEST_MARK, LOWEST_MARK
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField

_MARKS = [(str(mark), str(mark)) for mark in range(HIGHEST_MARK, LOWEST_MARK - 1, -1)]


class DayForm(forms.Form):
    """On which day?"""

    on = DayField(label=_("On the day"), required=False)


class ReviewForm(forms.Form):
    expertise = forms.TypedChoiceField(
        label=Criterion.EXPERTISE.label,
        choices=_MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("5 is best, 1 is worst."),
    )
    timeliness = forms.TypedChoiceField(label=Criterion.TIMELINESS.label, choices=_MARKS, coerce=int, widget=forms.RadioSelect)
    integrity = forms.TypedChoiceField(label=Criterion.INTEGRITY.label, choices=_MARKS, coerce=int, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Review"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=_("Everybody reads this, with your organisation's name. Please write of facts."),
    )

    def to_terms(self) -> ReviewTerms:
        return ReviewTerms(**self.cleaned_data)


class ReplyForm(forms.Form):
    reply = forms.CharField(label=_("Reply"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


class AppealForm(UploadForm):
    grounds = forms.CharField(
        label=_("Grounds"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=3000,
        help_text=_("What is wrong with the record?"),
    )
    evidence = DocumentsField(label=_("Evidence"))


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=_("Decision and grounds"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=3000,
        help_text=_("For the one who appealed."),
    )
    published = forms.CharField(
        label=_("Published decision"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=_("Everybody reads this: name no person, organisation or project."),
    )


class RepairForm(UploadForm):
    statement = forms.CharField(label=_("What was made good"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)
    promises = forms.BooleanField(
        label=_("We promise publicly to keep to the law and to the rules of the market from now on."), required=False
    )
    evidence = DocumentsField(label=_("Evidence"), required=False)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class ManualEntryForm(UploadForm):
    """A record that an official enters; `rules` are those that may be chosen, with their words."""

    rule = forms.ChoiceField(label=_("Kind of record"))
    day = DayField(label=_("From"), help_text=_("The day of the deciding document."))
    title = forms.CharField(label=_("About"), max_length=200)
    statement = forms.CharField(label=_("Facts"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)
    evidence = DocumentsField(label=_("Evidence"))

    def __init__(self, *args: Any, rules: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = list(rules)  # type: ignore[attr-defined]

    def to_entry(self) -> ManualEntry:
        data = self.cleaned_data
        return ManualEntry(data["rule"], data["day"], data["title"], data["statement"], tuple(data["evidence"]))
