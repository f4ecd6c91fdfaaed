"""Who acts in this request? The person signed in, for the organisation chosen in the session; asked anew each time."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from market.accounts.permissions import actor_of
from market.accounts.queries import acting_organisation, needs_mfa
from market.values.actor import ANONYMOUS, Actor

SESSION_KEY = "acting_organisation"

OPEN_WITHOUT_MFA = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email_verification_sent",
        "account_confirm_email",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "set_language",
    }
)

type GetResponse = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Sets `request.actor`, so that a role taken away is gone with the next request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_in(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_in(request: HttpRequest) -> Actor:
    """The actor of this request."""
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    return actor_of(user, acting_organisation(user, request.session.get(SESSION_KEY)))


class CompulsoryMfaMiddleware:
    """Officials and administrators reach nothing but the pages that set up their second factor until they have one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or is_open_without_mfa(request):
            return None
        if needs_mfa(user) and not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
        return None


def is_open_without_mfa(request: HttpRequest) -> bool:
    """Signing out, setting up the second factor, confirming an address, and the language switch."""
    match = request.resolver_match
    return match is not None and (match.url_name or "") in OPEN_WITHOUT_MFA
