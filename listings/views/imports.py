"""Pages on which a university brings in its own list of achievements, and takes it out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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

from listings.actions.achievements import import_achievements
from listings.forms.achievements import ImportForm
from listings.imports.reading import Row, checked_rows, entry_key, read_rows
from listings.imports.workbooks import achievements_workbook, template_workbook
from listings.queries.achievements import achievements_of, titles_of
from market.accounts.models import Organisation
from market.accounts.permissions import own_organisation
from market.answers import acted, attempt, form_status
from market.lists.preview import preview
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of


@require_safe
def import_template(request: MarketRequest) -> FileResponse:
    """The workbook a university fills in, for this page and for `manage.py import_achievements`."""
    return FileResponse(template_workbook(), as_attachment=True, filename="achievements.xlsx")


@login_required
@require_safe
def export_achievements(request: MarketRequest) -> FileResponse:
    own_organisation(request.actor)
    achievements = achievements_of(request.actor).prefetch_related("inventors", "patents")
    return FileResponse(achievements_workbook(achievements), as_attachment=True, filename="our-achievements.xlsx")


@login_required
def import_list(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor)
    context: dict[str, Any] = {}
    if form.is_valid():
        context = _preview(form, organisation)
    status = form_status(form)
    if context.get("wrong"):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, form, context, status)


@login_required
@require_POST
def confirm_import(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    form = ImportForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return redirect("listings:import_achievements")
    document = form.cleaned_data["file"]
    context = _preview(form, organisation)
    if context.get("right") and not context["wrong"]:
        entries = [replace(row.entry, key=entry_key(document.key, row.number)) for row in context["right"]]
        now = timezone.now()
        loaded = attempt(form, lambda: import_achievements(entries, organisation=organisation, actor=request.actor, now=now))
        if loaded is not None:
            message = ngettext("%(n)s achievement loaded as a draft.", "%(n)s achievements loaded as drafts.", len(loaded))
            return acted(request, message % {"n": len(loaded)}, _own_drafts())
    status = HTTPStatus.CONFLICT if form.is_valid() else form_status(form)
    return _page(request, form, context, status)


def _own_drafts() -> str:
    return redirect("listings:my_achievements").url + "?state=draft"


def _preview(form: ImportForm, organisation: Organisation) -> dict[str, Any]:
    def check(name: str, content: bytes) -> Iterable[Row]:
        return checked_rows(read_rows(name, content), today=day_of(timezone.now()), taken=titles_of(organisation))

    return preview(form, form.cleaned_data["file"], check)


def _page(request: MarketRequest, form: ImportForm, context: dict[str, Any], status: int) -> HttpResponse:
    page = {
        "form": form,
        "template_url": reverse("listings:import_template"),
        "confirm_url": reverse("listings:confirm_import"),
        "confirm_label": _("Load them as drafts"),
        "back_url": reverse("listings:my_achievements"),
    }
    return render(request, "listings/achievement_import.html", page | context, status=status)
