"""What is typed to keep a search."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from search.actions import Wish
from search.models import Rhythm
from search.parse import kept_address
from search.query import Facet, Query


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label=_("Tell me"), choices=Rhythm.choices, initial=Rhythm.DAILY)


class SaveSearchForm(RhythmForm):
    address = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Name"), max_length=100, required=False)

    def to_wish(self) -> Wish:
        return Wish(address=self.cleaned_data["address"], label=self.cleaned_data["label"], rhythm=self.cleaned_data["rhythm"])


def save_form(parameters: QueryDict, query: Query) -> SaveSearchForm | None:
    """To keep the search of this page, within its kind where it has one; nothing where there is nothing to keep."""
    if not kept_address(parameters.urlencode()):
        return None
    address = parameters.copy()
    address.setlist(Facet.KIND.value, list(query.chosen(Facet.KIND)))
    return SaveSearchForm(initial={"address": kept_address(address.urlencode()), "label": query.typed})
