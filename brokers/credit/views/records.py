"""One's own credit and its records, appeals and repair; and the desk of the officials who decide."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brokers.credit.actions import appeals
from brokers.credit.actions.ledger import enter_by_hand
from brokers.credit.forms import AnswerForm, AppealForm, DecisionForm, ManualEntryForm, RepairForm
from brokers.credit.kinds import HolderKind
from brokers.credit.models import Record
from brokers.credit.permissions import (
    OFFICIALS,
    appeal_for,
    holder_for,
    is_holder,
    may_decide_on,
    record_for,
    repair_for,
    require_decider,
    require_holder,
)
from brokers.credit.queries.pages import credit_page
from brokers.credit.queries.records import fact_of, open_appeals, open_repairs
from brokers.credit.queries.reviews import reviews_given_by, reviews_to_give
from brokers.credit.rulebook import book
from brokers.credit.rules.advice import repair_from
from brokers.credit.rules.rating import weight_on
from brokers.credit.states import APPEAL, REPAIR, AppealEvent, AppealState, RepairEvent, RepairState
from brokers.queries import own_broker
from market.accounts.permissions import own_organisation, require_official
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal
from market.values.writing import is_chinese


@login_required
@require_safe
def my_credit(request: MarketRequest) -> HttpResponse:
    """The credit of the acting organisation, and of the broker in person; and what there is to review."""
    actor, day = request.actor, day_of(timezone.now())
    organisation = own_organisation(actor, Role.OWNER, Role.AGENT)
    holders = [holder for holder in (own_broker(actor), organisation) if holder is not None]
    context = {
        "pages": [credit_page(holder, actor, day=day) for holder in holders],
        "to_review": reviews_to_give(actor)[:20],
        "given": reviews_given_by(organisation)[:20],
    }
    return render(request, "credit/my_credit.html", context)


@login_required
@require_safe
def record_page(request: MarketRequest, key: str) -> HttpResponse:
    record = record_for(request.actor, key)
    fact, today = fact_of(record), day_of(timezone.now())
    own, counts = is_holder(request.actor, record.standing), weight_on(fact, today) != 0
    appeals_of, repairs_of = list(record.appeals.all()), list(record.repairs.all())
    subjects = [record.subject, *(each.subject for each in appeals_of), *(each.subject for each in repairs_of)]
    scheme = book().on(record.starts)
    context = {
        "record": record,
        "rule": scheme.rules.get(record.rule),
        "weight": weight_on(fact, today),
        "appeals": appeals_of,
        "repairs": repairs_of,
        "entries": record.entries.all(),
        "is_holder": own,
        "may_decide": may_decide_on(request.actor, record),
        "may_appeal": own and counts and all(each.state == AppealState.WITHDRAWN for each in appeals_of),
        "may_repair": own and counts and record.is_bad and all(each.state != RepairState.ASKED for each in repairs_of),
        "repair_from": repair_from(fact, scheme) if record.is_bad else None,
        "today": today,
        "story": story(timeline(subjects), reader=request.actor),
    }
    return render(request, "credit/record_page.html", context)


def _form_page(
    request: MarketRequest, record: Record, form: Form, act: Callable[[], object], title: str, done: str, **more: str
) -> HttpResponse:
    """One act with a form: its page, its errors beside the fields, and back to the record."""
    if form.is_valid() and attempt(form, act) is not None:
        return acted(request, done, record.get_absolute_url())
    context = {"form": form, "record": record, "title": title, **more}
    return render(request, "credit/record_form.html", context, status=form_status(form))


@login_required
def appeal(request: MarketRequest, key: str) -> HttpResponse:
    record, actor = record_for(request.actor, key), request.actor
    require_holder(actor, record.standing)
    form = AppealForm(request.POST or None, request.FILES or None, actor=actor)
    offer(form, lambda: _require_in_force(record))
    return _form_page(
        request,
        record,
        form,
        lambda: appeals.file_appeal(record, **form.cleaned_data, actor=actor, now=timezone.now()),
        _("Appeal against the record"),
        _("Appeal filed. The record is out of the rating until the decision."),
        lead=_("While the appeal is examined, the record does not count. Somebody who did not make it decides."),
    )


def _require_in_force(record: Record) -> None:
    if not weight_on(fact_of(record), day_of(timezone.now())):
        raise OutOfTurn([Refusal("credit.not_in_force")])


@login_required
@require_POST
def withdraw(request: MarketRequest, key: str) -> HttpResponse:
    withdrawn = appeals.withdraw_appeal(appeal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Appeal withdrawn. The record counts again."), withdrawn.get_absolute_url())


@login_required
def uphold(request: MarketRequest, key: str) -> HttpResponse:
    done = _("Upheld: the record no longer counts.")
    return _decide(request, key, AppealEvent.UPHOLD, appeals.uphold_appeal, _("Uphold the appeal"), done)


@login_required
def dismiss(request: MarketRequest, key: str) -> HttpResponse:
    done = _("Dismissed: the record counts again.")
    return _decide(request, key, AppealEvent.DISMISS, appeals.dismiss_appeal, _("Dismiss the appeal"), done)


def _decide(
    request: MarketRequest, key: str, event: AppealEvent, act: Callable[..., object], title: str, done: str
) -> HttpResponse:
    contested, actor = appeal_for(request.actor, key), request.actor
    require_decider(actor, contested.record)
    form = DecisionForm(request.POST or None)
    offer(form, lambda: APPEAL.move(contested.state, event))
    return _form_page(
        request,
        contested.record,
        form,
        lambda: act(contested, **form.cleaned_data, actor=actor, now=timezone.now()),
        title,
        done,
        lead=contested.grounds,
    )


@login_required
def ask_repair(request: MarketRequest, key: str) -> HttpResponse:
    record, actor = record_for(request.actor, key), request.actor
    require_holder(actor, record.standing)
    form = RepairForm(request.POST or None, request.FILES or None, actor=actor)
    offer(form, lambda: _require_in_force(record))
    return _form_page(
        request,
        record,
        form,
        lambda: appeals.ask_for_repair(record, **form.cleaned_data, actor=actor, now=timezone.now()),
        _("Apply for repair"),
        _("Applied. An official examines whether it was made good."),
        lead=_("A bad record ends early when its shortest time is over and what it was for has been made good."),
    )


@login_required
def grant(request: MarketRequest, key: str) -> HttpResponse:
    return _answer(request, key, RepairEvent.GRANT, appeals.grant_repair, _("Grant the repair"), _("Repaired."))


@login_required
def decline(request: MarketRequest, key: str) -> HttpResponse:
    done = _("Declined. The holder sees the answer.")
    return _answer(request, key, RepairEvent.DECLINE, appeals.decline_repair, _("Decline the repair"), done)


def _answer(
    request: MarketRequest, key: str, event: RepairEvent, act: Callable[..., object], title: str, done: str
) -> HttpResponse:
    asked, actor = repair_for(request.actor, key), request.actor
    require_decider(actor, asked.record)
    form = AnswerForm(request.POST or None)
    offer(form, lambda: REPAIR.move(asked.state, event))
    return _form_page(
        request,
        asked.record,
        form,
        lambda: act(asked, **form.cleaned_data, actor=actor, now=timezone.now()),
        title,
        done,
        lead=asked.statement,
    )


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, *OFFICIALS)
    context = {"appeals": page_of(open_appeals(), request), "repairs": open_repairs()[:50], "today": day_of(timezone.now())}
    return render(request, "credit/credit_desk.html", context)


@login_required
def enter(request: MarketRequest, kind: str, key: str) -> HttpResponse:
    """An official enters a record by hand, with its evidence."""
    require_official(request.actor, *OFFICIALS)
    holder, now = holder_for(request.actor, kind, key), timezone.now()
    rules = [rule for rule in book().on(day_of(now)).rules_for(HolderKind(kind).value) if rule.is_manual]
    named = [(rule.code, rule.zh if is_chinese(get_language()) else rule.en) for rule in rules]
    form = ManualEntryForm(request.POST or None, request.FILES or None, rules=named, actor=request.actor)
    if form.is_valid():
        entry = form.to_entry()
        record = attempt(form, lambda: enter_by_hand(holder, entry, actor=request.actor, now=now))
        if record is not None:
            return acted(request, _("Entered. The holder is told and can appeal."), record.get_absolute_url())
    context = {"form": form, "holder": holder, "back": reverse("credit:rating_page", args=[kind, key])}
    return render(request, "credit/record_enter.html", context, status=form_status(form))
