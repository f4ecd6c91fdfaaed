"""What is typed in the auction room, and when an auction is announced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.auctions.rules.ascending import AuctionTerms
from market.fields import MoneyField
from market.keys import random_key


class BidForm(forms.Form):
    """One bid. The key is made with the page, so that a form sent twice is one bid."""

    amount = MoneyField(label=_("Your bid"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = random_key()


class ProxyForm(forms.Form):
    """A limit up to which the market bids for the bidder."""

    limit = MoneyField(
        label=_("Bid for us up to"),
        required=False,
        help_text=_("The market answers others by one step for you, up to this limit. Nobody sees it. Empty takes it back."),
    )


class AnnounceAuctionForm(forms.Form):
    """The terms of an auction, as they will be announced."""

    start = MoneyField(label=_("Start price"))
    step = MoneyField(label=_("Step"))
    reserve = MoneyField(
        label=_("Reserve price"), required=False, help_text=_("Secret until the end; below it there is no deal.")
    )
    opens_at = forms.DateTimeField(
        label=_("Opens at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    free_minutes = forms.IntegerField(label=_("Free period in minutes"), min_value=10, max_value=10080, initial=240)
    cycle = forms.IntegerField(
        label=_("Cycle in seconds"),
        min_value=10,
        max_value=3600,
        initial=300,
        help_text=_("After the free period, each bid begins a new cycle; one cycle without a bid ends the auction."),
    )
    most_extensions = forms.IntegerField(label=_("Most extensions"), min_value=0, max_value=500, initial=50)
    hard_stop_minutes = forms.IntegerField(
        label=_("Hard stop, minutes after the free period"), min_value=10, max_value=1440, initial=240
    )

    def to_terms(self) -> AuctionTerms:
        """The terms as typed."""
        data = self.cleaned_data
        opens_at: datetime = data["opens_at"]
        free_until = opens_at + timedelta(minutes=data["free_minutes"])
        return AuctionTerms(
            start=data["start"],
            step=data["step"],
            reserve=data["reserve"],
            opens_at=opens_at,
            free_until=free_until,
            cycle=timedelta(seconds=data["cycle"]),
            most_extensions=data["most_extensions"],
            hard_stop=free_until + timedelta(minutes=data["hard_stop_minutes"]),
        )
