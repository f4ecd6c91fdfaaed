"""How allauth behaves on this market: its limits answer 429, count by account alone, and its mails look like ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from market.accounts.models import Person
from market.secrets_at_rest import opened, sealed


class MarketAccountAdapter(DefaultAccountAdapter):
    """One adapter for every door: password, code of the second factor, re-authentication."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Whoever tries too often gets a page of its own with its own status, at every door that counts attempts."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(respond_429(allauth_context.request))
        return super().validation_error(code, *args)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone. allauth adds the host of the request, port and all, which whoever guesses may choose freely."""
        return str(credentials.get("email", "")).strip().lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The mail greets its reader by name and names the market."""
        user = context.get("user")
        name = getattr(user, "name", "") if user is not None else ""
        super().send_mail(template_prefix, email, {"name": name, "site_url": settings.SITE_URL, **context})

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Word of a change to the account, to its owner by name."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)


class MarketSecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are sealed in the database; passkeys bear the market's name and are numbered."""

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002
        """What stands in the form before the person gives a better name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the person's device shows when it asks whether to make or use a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": _("Technology Market")}
