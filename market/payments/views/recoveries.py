"""Pages on which finance and supervisors see what must come back, and debtors how to pay it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import acts_for
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.payments.actions.recoveries import approve_write_off, propose_write_off, reject_write_off
from market.payments.forms.recoveries import InsistForm, WriteOffForm
from market.payments.matters import matters_of, with_matters
from market.payments.permissions import (
    PAYERS,
    is_market_finance,
    may_watch_the_till,
    recovery_for,
    require_may_write_off,
    require_till_watcher,
)
from market.payments.providers import ways_to_pay
from market.payments.queries.recoveries import ended_recoveries, open_recoveries
from market.payments.states import OPEN_RECOVERY, RecoveryEvent
from market.requests import MarketRequest
from market.values.actor import Role

_LATEST = 20


@login_required
@require_safe
def recoveries(request: MarketRequest) -> HttpResponse:
    require_till_watcher(request.actor)
    waiting = page_of(open_recoveries(), request)
    rows = with_matters(waiting, lambda recovery: recovery.refund.checkout.payment.matter)
    return render(
        request, "payments/recoveries.html", {"recoveries": waiting, "rows": rows, "ended": ended_recoveries()[:_LATEST]}
    )


@login_required
@require_safe
def recovery_page(request: MarketRequest, key: str) -> HttpResponse:
    recovery = recovery_for(request.actor, key)
    actor, matter = request.actor, recovery.refund.checkout.payment.matter
    is_debtor = acts_for(actor, recovery.debtor_id, *PAYERS)
    subjects = [recovery.subject, *([recovery.desk_subject] if may_watch_the_till(actor) else [])]
    context = {
        "recovery": recovery,
        "matter": matters_of([matter])[matter],
        "is_debtor": is_debtor,
        "is_watcher": may_watch_the_till(actor),
        "is_finance": is_market_finance(actor),
        "may_decide": actor.is_official and actor.has(Role.SUPERVISOR) and actor.person != recovery.proposed_by_id,
        "is_open": recovery.state in OPEN_RECOVERY,
        "ways": ways_to_pay(recovery.payment) if is_debtor and recovery.state in OPEN_RECOVERY else [],
        "story": story(timeline(subjects), reader=actor),
    }
    return render(request, "payments/recovery_page.html", context)


@login_required
@fresh_sign_in_required
@acts_once
def propose(request: MarketRequest, key: str) -> HttpResponse:
    recovery = recovery_for(request.actor, key)
    form = WriteOffForm(request.POST or None)
    offer(form, lambda: require_may_write_off(request.actor, recovery, RecoveryEvent.PROPOSE))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: propose_write_off(recovery, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Proposed. A supervisor decides."), recovery.get_absolute_url())
    context = {"form": form, "title": _("Propose to write it off"), "about": recovery, "back": recovery.get_absolute_url()}
    return render(request, "payments/reason_form.html", context, status=form_status(form))


@login_required
@require_POST
@fresh_sign_in_required
@acts_once
def approve(request: MarketRequest, key: str) -> HttpResponse:
    recovery = approve_write_off(recovery_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Written off. The debtor is told that nothing is asked for any more."), recovery.get_absolute_url())


@login_required
@fresh_sign_in_required
@acts_once
def reject(request: MarketRequest, key: str) -> HttpResponse:
    recovery = recovery_for(request.actor, key)
    form = InsistForm(request.POST or None)
    offer(form, lambda: require_may_write_off(request.actor, recovery, RecoveryEvent.REJECT))
    if form.is_valid():
        grounds, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: reject_write_off(recovery, grounds=grounds, actor=request.actor, now=now)):
            return acted(request, _("Not written off. It is still asked for."), recovery.get_absolute_url())
    context = {"form": form, "title": _("Insist on it"), "about": recovery, "back": recovery.get_absolute_url()}
    return render(request, "payments/reason_form.html", context, status=form_status(form))
