"""What a broker sends from the board."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.board.states import LeadEvent


class LeadForm(forms.Form):
    """Which demand or listing, by its number."""

    demand_number = forms.CharField(max_length=16, required=False)
    listing_number = forms.CharField(max_length=16, required=False)


class MoveForm(forms.Form):
    event = forms.TypedChoiceField(choices=LeadEvent.choices, coerce=LeadEvent)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False,
        help_text=_("Only you see it."),
    )  # fmt: skip
