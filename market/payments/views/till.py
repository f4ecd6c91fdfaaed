"""Pages on which the market's finance takes in the bank's statement, matches its lines, and checks guarantee letters."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from market.answers import acted, attempt, form_status, offer
from market.documents.models import Document
from market.once.views import acts_once
from market.pages import page_of
from market.payments.actions.deposits import accept_guarantee, refuse_guarantee
from market.payments.actions.statements import (
    confirm_clear_lines,
    confirm_line,
    import_statement,
    send_line_back,
    set_line_aside,
)
from market.payments.forms.till import LineForm, RefuseLetterForm, StatementForm
from market.payments.matters import with_matters
from market.payments.models.statements import StatementLine
from market.payments.permissions import deposit_for, line_for, require_market_finance
from market.payments.providers.bank_statement import EXAMPLE, read_statement
from market.payments.providers.stripe_api import is_set_up
from market.payments.queries.deposits import letters_to_check
from market.payments.queries.statements import clear_lines, doubtful_lines, preview_of
from market.payments.states import DEPOSIT, LINE, DepositEvent, LineEvent
from market.requests import MarketRequest

# More than a person reads in one go; the rest shows after these are mended.
MOST_SHOWN = 200


@login_required
@require_safe
def till(request: MarketRequest) -> HttpResponse:
    require_market_finance(request.actor)
    context = {
        "clear": clear_lines()[:MOST_SHOWN],
        "doubtful": page_of(doubtful_lines(), request),
        "letters": with_matters(letters_to_check()[:MOST_SHOWN], lambda deposit: deposit.matter),
        "takes_cards": is_set_up(),
    }
    return render(request, "payments/till.html", context)


@login_required
def import_list(request: MarketRequest) -> HttpResponse:
    require_market_finance(request.actor)
    form = StatementForm(request.POST or None, request.FILES or None, actor=request.actor)
    context = _preview(form.cleaned_data["statement"]) if form.is_valid() else {}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context.get("wrong") else form_status(form)
    return render(request, "payments/statement_import.html", {"form": form, **context}, status=status)


@login_required
@require_safe
def example(request: MarketRequest) -> FileResponse:
    """A statement as a bank gives it, to look at; its references are nobody's."""
    require_market_finance(request.actor)
    return FileResponse(EXAMPLE.open("rb"), as_attachment=True, filename="bank-statement.csv", content_type="text/csv")


@login_required
@require_POST
@acts_once
def confirm_import(request: MarketRequest) -> HttpResponse:
    require_market_finance(request.actor)
    form = StatementForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return redirect("payments:import_statement")
    document = form.cleaned_data["statement"]
    content, now = _content(document), timezone.now()
    statement = attempt(form, lambda: import_statement(document.name, content, actor=request.actor, now=now))
    if statement is not None:
        return acted(request, _("Imported. Please look at the proposals."), reverse("payments:till"))
    return render(request, "payments/statement_import.html", {"form": form, **_preview(document)}, status=form_status(form))


def _content(document: Document) -> bytes:
    with document.file.open("rb") as source:
        return bytes(source.read())


def _preview(document: Document) -> dict[str, Any]:
    read = read_statement(_content(document))
    return {"document": document, "wrong": read.wrong[:MOST_SHOWN], "wrong_count": len(read.wrong), "preview": preview_of(read)}


@login_required
@require_POST
@acts_once
def confirm_all(request: MarketRequest) -> HttpResponse:
    count = confirm_clear_lines(actor=request.actor, now=timezone.now())
    message = ngettext("%(n)s payment confirmed.", "%(n)s payments confirmed.", count) % {"n": count}
    return acted(request, message, reverse("payments:till"))


@login_required
@require_POST
@acts_once
def confirm_one(request: MarketRequest, pk: int) -> HttpResponse:
    confirm_line(line_for(request.actor, pk), actor=request.actor, now=timezone.now())
    return acted(request, _("Confirmed."), reverse("payments:till"))


@login_required
@acts_once
def line_page(request: MarketRequest, pk: int) -> HttpResponse:
    line = line_for(request.actor, pk)
    form = LineForm(request.POST or None, line=line)
    if form.is_valid() and attempt(form, _decision(request, line, form.cleaned_data)) is not None:
        return acted(request, _("Done."), reverse("payments:till"))
    context = {"form": form, "line": line, "is_open": LINE.may(line.state, LineEvent.CONFIRM)}
    return render(request, "payments/line_page.html", context, status=form_status(form))


def _decision(request: MarketRequest, line: StatementLine, typed: dict[str, Any]) -> Callable[[], StatementLine]:
    reason, actor, now = typed["reason"], request.actor, timezone.now()
    match typed["decision"]:
        case LineEvent.CONFIRM:
            return lambda: confirm_line(line, payment=typed["payment"], reason=reason, actor=actor, now=now)
        case LineEvent.SEND_BACK:
            return lambda: send_line_back(line, reason=reason, actor=actor, now=now)
        case _:
            return lambda: set_line_aside(line, reason=reason, actor=actor, now=now)


@login_required
@require_POST
@acts_once
def accept_letter(request: MarketRequest, key: str) -> HttpResponse:
    deposit = accept_guarantee(deposit_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Accepted. The letter stands for the money."), deposit.get_absolute_url())


@login_required
@acts_once
def refuse_letter(request: MarketRequest, key: str) -> HttpResponse:
    deposit = deposit_for(request.actor, key)
    require_market_finance(request.actor)
    form = RefuseLetterForm(request.POST or None)
    offer(form, lambda: DEPOSIT.move(deposit.state, DepositEvent.REFUSE))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: refuse_guarantee(deposit, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Refused. The payer sees the reason."), reverse("payments:till"))
    context = {"form": form, "title": _("Refuse the letter"), "about": deposit.payer, "back": deposit.get_absolute_url()}
    return render(request, "payments/reason_form.html", context, status=form_status(form))
