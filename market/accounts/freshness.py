"""Did the person prove who they are just now? Asked before an act that would do harm at an unattended screen."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse


def proved_recently(request: HttpRequest) -> bool:
    """True for five minutes after a sign-in or after the password or a code was given again."""
    user = request.user
    if not user.is_authenticated:
        return False
    records = get_authentication_records(request, user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def fresh_sign_in_required[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A form sent to this view waits until the person has proved who they are, and then goes on with what was typed.

    Reading the page needs no proof. Files are not kept: for views whose forms carry none.
    """

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        if request.method == "POST" and request.user.is_authenticated and not proved_recently(request):
            raise ReauthenticationRequired
        return view(*args, **kwargs)

    return guarded
