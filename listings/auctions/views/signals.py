"""Signals for supervisors: the list, and one of them with what was seen and a place for the conclusion."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from listings.auctions.actions.signals import conclude_signal
from listings.auctions.forms import ConcludeForm
from listings.auctions.permissions import signal_for
from listings.auctions.queries.signals import signal_page, signals_on_desk
from market.accounts.permissions import require_official
from market.answers import acted, attempt, form_status
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def show_signals(request: MarketRequest) -> HttpResponse:
    """?concluded shows those that are done with."""
    require_official(request.actor, Role.SUPERVISOR)
    is_open = "concluded" not in request.GET
    signals = page_of(signals_on_desk(request.actor, is_open=is_open), request)
    return render(request, "auctions/signal_list.html", {"signals": signals, "is_open": is_open})


@login_required
def signal(request: MarketRequest, signal: str) -> HttpResponse:
    seen, now = signal_for(request.actor, signal), timezone.now()
    form = ConcludeForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data["conclusion"]
        if attempt(form, lambda: conclude_signal(seen, conclusion=said, actor=request.actor, now=now)):
            return acted(request, _("Your conclusion is written down."), seen.get_absolute_url())
    context = {"page": signal_page(seen, reader=request.actor), "form": form}
    return render(request, "auctions/signal.html", context, status=form_status(form))
