"""The door before every view whose form must not act twice: a double click, a page gone stale, a tab that was killed."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from market.once.actions import DoneBefore, act_once
from market.once.rules import SentForm
from market.requests import MarketRequest

CLIENT_KEY = "client_key"
_NOT_CONTENTS = {CLIENT_KEY, "csrfmiddlewaretoken"}


def acts_once[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A form sent to this view is done once, and whoever sends it again comes to the page that the first sending led to.

    The view has acted when it leads on; a page that it shows instead says what is to be corrected. It stands innermost, for
    guards lead on as well, to a sign-in. What the view does is one transaction: it must not ask other systems.
    """

    @functools.wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        if request.method != "POST":
            return view(*args, **kwargs)
        answer = act_once(_sent(request), lambda: view(*args, **kwargs), led_to=_led_to, now=timezone.now())
        if not isinstance(answer, DoneBefore):
            return answer
        messages.info(request, _("This had been sent before and is done; it was not done a second time."))
        return redirect(answer.led_to)

    return once


def _led_to(answer: HttpResponse) -> str | None:
    return answer.url if isinstance(answer, HttpResponseRedirectBase) else None


def _sent(request: MarketRequest) -> SentForm:
    here = request.resolver_match
    assert here is not None
    assert request.actor.person is not None
    return SentForm(
        person=request.actor.person,
        key=request.POST.get(CLIENT_KEY, ""),
        act=here.view_name,
        about={name: str(value) for name, value in here.kwargs.items()},
        fields={name: values for name, values in request.POST.lists() if name not in _NOT_CONTENTS},
        files={name: [_digest(file) for file in files] for name, files in request.FILES.lists()},
    )


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256(str(file.name).encode())
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
