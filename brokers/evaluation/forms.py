"""What officials and institutions type about a yearly evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.documents.fields import DocumentsField, UploadForm


class DraftForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)


class FigureForm(UploadForm):
    """One of the indicators that are entered by hand."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    value = forms.DecimalField(label=_("Value"), min_value=0, max_digits=16, decimal_places=2)
    statement = forms.CharField(label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    evidence = DocumentsField(label=_("Evidence"))

    def __init__(self, *args: Any, indicators: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = list(indicators)  # type: ignore[attr-defined]


class CommentForm(UploadForm):
    text = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("Which figure is wrong, and what is right?"),
    )
    evidence = DocumentsField(label=_("Evidence"), required=False)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
