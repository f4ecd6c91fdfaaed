"""What people type about themselves and their organisations."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from market.accounts.actions import OrganisationEntry, name_person
from market.accounts.kinds import RoleChoices
from market.accounts.models import Organisation, OrganisationKind, Person
from market.documents.fields import DocumentsField, UploadForm
from market.values.actor import OFFICIAL_ROLES

ENTRY_FIELDS = tuple(field.name for field in fields(OrganisationEntry))


class SignupForm(forms.Form):
    """What allauth's sign-up asks beside email and password."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As others on the market shall see you."))

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth's hook to complete the person it is about to create."""
        name_person(user, self.cleaned_data["name"])


class ChangeOrganisationForm(forms.Form):
    """What an owner states of an organisation."""

    name = forms.CharField(
        label=pgettext_lazy("organisation", "Name"),
        max_length=120,
        help_text=_("As in the licence or certificate of establishment."),
    )
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    region = forms.RegexField(
        r"^[1-9]\d{5}$",
        label=_("Region"),
        required=False,
        help_text=_("Six digits of the administrative division (GB/T 2260), such as 140602."),
        error_messages={"invalid": _("Enter the six digits of the administrative division, such as 140602.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    legal_representative = forms.CharField(
        label=_("Legal representative"),
        max_length=60,
        required=False,
        help_text=_("As in the licence. Shown to officials only; they are told when two bidders of one auction have the same."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("Shown to everybody once the organisation is verified.")
    )
    introduction = forms.CharField(
        label=_("Introduction"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def to_entry(self) -> OrganisationEntry:
        """The particulars as typed."""
        return OrganisationEntry(**{name: self.cleaned_data[name] for name in ENTRY_FIELDS})


class RegisterOrganisationForm(ChangeOrganisationForm):
    """A new organisation. Government organisations are set up by the operator, not by whoever signs up."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.GOVERNMENT],
    )
    social_credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("The 18 characters on the licence.")
    )
    field_order = ("kind", "name", "social_credit_code")


class EvidenceForm(UploadForm):
    """The documents that show that the organisation exists and that the applicant may act for it."""

    evidence = DocumentsField(
        label=_("Evidence"),
        help_text=_("The licence or certificate of establishment, and the authorisation of the person who acts."),
    )


class OrganisationReasonForm(forms.Form):
    """Why an application is returned or an organisation suspended."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=_("Shown to those concerned.")
    )


class MemberForm(forms.Form):
    """Somebody who is to act for the organisation."""

    email = forms.EmailField(label=_("Email address"), help_text=_("Of a person who has an account already."))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, is_government: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        official = {role.value for role in OFFICIAL_ROLES}
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [choice for choice in RoleChoices.choices if is_government or choice[0] not in official]


def initial_of(organisation: Organisation) -> dict[str, str]:
    """The particulars as they stand, for the form."""
    return {name: getattr(organisation, name) for name in ENTRY_FIELDS}
