"""Pages on which a registry brings in what was registered in earlier years."""

from __future__ import annotations

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

from contracts.actions.taking_over import take_over_registrations
from contracts.imports.reading import checked_list
from contracts.imports.workbooks import template_workbook
from listings.forms.achievements import ImportForm
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status
from market.lists.preview import preview
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of


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
    context = _preview(form) if form.is_valid() else {}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context.get("wrong") else form_status(form)
    return _page(request, form, context, status)


@login_required
@fresh_sign_in_required
@require_POST
def confirm_import(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR)
    form = ImportForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return redirect("contracts:import_registrations")
    context = _preview(form)
    if context.get("right") and not context["wrong"]:
        entries = [row.entry for row in context["right"]]
        terms = {"taken_from": form.cleaned_data["file"].name, "actor": request.actor, "now": timezone.now()}
        taken = attempt(form, lambda: take_over_registrations(entries, **terms))
        if taken is not None:
            words = ngettext("%(n)s registration taken over.", "%(n)s registrations taken over.", len(taken))
            return acted(request, words % {"n": len(taken)}, "contracts:register")
    status = HTTPStatus.CONFLICT if form.is_valid() else form_status(form)
    return _page(request, form, context, status)


def _preview(form: ImportForm) -> dict[str, Any]:
    today = day_of(timezone.now())
    return preview(form, form.cleaned_data["file"], lambda name, content: checked_list(name, content, today=today))


def _page(request: MarketRequest, form: ImportForm, context: dict[str, Any], status: int) -> HttpResponse:
    page = {
        "form": form,
        "template_url": reverse("contracts:import_template"),
        "confirm_url": reverse("contracts:confirm_import"),
        "confirm_label": _("Enter them in the register"),
        "back_url": reverse("contracts:register"),
    }
    return render(request, "contracts/registration_import.html", page | context, status=status)
