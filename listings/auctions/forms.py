"""What is typed in the auction room, and when an auction is announced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from listings.auctions.kinds import Mode
from listings.auctions.rules.ascending import AuctionTerms
from listings.auctions.rules.falling import FallingTerms
from listings.auctions.rules.offers import Preemption
from listings.auctions.rules.rehearsal import rehearsal_time
from listings.auctions.rules.sealed import SealedTerms
from listings.models.listings import Intent, Listing
from listings.states.listings import IntentState
from market.fields import InstantField, MoneyField
from market.keys import random_key
from market.values.numbers import whole_number


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


class KeyForm(forms.Form):
    """An act of a bidder that needs nothing but its key, so that a form sent twice is one act."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = random_key()


class LineForm(forms.Form):
    """How long the script waited for its last answer; nothing with its first question."""

    milliseconds = forms.IntegerField(min_value=0, max_value=60_000, required=False)


class ConcludeForm(forms.Form):
    """What a supervisor concluded from a signal."""

    conclusion = forms.CharField(
        label=_("Conclusion"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("What you looked at, what you found, and what you did about it. Read by supervisors only."),
    )


class StopForm(KeyForm):
    """Stopping the clock at the price that is shown."""

    amount = MoneyField(widget=forms.HiddenInput)


class ScriptField(forms.JSONField):
    """What a script has put together, as JSON; a hidden field of limited length."""

    def __init__(self, *, longest: int) -> None:
        super().__init__(widget=forms.HiddenInput)
        self.longest = longest

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > self.longest:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            # Numbers of thousands of digits, brackets in brackets without end.
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing is given back: the script puts it together anew."""
        return None


class SealForm(KeyForm):
    """An envelope, closed in the bidder's browser."""

    envelope = ScriptField(longest=4_000)


class LotKeyForm(forms.Form):
    """The public half of a key that was made in the holder's browser, or read there from the kept file."""

    public_key = forms.CharField(widget=forms.HiddenInput, max_length=88)


class SharesForm(forms.Form):
    """What the holder's browser has taken out of the envelopes, by their numbers."""

    shares = ScriptField(longest=200_000)

    def clean_shares(self) -> dict[int, str | None]:
        """Numbers to shares, or to nothing where the bid could not be read."""
        found = self.cleaned_data["shares"]
        if not isinstance(found, dict):
            raise ValidationError(_("These are no shares."))
        shares: dict[int, str | None] = {}
        for typed, share in found.items():
            if (number := whole_number(typed)) is None:
                raise ValidationError(_("These are no shares."))
            if share is not None and not isinstance(share, str):
                raise ValidationError(_("These are no shares."))
            shares[number] = share
        return shares


class BuyerChoice(forms.ModelChoiceField):
    """One of the qualified buyers, by name."""

    def label_from_instance(self, obj: Intent) -> str:
        return obj.buyer.name


# Asked for after what belongs to the mode.
_LAST = ("rehearsal_at", "preemptor", "match_minutes")


class ModeForm(forms.Form):
    """What is announced in every mode: start price, opening, and perhaps a pre-emptive right."""

    start = MoneyField(label=_("Start price"))
    opens_at = InstantField(label=_("Opens at"))
    rehearsal_at = InstantField(
        label=_("Dress rehearsal"),
        required=False,
        help_text=_(
            "With play money, at ten times the speed, within half an hour. Empty: the market chooses, the day before at the same hour."
        ),
    )
    preemptor = BuyerChoice(
        Intent.objects.none(),
        label=_("Pre-emptive right of"),
        required=False,
        empty_label=_("nobody"),
        help_text=_("A co-owner or licensee whose right was announced with the listing; may match the final price."),
    )
    match_minutes = forms.IntegerField(
        label=_("Minutes for the pre-emptive right"), min_value=1, max_value=20160, initial=30, required=False
    )

    def __init__(self, *args: Any, listing: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["preemptor"]
        assert isinstance(choice, BuyerChoice)
        choice.queryset = listing.intents.filter(state=IntentState.QUALIFIED).select_related("buyer")
        self.order_fields([name for name in self.fields if name not in _LAST])

    def to_rehearsal(self, *, now: datetime) -> datetime | None:
        """When the auction is rehearsed: as typed, else as the market chooses; none where there is no time left."""
        chosen: datetime | None = self.cleaned_data["rehearsal_at"]
        return chosen or rehearsal_time(self.cleaned_data["opens_at"], now=now)

    def to_preemption(self) -> Preemption | None:
        """The pre-emptive right, where one was chosen."""
        chosen = self.cleaned_data["preemptor"]
        if chosen is None:
            return None
        return Preemption(chosen.pk, timedelta(minutes=self.cleaned_data["match_minutes"] or 0))


class AnnounceAscendingForm(ModeForm):
    """The terms of ascending bidding, as they will be announced."""

    step = MoneyField(label=_("Step"))
    reserve = MoneyField(
        label=_("Reserve price"), required=False, help_text=_("Secret until the end; below it there is no deal.")
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


class AnnounceFallingForm(ModeForm):
    """The terms of a falling clock."""

    floor = MoneyField(label=_("Floor price"), help_text=_("The price falls no further; if nobody takes it, there is no deal."))
    step = MoneyField(
        label=_("Step down"), help_text=_("By so much the price falls each time; a sealed bid is higher by as much.")
    )
    every = forms.IntegerField(label=_("Seconds per step"), min_value=10, max_value=86400, initial=300)
    sealed_minutes = forms.IntegerField(
        label=_("Minutes for sealed bids"),
        min_value=1,
        max_value=20160,
        initial=10,
        help_text=_("When somebody has stopped the clock, the others may bid sealed above that price."),
    )
    topping_minutes = forms.IntegerField(
        label=_("Minutes for topping"),
        min_value=1,
        max_value=20160,
        initial=5,
        help_text=_("After the opening, who stopped the clock may top the best sealed bid once."),
    )

    def to_terms(self) -> FallingTerms:
        """The terms as typed."""
        data = self.cleaned_data
        return FallingTerms(
            start=data["start"],
            floor=data["floor"],
            step=data["step"],
            every=timedelta(seconds=data["every"]),
            opens_at=data["opens_at"],
            sealed_for=timedelta(minutes=data["sealed_minutes"]),
            topping_for=timedelta(minutes=data["topping_minutes"]),
        )


class AnnounceSealedForm(ModeForm):
    """The terms of sealed bidding."""

    reserve = MoneyField(
        label=_("Reserve price"), required=False, help_text=_("Secret until the end; below it there is no deal.")
    )
    minutes = forms.IntegerField(label=_("Minutes for sealed bids"), min_value=1, max_value=20160, initial=1440)
    tie_minutes = forms.IntegerField(
        label=_("Minutes for a second round"),
        min_value=1,
        max_value=20160,
        initial=60,
        help_text=_("Those who are tied for the best bid once more; if they are tied again, the earlier bid wins."),
    )

    def to_terms(self) -> SealedTerms:
        """The terms as typed."""
        data = self.cleaned_data
        opens_at: datetime = data["opens_at"]
        return SealedTerms(
            start=data["start"],
            reserve=data["reserve"],
            opens_at=opens_at,
            ends_at=opens_at + timedelta(minutes=data["minutes"]),
            tie_for=timedelta(minutes=data["tie_minutes"]),
        )


ANNOUNCE_FORMS: dict[str, type[AnnounceAscendingForm | AnnounceFallingForm | AnnounceSealedForm]] = {
    Mode.ASCENDING: AnnounceAscendingForm,
    Mode.FALLING: AnnounceFallingForm,
    Mode.SEALED: AnnounceSealedForm,
}
