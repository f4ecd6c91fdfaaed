"""Pages on which the market's finance gives money back, and supervisors see what is late."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.accounts.freshness import fresh_sign_in_required
from market.answers import acted
from market.once.views import acts_once
from market.pages import page_of
from market.payments.actions.deposits import order_refunds, refund_deposit
from market.payments.actions.statements import confirm_sent_back
from market.payments.matters import with_matters
from market.payments.permissions import deposit_for, is_market_finance, line_for, require_till_watcher
from market.payments.queries.deposits import refunds_due
from market.payments.queries.statements import lines_to_send_back
from market.payments.views.files import orders_file
from market.requests import MarketRequest
from market.values.dates import day_of


@login_required
@require_safe
def refunds(request: MarketRequest) -> HttpResponse:
    require_till_watcher(request.actor)
    deposits = page_of(refunds_due().select_related("payer__bank_account"), request)
    context = {
        "deposits": deposits,
        "rows": with_matters(deposits, lambda deposit: deposit.matter),
        "lines": lines_to_send_back()[:200],
        "today": day_of(timezone.now()),
        "is_finance": is_market_finance(request.actor),
    }
    return render(request, "payments/refunds.html", context)


@login_required
@require_POST
@fresh_sign_in_required
def orders(request: MarketRequest) -> HttpResponse:
    now = timezone.now()
    return orders_file("refunds", order_refunds(actor=request.actor, now=now), day_of(now))


@login_required
@require_POST
@fresh_sign_in_required
@acts_once
def confirm_refund(request: MarketRequest, key: str) -> HttpResponse:
    refund_deposit(deposit_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Refunded. The payer is told."), reverse("payments:refunds"))


@login_required
@require_POST
@fresh_sign_in_required
@acts_once
def confirm_sent(request: MarketRequest, pk: int) -> HttpResponse:
    confirm_sent_back(line_for(request.actor, pk), actor=request.actor, now=timezone.now())
    return acted(request, _("Noted that the money went back."), reverse("payments:refunds"))
