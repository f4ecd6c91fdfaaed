"""What sellers, buyers and objectors type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.kinds import IfNoIntent, PaymentMode, Route, Transaction
from listings.models.listings import Listing
from listings.rules.listings import IntentTerms, ListingTerms
from market.accounts.models import Organisation
from market.documents.fields import DocumentsField, UploadForm
from market.fields import MoneyField
from market.values.money import Money


class ListingForm(forms.Form):
    """The terms of a listing. `buyers` are the organisations that may be named for a negotiated price."""

    route = forms.ChoiceField(
        label=_("Pricing route"),
        choices=Route.choices,
        help_text=_("Listed trading is announced; a negotiated price is made public with its buyer before signing."),
    )
    transaction = forms.ChoiceField(label=_("Transaction"), choices=Transaction.choices)
    licence_months = forms.IntegerField(
        label=_("Licence term in months"), min_value=1, max_value=240, required=False, help_text=_("For licences only.")
    )
    price = MoneyField(label=_("Price"))
    reserve_price = MoneyField(
        label=_("Reserve price"), required=False, help_text=_("Below it no deal is made in bidding; secret until the end.")
    )
    is_reserve_disclosed = forms.BooleanField(
        label=_("Disclose the reserve price"), required=False, help_text=_("Otherwise nobody but you can see it.")
    )
    deposit = MoneyField(label=_("Deposit"), required=False)
    payment_mode = forms.ChoiceField(label=_("Payment"), choices=PaymentMode.choices)
    terms = forms.CharField(
        label=_("Terms"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("Payment, delivery, training, improvements, and whatever a buyer accepts by taking part."),
    )
    buyer_conditions = forms.CharField(
        label=_("Conditions for buyers"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )
    named_buyer = forms.ModelChoiceField(
        label=_("Buyer of the negotiated price"),
        queryset=Organisation.objects.none(),
        required=False,
        to_field_name="key",
        empty_label=_("no negotiated price"),
    )
    pricing_basis = forms.CharField(
        label=_("Basis of the price"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
        help_text=_("For a negotiated price: the valuation, comparable deals, or the decision it rests on. Made public with it."),
    )
    is_related_party = forms.BooleanField(
        label=_("The buyer is an inventor or otherwise related to the seller"),
        required=False,
        help_text=_("Made public as well."),
    )
    notice_period = forms.IntegerField(
        label=_("Notice period"),
        min_value=1,
        max_value=365,
        help_text=_("In working days for an announcement, in days for a public notice."),
    )
    if_no_intent = forms.ChoiceField(label=_("Without a qualified intent"), choices=IfNoIntent.choices)

    def __init__(self, *args: Any, buyers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named_buyer"].queryset = buyers  # type: ignore[attr-defined]

    def to_terms(self) -> ListingTerms:
        data = self.cleaned_data
        named = data["named_buyer"]
        return ListingTerms(
            route=data["route"],
            transaction=data["transaction"],
            licence_months=data["licence_months"],
            price=data["price"],
            reserve_price=data["reserve_price"],
            is_reserve_disclosed=data["is_reserve_disclosed"],
            deposit=data["deposit"] or Money(0),
            payment_mode=data["payment_mode"],
            terms=data["terms"],
            buyer_conditions=data["buyer_conditions"],
            named_buyer_id=named.pk if named else None,
            notice_period=data["notice_period"],
            if_no_intent=data["if_no_intent"],
            pricing_basis=data["pricing_basis"],
            is_related_party=data["is_related_party"],
        )


def initial_of(listing: Listing) -> dict[str, Any]:
    """The form's initial values for a draft that is to be changed."""
    names = (
        "route",
        "transaction",
        "licence_months",
        "is_reserve_disclosed",
        "payment_mode",
        "terms",
        "buyer_conditions",
        "pricing_basis",
        "is_related_party",
    )
    reserve = listing.reserve_price_fen
    return {name: getattr(listing, name) for name in names} | {
        "price": listing.price,
        "reserve_price": None if reserve is None else Money(reserve),
        "deposit": listing.deposit,
        "named_buyer": listing.named_buyer.key if listing.named_buyer else None,
        "notice_period": listing.notice_period,
        "if_no_intent": listing.if_no_intent,
    }


class PriceForm(forms.Form):
    price = MoneyField(label=_("New price"))
    approval = forms.CharField(
        label=_("The owner's approval"),
        max_length=300,
        required=False,
        help_text=_("Whose, by which document and when. Needed for a large step down; it stays on record."),
    )


class IntentForm(UploadForm):
    capacity = forms.CharField(
        label=_("Capacity to use the technology"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    finance = forms.CharField(label=_("Financial standing"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    internal_decision = forms.CharField(
        label=_("Internal decision"),
        max_length=300,
        required=False,
        help_text=_("Who in your organisation decided to take part, and when."),
    )
    contact = forms.CharField(label=_("Contact"), max_length=120, required=False, help_text=_("Shown to the seller only."))
    offered_price = MoneyField(label=_("Price offered"))
    documents = DocumentsField(label=_("Documents"), required=False)
    accepts_terms = forms.BooleanField(label=_("We accept the terms of the listing"), required=False)

    def to_terms(self) -> IntentTerms:
        data = self.cleaned_data
        return IntentTerms(
            data["capacity"],
            data["finance"],
            data["offered_price"],
            data["accepts_terms"],
            internal_decision=data["internal_decision"],
            contact=data["contact"],
        )


class ConfirmIntentForm(forms.Form):
    """A buyer's word that the intent stands for the listing as it is now."""

    offered_price = MoneyField(label=_("Price offered"))
    accepts_terms = forms.BooleanField(label=_("We have read the changed listing and accept its terms"))


class ObjectionForm(UploadForm):
    statement = forms.CharField(
        label=_("Statement"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("What is wrong, and what shows it. The notice stops until you are answered."),
    )
    documents = DocumentsField(label=_("Documents"), required=False)


class CommentForm(forms.Form):
    seller_statement = forms.CharField(label=_("Seller's statement"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("dismiss", _("Dismissed: the notice goes on")),
            ("uphold", _("Upheld: the listing ends")),
        ],
        widget=forms.RadioSelect,
    )
