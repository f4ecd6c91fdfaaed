"""How a refusal is answered: beside the field, or as a page with 403, 409 or 422, keeping what was typed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from market.refusals import sentence
from market.typed import what_was_typed
from market.values.refusal import Forbidden, OutOfTurn, Refused


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
    context = {"sentences": sentences, "typed": what_was_typed(request), "status": status}
    return render(request, template, context, status=status)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is not, or no longer, right; `reason` is for developers and stays in the log."""
    said = _("This form is no longer valid. Open the page again, and send it once more.")
    if wants_json(request):
        refusals = [{"code": "form_expired", "field": "", "message": said, "data": {}}]
        return JsonResponse({"refusals": refusals}, status=HTTPStatus.FORBIDDEN)
    return render(request, "403_csrf.html", {"typed": what_was_typed(request)}, status=HTTPStatus.FORBIDDEN)


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
