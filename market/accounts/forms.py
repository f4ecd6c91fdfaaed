"""What people type about themselves and their organisations."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from market.accounts.actions import name_person
from market.accounts.models import Person


class SignupForm(forms.Form):
    """What allauth's sign-up asks beside e-mail and password."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As others on the market shall see you."))

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth's hook to complete the person it is about to create."""
        name_person(user, self.cleaned_data["name"])
