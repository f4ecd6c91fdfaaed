"""Pages on which a registry brings in what was registered in earlier years."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.taking_over import take_over_registrations
from contracts.imports.reading import checked_list
from contracts.imports.workbooks import template_workbook
from listings.forms.achievements import ImportForm
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status
from market.documents.models import Document
from market.lists.reading import UnreadableFile
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of

# More than a person reads in one go; the rest shows after these are mended.
_MOST_SHOWN = 200


@login_required
@require_safe
def import_template(request: MarketRequest) -> FileResponse:
    """The workbook a registry fills in, for this page and for `manage.py import_registrations`."""
    require_official(request.actor, Role.REGISTRAR)
    return FileResponse(template_workbook(), as_attachment=True, filename="registrations.xlsx")


@login_required
def import_list(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR)
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor)
    context = _preview(form, form.cleaned_data["file"]) if form.is_valid() else {}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context.get("wrong") else form_status(form)
    return render(request, "contracts/registration_import.html", {"form": form, **context}, status=status)


@login_required
@fresh_sign_in_required
@require_POST
def confirm_import(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR)
    form = ImportForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return redirect("contracts:import_registrations")
    document = form.cleaned_data["file"]
    context = _preview(form, document)
    if context.get("right") and not context["wrong"]:
        entries = [row.entry for row in context["right"]]
        terms = {"taken_from": document.name, "actor": request.actor, "now": timezone.now()}
        taken = attempt(form, lambda: take_over_registrations(entries, **terms))
        if taken is not None:
            words = ngettext("%(n)s registration taken over.", "%(n)s registrations taken over.", len(taken))
            return acted(request, words % {"n": len(taken)}, "contracts:register")
    status = HTTPStatus.CONFLICT if form.is_valid() else form_status(form)
    return render(request, "contracts/registration_import.html", {"form": form, **context}, status=status)


def _preview(form: ImportForm, document: Document) -> dict[str, Any]:
    """The rows as they were read, right and wrong ones with their errors; or the form says why there are none."""
    with document.file.open("rb") as source:
        content = source.read()
    try:
        rows = checked_list(document.name, content, today=day_of(timezone.now()))
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return {}
    wrong = [row for row in rows if row.errors]
    errors = [error for row in wrong for error in row.errors]
    return {
        "right": [row for row in rows if not row.errors],
        "wrong": wrong,
        "shown_errors": errors[:_MOST_SHOWN],
        "error_count": len(errors),
        "document": document,
    }
