"""Who acts in this request? The person signed in, for the organisation chosen in the session; asked anew each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from market.accounts.models import Person
from market.accounts.permissions import actor_with, has_second_factor
from market.accounts.queries import holds_office, needs_mfa, standing_in
from market.accounts.sessions import GRANULARITY, is_idle, is_too_old
from market.values.actor import ANONYMOUS, Actor

SESSION_KEY = "acting_organisation"
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"

OPEN_WITHOUT_MFA = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email_verification_sent",
        "account_confirm_email",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "set_language",
    }
)

type GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionLimitMiddleware:
    """Signs out whose session is too old, and officials and editors who asked for nothing for a quarter of an hour."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._limit(request, request.user, timezone.now())
        return self.get_response(request)

    def _limit(self, request: HttpRequest, person: Person, now: datetime) -> None:
        signed_in_at = _instant(request, SIGNED_IN_AT) or now
        seen_at = _instant(request, SEEN_AT) or now
        # The query comes last: most requests come soon after the one before.
        if is_too_old(signed_in_at, now) or (is_idle(seen_at, now) and holds_office(person, standing_in(request, person))):
            logout(request)
            messages.info(request, _("You were signed out for safety. Please sign in again."))
            return
        if SIGNED_IN_AT not in request.session:
            request.session[SIGNED_IN_AT] = now.isoformat()
        if SEEN_AT not in request.session or now - seen_at >= GRANULARITY:
            request.session[SEEN_AT] = now.isoformat()


def _instant(request: HttpRequest, key: str) -> datetime | None:
    text = request.session.get(key)
    return datetime.fromisoformat(text) if text else None


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
    belonging = standing_in(request, user).acting(request.session.get(SESSION_KEY))
    return actor_with(user, belonging.organisation, belonging.roles) if belonging else actor_with(user, None, frozenset())


def actor_of_session(session_key: str, now: datetime) -> Actor:
    """Who sits behind this session's cookie, as a request would find it at this moment. For sockets, which have no requests."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = get_user(request)
    if not request.user.is_authenticated or is_too_old(_instant(request, SIGNED_IN_AT) or now, now):
        return ANONYMOUS
    return actor_in(request)


class CompulsoryMfaMiddleware:
    """Officials, editors and brokers reach nothing but the pages that set up their second factor until they have one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or is_open_without_mfa(request):
            return None
        if needs_mfa(user, standing_in(request, user)) and not has_second_factor(user.pk):
            return redirect("mfa_activate_totp")
        return None


def is_open_without_mfa(request: HttpRequest) -> bool:
    """Signing out, setting up the second factor, confirming an address, and the language switch."""
    match = request.resolver_match
    return match is not None and (match.url_name or "") in OPEN_WITHOUT_MFA
