"""Pages on which the market's finance and supervisors read the ledger, and see whether it holds and agrees with the bank."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from market.pages import page_of
from market.payments.matters import with_matters
from market.payments.models.ledger import Account
from market.payments.permissions import require_till_watcher
from market.payments.queries.ledger import accounts_with_balances, as_read, balances, entries_of, ledger_flaws, lines_of
from market.payments.queries.reconciliation import all_differences, latest_reconciliations
from market.requests import MarketRequest
from market.values.dates import day_of


@login_required
@require_safe
def ledger(request: MarketRequest) -> HttpResponse:
    require_till_watcher(request.actor)
    context = {
        "accounts": accounts_with_balances(),
        "flaws": ledger_flaws(),
        "differences": all_differences(day_of(timezone.now()) - timedelta(days=1)),
        "reconciliations": latest_reconciliations(),
    }
    return render(request, "payments/ledger.html", context)


@login_required
@require_safe
def account(request: MarketRequest, pk: int) -> HttpResponse:
    require_till_watcher(request.actor)
    shown = Account.objects.filter(pk=pk).select_related("organisation").first()
    if shown is None:
        raise Http404
    entries = page_of(entries_of(shown), request)
    context = {
        "account": shown,
        "balance": as_read(shown, balances([shown])[shown.key]),
        "entries": entries,
        "rows": with_matters(lines_of(shown, entries), lambda line: line.entry.posting.subject),
    }
    return render(request, "payments/account.html", context)
