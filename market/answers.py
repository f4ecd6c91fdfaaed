"""How a refusal is answered: beside the field, or as a page with 403, 409 or 422, keeping what was typed and leading on."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from market.refusals import sentence
from market.typed import what_was_typed
from market.values.refusal import Forbidden, OutOfTurn, Refusal, Refused


def attempt[T](form: BaseForm, action: Callable[[], T], *, beside: Callable[[Refused], None] | None = None) -> T | None:
    """The action's result; or None with its refusals as errors of the form, so that the page comes back with all that was typed.

    `beside` is told as well, for a page that has rows of its own to show refusals at. `Forbidden` goes on to the 403 page.
    """
    try:
        return action()
    except Forbidden:
        raise
    except Refused as refused:
        for refusal in refused.refusals:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, sentence(refusal))
        if beside is not None:
            beside(refused)
        form.answer_status = status_of(refused)  # type: ignore[attr-defined]
        return None


def offer(form: BaseForm, require: Callable[[], object]) -> None:
    """Before a form is shown to be filled in: what would refuse its sending, whatever was typed, refuses the page already.

    A form that was sent is left to its action, so that the refusal stands beside what was typed.
    """
    if not form.is_bound:
        require()


def form_status(form: BaseForm) -> int:
    """200 for a form still to be filled in, 422 for one with errors, 409 for an act out of turn."""
    if not form.is_bound or form.is_valid():
        return HTTPStatus.OK
    return getattr(form, "answer_status", HTTPStatus.UNPROCESSABLE_ENTITY)


def status_of(refused: Refused) -> int:
    match refused:
        case Forbidden():
            return HTTPStatus.FORBIDDEN
        case OutOfTurn():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page, or JSON where that was asked for, that says why not."""
    status = status_of(refused)
    sentences = [sentence(refusal) for refusal in refused.refusals]
    if wants_json(request):
        return JsonResponse({"refusals": _as_json(refused)}, status=status)
    template = "403.html" if status == HTTPStatus.FORBIDDEN else "409.html"
    context = {
        "sentences": sentences,
        "wanted": {refusal.code for refusal in refused.refusals},
        "typed": what_was_typed(request),
        "status": status,
        "current_url": _page_of_object(request) or _came_from(request),
    }
    return render(request, template, context, status=status)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that does not prove that this browser asked for it, with what was typed and the way back to the form.

    What another site sent is not repeated: our pages are not to say its words.
    """
    if wants_json(request):
        refused = Forbidden([Refusal("market.form_expired")])
        return JsonResponse({"refusals": _as_json(refused)}, status=HTTPStatus.FORBIDDEN)
    came_from_elsewhere = reason.startswith(("Origin", "Referer"))
    context = {
        "typed": [] if came_from_elsewhere else what_was_typed(request),
        "form_url": _came_from(request) or _page_of_object(request),
    }
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def _page_of_object(request: HttpRequest) -> str:
    """The page of the thing this address does something to: all that is done to a thing stands below the thing's own page."""
    here = request.resolver_match
    if here is None or not here.kwargs:
        return ""
    parts = request.path.strip("/").split("/")
    for end in range(1, len(parts)):
        address = f"/{'/'.join(parts[:end])}/"
        try:
            above = resolve(address)
        except Resolver404:
            continue
        if above.kwargs and here.route.startswith(above.route) and above.kwargs.items() <= here.kwargs.items():
            return address
    return ""


def _came_from(request: HttpRequest) -> str:
    """The page of this site on which the link or form stood, if the browser says so."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()) else ""


def wants_json(request: HttpRequest) -> bool:
    """True for a script that asks for data rather than for a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def _as_json(refused: Refused) -> list[dict[str, Any]]:
    return [
        {"code": refusal.code, "field": refusal.field, "message": sentence(refusal), "data": refusal.data}
        for refusal in refused.refusals
    ]


def acted(request: HttpRequest, message: str, to: str) -> HttpResponse:
    """Back to a page after an act, with word of it."""
    messages.success(request, message)
    return redirect(to)
