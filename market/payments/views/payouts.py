"""Pages on which the market's finance pays out what is owed, and payees see what they are paid."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.accounts.freshness import fresh_sign_in_required
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.payments.actions.payouts import confirm_payout, export_payouts, return_payout
from market.payments.forms.payouts import PaidForm, ReturnedForm
from market.payments.matters import matters_of, with_matters
from market.payments.permissions import is_market_finance, payout_for, require_market_finance, require_till_watcher
from market.payments.queries.payouts import payout_sums, payouts_made, payouts_of, payouts_to_make
from market.payments.states import PAYOUT, PayoutEvent
from market.payments.views.files import orders_file
from market.requests import MarketRequest
from market.values.dates import day_of

_LATEST = 20


@login_required
@require_safe
def payouts(request: MarketRequest) -> HttpResponse:
    is_finance = is_market_finance(request.actor)
    if not is_finance:
        require_till_watcher(request.actor)
    waiting = page_of(payouts_to_make(), request)
    context = {
        "payouts": waiting,
        "rows": with_matters(waiting, lambda payout: payout.matter),
        "sums": payout_sums(),
        "made": payouts_made()[:_LATEST],
        "is_finance": is_finance,
    }
    return render(request, "payments/payouts.html", context)


@login_required
@require_safe
def my_payouts(request: MarketRequest) -> HttpResponse:
    ours = page_of(payouts_of(request.actor.organisation), request)
    context = {"payouts": ours, "rows": with_matters(ours, lambda payout: payout.matter)}
    return render(request, "payments/our_payouts.html", context)


@login_required
@require_POST
@fresh_sign_in_required
def orders(request: MarketRequest) -> HttpResponse:
    now = timezone.now()
    return orders_file("payouts", export_payouts(actor=request.actor, now=now), day_of(now))


@login_required
@require_safe
def payout_page(request: MarketRequest, key: str) -> HttpResponse:
    payout = payout_for(request.actor, key)
    context = {
        "payout": payout,
        "matter": matters_of([payout.matter])[payout.matter],
        "account": getattr(payout.payee, "bank_account", None),
        "is_finance": is_market_finance(request.actor),
        "is_payee": request.actor.organisation == payout.payee_id,
        "story": story(timeline([payout.subject]), reader=request.actor),
    }
    return render(request, "payments/payout_page.html", context)


@login_required
@fresh_sign_in_required
@acts_once
def confirm_paid(request: MarketRequest, key: str) -> HttpResponse:
    payout = payout_for(request.actor, key)
    require_market_finance(request.actor)
    form = PaidForm(request.POST or None)
    offer(form, lambda: PAYOUT.move(payout.state, PayoutEvent.PAY))
    if form.is_valid():
        number, now = form.cleaned_data["bank_reference"], timezone.now()
        if attempt(form, lambda: confirm_payout(payout, bank_reference=number, actor=request.actor, now=now)):
            return acted(request, _("Paid out. The payee is told."), payout.get_absolute_url())
    context = {
        "form": form,
        "title": _("The bank has paid"),
        "kind": "primary",
        "about": payout,
        "back": payout.get_absolute_url(),
    }
    return render(request, "payments/reason_form.html", context, status=form_status(form))


@login_required
@fresh_sign_in_required
@acts_once
def note_returned(request: MarketRequest, key: str) -> HttpResponse:
    payout = payout_for(request.actor, key)
    require_market_finance(request.actor)
    form = ReturnedForm(request.POST or None)
    offer(form, lambda: PAYOUT.move(payout.state, PayoutEvent.RETURN))
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if attempt(form, lambda: return_payout(payout, reason=reason, actor=request.actor, now=now)):
            return acted(request, _("Noted. It is to be paid out anew."), payout.get_absolute_url())
    context = {"form": form, "title": _("The bank gave it back"), "about": payout, "back": payout.get_absolute_url()}
    return render(request, "payments/reason_form.html", context, status=form_status(form))
