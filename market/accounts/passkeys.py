"""The forms that carry a passkey's answer. What a device would never send is a wrong answer, not a failure of the server."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

# Shown in tables and menus of devices.
_LONGEST_NAME = 60
# What allauth and its library raise for answers that no device makes, beside the ones they turn into a wrong answer.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class SignInWithPasskey(AuthenticateWebAuthnForm):
    """The second step of signing in."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ConfirmWithPasskey(ReauthenticateWebAuthnForm):
    """The person proves once more who they are."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AddPasskey(AddWebAuthnForm):
    """A new passkey and what its owner calls it."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("By which you will know it again, for instance the device it is kept on."),
        max_length=_LONGEST_NAME,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskey(EditWebAuthnForm):
    """Another name for a passkey that is there."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=_LONGEST_NAME)
