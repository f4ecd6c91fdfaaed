"""Pages on which a royalty is reported, objected to, accepted and decided."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.settlement.actions.royalties import accept_report, correct_report, decide_report, object_to_report, report_royalty
from contracts.settlement.forms import DecideReportForm, ObjectForm, ReportForm
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.permissions import (
    is_buyer,
    is_seller,
    may_decide,
    report_for,
    require_decider,
    require_settlement_mover,
    side_of,
)
from contracts.settlement.states import REPORT, ReportEvent, ReportState
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.requests import MarketRequest
from market.values.dates import day_of


@login_required
@require_safe
def show_report(request: MarketRequest, key: str) -> HttpResponse:
    report = report_for(request.actor, key)
    side = side_of(request.actor, report.settlement)
    context = {
        "report": report,
        "settlement": report.settlement,
        "is_over": day_of(timezone.now()) > report.last_day,
        "binds_seller": side is not None and is_seller(request.actor, report.settlement),
        "binds_buyer": side is not None and is_buyer(request.actor, report.settlement),
        "may_decide": may_decide(request.actor, report.settlement),
        "story": story(timeline([report.subject]), reader=request.actor),
    }
    return render(request, "settlement/report_page.html", context)


@login_required
@acts_once
def report_(request: MarketRequest, key: str) -> HttpResponse:
    report = report_for(request.actor, key)
    require_settlement_mover(request.actor, report.settlement, "buyer")
    is_correction = report.state == ReportState.OBJECTED
    event, action = (ReportEvent.CORRECT, correct_report) if is_correction else (ReportEvent.REPORT, report_royalty)
    form = ReportForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"documents": list(report.documents.all())}
    )
    offer(form, lambda: REPORT.move(report.state, event))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        if attempt(form, lambda: action(report, base=data["base"], documents=data["documents"], actor=request.actor, now=now)):
            return acted(request, _("Reported. The seller may object until the day shown."), report.get_absolute_url())
    title = _("Correct the report") if is_correction else _("Report on the royalty")
    return _form(request, form, report, title)


@login_required
@acts_once
def object_(request: MarketRequest, key: str) -> HttpResponse:
    report = report_for(request.actor, key)
    require_settlement_mover(request.actor, report.settlement, "seller")
    form = ObjectForm(request.POST or None)
    offer(form, lambda: REPORT.move(report.state, ReportEvent.OBJECT))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: object_to_report(report, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("The buyer and the supervisors see your objection."), report.get_absolute_url())
    return _form(request, form, report, _("Object to the report"))


@login_required
@require_POST
@acts_once
def accept(request: MarketRequest, key: str) -> HttpResponse:
    report = accept_report(report_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Accepted. The royalty is due."), report.get_absolute_url())


@login_required
@fresh_sign_in_required
@acts_once
def decide(request: MarketRequest, key: str) -> HttpResponse:
    report = report_for(request.actor, key)
    require_decider(request.actor, report.settlement)
    form = DecideReportForm(request.POST or None, initial={"base": report.base})
    offer(form, lambda: REPORT.move(report.state, ReportEvent.DECIDE))
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        base, reason = data["base"], data["reason"]
        if attempt(form, lambda: decide_report(report, base=base, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Decided. The royalty is due."), report.get_absolute_url())
    return _form(request, form, report, _("Decide what the royalty is computed from"))


def _form(
    request: MarketRequest, form: ReportForm | ObjectForm | DecideReportForm, report: RoyaltyReport, title: str
) -> HttpResponse:
    context = {"form": form, "report": report, "settlement": report.settlement, "title": title, "back": report.get_absolute_url()}
    return render(request, "settlement/act_form.html", context, status=form_status(form))
