"""How do editors pick a listing? A chooser over the listings that the public may see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from listings.models.listings import Listing
from market.portal.catalogue import public_listings


class ListingFilterForm(BaseFilterForm):
    """Searches numbers and titles; the editors' search index does not hold listings."""

    q = forms.CharField(label=_("Number or title"), required=False)

    def filter(self, objects: QuerySet[Listing]) -> QuerySet[Listing]:
        text = self.cleaned_data["q"]
        self.is_searching, self.search_query = bool(text), text
        return objects.filter(Q(number__icontains=text) | Q(achievement__title__icontains=text)) if text else objects


class _PublicListings:
    """Number and title, seller and state beside each other."""

    filter_form_class = ListingFilterForm

    @property
    def columns(self) -> list[Any]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("seller", label=_("Seller"), accessor="seller"),
            Column("state", label=_("State"), accessor="get_state_display"),
        ]

    def get_object_list(self) -> QuerySet[Listing]:
        return public_listings().order_by("-published_at", "-pk")


class ListingChooseView(_PublicListings, ChooseView):
    """The chooser's window."""


class ListingChooseResultsView(_PublicListings, ChooseResultsView):
    """The list within it, asked for again with each search."""


class ListingChosenView(ChosenView):
    """The answer to a choice: editors are no officials and reach public listings only."""

    def get_object(self, pk: str) -> Listing:
        return public_listings().get(pk=pk)


class ListingChosenMultipleView(ChosenMultipleView):
    """As above, for several at once."""

    def get_objects(self, pks: list[str]) -> QuerySet[Listing]:
        return public_listings().filter(pk__in=pks)


class ListingChooserViewSet(ChooserViewSet):
    """The addresses of the chooser and the widget of the block."""

    model = Listing
    icon = "doc-full-inverse"
    choose_one_text = _("Choose a listing")
    choose_another_text = _("Choose another listing")
    choose_view_class = ListingChooseView
    choose_results_view_class = ListingChooseResultsView
    chosen_view_class = ListingChosenView
    chosen_multiple_view_class = ListingChosenMultipleView
    per_page = 20


listing_chooser = ListingChooserViewSet("listing_chooser", url_prefix="listing-chooser")
