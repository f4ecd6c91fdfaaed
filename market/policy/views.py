"""Pages of the figures that hold, and of the calendar: everybody reads, officials propose, decide and enter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.answers import acted, attempt, form_status, offer
from market.policy.actions import add_calendar_day, announce_holidays, approve_policy_row, propose_policy_row, reject_policy_row
from market.policy.forms import CalendarDayForm, HolidayYearForm, ProposeRowForm, ReasonForm
from market.policy.kinds import KINDS, PolicyKind
from market.policy.models import HolidayYear
from market.policy.permissions import (
    may_change_policy,
    policy_row_for,
    require_decider,
    require_policy_official,
    visible_policy_rows,
)
from market.policy.queries import announced_years, holidays_of, policy_pages, policy_story
from market.policy.rules import may_decide
from market.policy.states import POLICY_ROW, PolicyRowEvent, PolicyRowState
from market.requests import MarketRequest
from market.values.dates import day_of


@require_safe
def figures(request: MarketRequest) -> HttpResponse:
    pages = policy_pages(visible_policy_rows(request.actor), today=day_of(timezone.now()))
    may_change = may_change_policy(request.actor)
    waiting = [row for page in pages for row in page.waiting]
    return render(request, "policy/figure_list.html", {"pages": pages, "may_change": may_change, "waiting": waiting})


@require_safe
def show_figure(request: MarketRequest, code: str) -> HttpResponse:
    kind = _kind_for(code)
    rows = list(visible_policy_rows(request.actor).filter(kind=code))
    may_change = may_change_policy(request.actor)
    (page,) = (page for page in policy_pages(rows, today=day_of(timezone.now())) if page.kind is kind)
    story = policy_story([row.subject for row in rows], with_people=may_change)
    return render(request, "policy/figure_page.html", {"page": page, "may_change": may_change, "story": story})


@login_required
def propose(request: MarketRequest, code: str) -> HttpResponse:
    require_policy_official(request.actor)
    kind = _kind_for(code)
    form = ProposeRowForm(request.POST or None, kind=kind)
    if form.is_valid():
        terms, now = form.to_terms(), timezone.now()
        row = attempt(form, lambda: propose_policy_row(terms, actor=request.actor, now=now))
        if row is not None:
            return acted(request, _("Proposed. A second official decides."), row.get_absolute_url())
    (page,) = (
        page
        for page in policy_pages(visible_policy_rows(request.actor).filter(kind=code), today=day_of(timezone.now()))
        if page.kind is kind
    )
    return render(request, "policy/row_form.html", {"form": form, "page": page}, status=form_status(form))


@require_safe
def show_row(request: MarketRequest, pk: int) -> HttpResponse:
    row = policy_row_for(request.actor, pk)
    may_change = may_change_policy(request.actor)
    is_own = bool(may_decide(proposed_by=row.proposed_by_id, decides=request.actor.person))
    context = {
        "row": row,
        "is_waiting": may_change and row.state == PolicyRowState.PROPOSED,
        "is_own": is_own,
        "is_late": row.valid_from < day_of(timezone.now()),
        "may_change": may_change,
        "story": policy_story([row.subject], with_people=may_change),
    }
    return render(request, "policy/row_page.html", context)


@login_required
@require_POST
def approve(request: MarketRequest, pk: int) -> HttpResponse:
    row = approve_policy_row(policy_row_for(request.actor, pk), actor=request.actor, now=timezone.now())
    return acted(request, _("Approved. It holds for whatever begins from its day on."), row.get_absolute_url())


@login_required
def reject(request: MarketRequest, pk: int) -> HttpResponse:
    row = policy_row_for(request.actor, pk)
    require_decider(request.actor, row)
    form = ReasonForm(request.POST or None)
    offer(form, lambda: POLICY_ROW.move(row.state, PolicyRowEvent.REJECT))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: reject_policy_row(row, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Rejected. The reason stands in the record."), row.get_absolute_url())
    return render(request, "policy/row_reject.html", {"form": form, "row": row}, status=form_status(form))


@require_safe
def calendar(request: MarketRequest) -> HttpResponse:
    years = [{"year": year, "holidays": holidays_of(year)} for year in announced_years()]
    return render(request, "policy/calendar.html", {"years": years, "may_change": may_change_policy(request.actor)})


@require_safe
def show_year(request: MarketRequest, year: int) -> HttpResponse:
    entry = get_object_or_404(HolidayYear.objects.prefetch_related("days"), year=year)
    may_change = may_change_policy(request.actor)
    context = {
        "year": entry,
        "holidays": holidays_of(entry),
        "may_add": may_change and year >= day_of(timezone.now()).year,
        "story": policy_story([entry.subject], with_people=may_change),
    }
    return render(request, "policy/year_page.html", context)


@login_required
def announce(request: MarketRequest) -> HttpResponse:
    require_policy_official(request.actor)
    form = HolidayYearForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        data, days, now = form.cleaned_data, form.announced(), timezone.now()
        year = attempt(form, lambda: announce_holidays(data["year"], days, source=data["source"], actor=request.actor, now=now))
        if year is not None:
            return acted(
                request, _("Entered. Provisional dates are computed again and those concerned are told."), year.get_absolute_url()
            )
    return render(request, "policy/year_form.html", {"form": form}, status=form_status(form))


@login_required
def add_day(request: MarketRequest, year: int) -> HttpResponse:
    require_policy_official(request.actor)
    entry = get_object_or_404(HolidayYear, year=year)
    form = CalendarDayForm(request.POST or None)
    if form.is_valid():
        day, source, now = form.to_day(), form.cleaned_data["source"], timezone.now()
        added = attempt(form, lambda: add_calendar_day(day, source=source, actor=request.actor, now=now))
        if added is not None:
            return acted(request, _("Added. Running dates are computed again."), added.year.get_absolute_url())
    return render(request, "policy/day_form.html", {"form": form, "year": entry}, status=form_status(form))


def _kind_for(code: str) -> PolicyKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]
