"""The pages of commissions: each with its steps, and stated by month and year on screen, as PDF and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from brokers.forms import StatementForm
from brokers.permissions import visible_commissions
from brokers.queries import CommissionStatement, commission_statement
from market.accounts.permissions import own_organisation
from market.pages import page_of
from market.paper import download, set_paper
from market.requests import MarketRequest
from market.spreadsheets import Row, csv_answer
from market.values.actor import Role
from market.values.dates import day_of, last_day_of_month


@login_required
@require_safe
def my_commissions(request: MarketRequest) -> HttpResponse:
    commissions = page_of(visible_commissions(request.actor), request)
    return render(request, "brokers/commission_list.html", {"commissions": commissions})


@login_required
@require_safe
def show_statement(request: MarketRequest) -> HttpResponse:
    statement, form = _asked(request)
    return render(request, "brokers/statement_page.html", {"statement": statement, "form": form})


@login_required
@require_safe
def download_pdf(request: MarketRequest) -> HttpResponse:
    statement, _form = _asked(request)
    name = _file_name(statement)
    context = {"statement": statement, "now": timezone.now()}
    template, style = "brokers/statement_pdf.html", "css/certificate.css"
    identifier = f"{statement.organisation.key}-{name}"
    return download(request, lambda: set_paper(template, context, style=style, identifier=identifier), name=f"{name}.pdf")


@login_required
@require_safe
def download_csv(request: MarketRequest) -> StreamingHttpResponse:
    statement, _form = _asked(request)
    return csv_answer(_rows(statement), _file_name(statement))


def _asked(request: MarketRequest) -> tuple[CommissionStatement, StatementForm]:
    """The year that is asked for, or this one; a month of it where one is asked for."""
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT, Role.FINANCE)
    form = StatementForm(request.GET or None, initial={"year": day_of(timezone.now()).year})
    asked = form.cleaned_data if form.is_valid() else form.initial
    year, month = asked["year"], asked.get("month")
    first_day, last_day = date(year, month or 1, 1), last_day_of_month(year, month or 12)
    return commission_statement(organisation, first_day, last_day), form


def _file_name(statement: CommissionStatement) -> str:
    return f"commissions-{statement.first_day:%Y%m%d}-{statement.last_day:%Y%m%d}"


def _rows(statement: CommissionStatement) -> Iterator[Row]:
    yield [
        _("Day"),
        _("Deal"),
        pgettext("commission", "Paid by"),
        _("Broker"),
        _("Whole commission, yuan"),
        _("Our part, yuan"),
        _("What happened"),
    ]
    for line in statement.lines:
        commission = line.commission
        yield [
            day_of(line.at).isoformat(),
            commission.deal.number,
            "；".join(f"{payer.name} {part.in_yuan}" for payer, part in commission.payers),
            str(commission.engagement.broker),
            commission.amount.in_yuan,
            line.amount.in_yuan,
            _("Reversed") if line.is_reversal else _("Credited"),
        ]
    yield [_("Total"), "", "", "", "", statement.total.in_yuan, ""]
