"""The register for officials: page by page, as a file, and counted."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contracts.export import named_register_rows, register_rows, statistics_rows
from contracts.forms.contracts import RegisterFilterForm, StatisticsForm
from contracts.models import Registration
from contracts.permissions import visible_registrations
from contracts.queries.register import every_entry, filtered, register_page
from contracts.queries.statistics import month_chart, statistics
from market.requests import MarketRequest
from market.spreadsheets import csv_answer, workbook_answer
from market.values.actor import Role
from market.values.dates import day_of


@login_required
@require_safe
def show_register(request: MarketRequest) -> HttpResponse:
    form = RegisterFilterForm(request.GET or None)
    page = register_page(_asked(request, form), before=_number(request.GET.get("before", "")))
    query = request.GET.copy()
    query.pop("before", None)
    context = {"form": form, "page": page, "query": query.urlencode(), "is_registrar": request.actor.has(Role.REGISTRAR)}
    return render(request, "contracts/register.html", context)


@login_required
@require_safe
def download_csv(request: MarketRequest) -> StreamingHttpResponse:
    entries = every_entry(_asked(request, RegisterFilterForm(request.GET or None)))
    return csv_answer(register_rows(entries), "register")


@login_required
@require_safe
def download_workbook(request: MarketRequest) -> StreamingHttpResponse:
    entries = every_entry(_asked(request, RegisterFilterForm(request.GET or None)))
    return workbook_answer("合同登记", named_register_rows(entries), "register")


@login_required
@require_safe
def show_statistics(request: MarketRequest) -> HttpResponse:
    form, year, month = _period(request)
    figures = statistics(visible_registrations(request.actor), year=year, month=month, registry=settings.REGISTRY_CODE)
    total = figures.pop("all")[0]
    context = {"form": form, "year": year, "month": month, "total": total, "query": request.GET.urlencode()}
    context["chart"] = month_chart(figures["month"])
    context["cuts"] = [(name, rows, max((row.contract_value_fen for row in rows), default=1)) for name, rows in figures.items()]
    return render(request, "contracts/statistics.html", context)


@login_required
@require_safe
def download_statistics_csv(request: MarketRequest) -> StreamingHttpResponse:
    _form, year, month = _period(request)
    figures = statistics(visible_registrations(request.actor), year=year, month=month, registry=settings.REGISTRY_CODE)
    return csv_answer(statistics_rows(figures), f"statistics-{year}")


@login_required
@require_safe
def download_statistics_workbook(request: MarketRequest) -> StreamingHttpResponse:
    _form, year, month = _period(request)
    figures = statistics(visible_registrations(request.actor), year=year, month=month, registry=settings.REGISTRY_CODE)
    return workbook_answer("统计", statistics_rows(figures), f"statistics-{year}")


def _period(request: MarketRequest) -> tuple[StatisticsForm, int, int | None]:
    """The year and month asked for; this year as a whole when the address names none that is one."""
    this_year = day_of(timezone.now()).year
    form = StatisticsForm(request.GET if request.GET else {"year": this_year})
    if not form.is_valid():
        form = StatisticsForm({"year": this_year})
        form.full_clean()
    return form, form.cleaned_data["year"], form.cleaned_data["month"] or None


def _number(typed: str) -> str:
    """A registration number, of 16 digits or an older one of 14; nothing for what is none."""
    return typed if re.fullmatch(r"\d{14}|\d{16}", typed, re.ASCII) else ""


def _asked(request: MarketRequest, form: RegisterFilterForm) -> QuerySet[Registration]:
    asked = form.cleaned_data if form.is_valid() else {}
    return filtered(
        visible_registrations(request.actor),
        kind=asked.get("kind") or "",
        year=asked.get("year"),
        number=asked.get("number") or "",
    )
