"""The register for officials: page by page, as a file, and counted."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contracts.export import register_csv, register_workbook
from contracts.forms.contracts import RegisterFilterForm
from contracts.models import Registration
from contracts.permissions import visible_registrations
from contracts.queries.register import every_registration, filtered, register_page, statistics
from market.requests import MarketRequest
from market.values.dates import day_of
from market.values.numbers import whole_number

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def show_register(request: MarketRequest) -> HttpResponse:
    form = RegisterFilterForm(request.GET or None)
    page = register_page(_asked(request, form), before=whole_number(request.GET.get("before", "")))
    query = request.GET.copy()
    query.pop("before", None)
    context = {"form": form, "page": page, "query": query.urlencode()}
    return render(request, "contracts/register.html", context)


@login_required
@require_safe
def download_csv(request: MarketRequest) -> StreamingHttpResponse:
    rows = every_registration(_asked(request, RegisterFilterForm(request.GET or None)))
    response = StreamingHttpResponse(register_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response


@login_required
@require_safe
def download_workbook(request: MarketRequest) -> FileResponse:
    rows = every_registration(_asked(request, RegisterFilterForm(request.GET or None)))
    return FileResponse(register_workbook(rows), as_attachment=True, filename="register.xlsx", content_type=_WORKBOOK)


@login_required
@require_safe
def show_statistics(request: MarketRequest) -> HttpResponse:
    year = request.GET.get("year", "")
    counted = (whole_number(year) if len(year) == 4 else None) or day_of(timezone.now()).year
    figures = statistics(visible_registrations(request.actor), year=counted, registry=settings.REGISTRY_CODE)
    most = max((figure.contract_value_fen for figure in figures["month"]), default=1)
    context = {"year": counted, "figures": figures, "most": most}
    return render(request, "contracts/statistics.html", context)


def _asked(request: MarketRequest, form: RegisterFilterForm) -> QuerySet[Registration]:
    asked = form.cleaned_data if form.is_valid() else {}
    return filtered(
        visible_registrations(request.actor),
        kind=asked.get("kind") or "",
        year=asked.get("year"),
        number=asked.get("number") or "",
    )
