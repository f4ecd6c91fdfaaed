"""Pages on which parties, finance and supervisors see a settlement, what is due and the statement."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.settlement.actions.delivery import confirm_delivery, report_delivery, require_may_confirm
from contracts.settlement.forms import ConfirmDeliveryForm
from contracts.settlement.permissions import due_for, require_settlement_mover, settlement_for, visible_settlements
from contracts.settlement.queries.money import sums_of
from contracts.settlement.queries.pages import all_dues, settlement_page, statement_for
from contracts.settlement.statement_pdf import statement_pdf
from contracts.settlement.states import DueState
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import acts_for
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.paper import download
from market.payments.permissions import PAYERS
from market.payments.providers import ways_to_pay
from market.requests import MarketRequest
from market.values.dates import day_of


@login_required
@require_safe
def my_settlements(request: MarketRequest) -> HttpResponse:
    return render(
        request, "settlement/settlement_list.html", {"settlements": page_of(visible_settlements(request.actor), request)}
    )


@login_required
@require_safe
def show_settlement(request: MarketRequest, key: str) -> HttpResponse:
    page = settlement_page(settlement_for(request.actor, key), actor=request.actor)
    return render(request, "settlement/settlement_page.html", {"page": page, "today": day_of(timezone.now())})


@login_required
@require_safe
def show_due(request: MarketRequest, key: str) -> HttpResponse:
    due = due_for(request.actor, key)
    is_payer = acts_for(request.actor, due.payer_id, *PAYERS)
    context = {
        "due": due,
        "is_payer": is_payer,
        "ways": ways_to_pay(due.payment) if is_payer and due.state == DueState.AWAITED and due.payment else [],
        "today": day_of(timezone.now()),
        "story": story(timeline([due.subject]), reader=request.actor),
    }
    return render(request, "settlement/due_page.html", context)


@login_required
@require_POST
@acts_once
def state_delivery(request: MarketRequest, key: str) -> HttpResponse:
    settlement = report_delivery(settlement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("The buyer is asked to confirm delivery."), settlement.get_absolute_url())


@login_required
@fresh_sign_in_required
@acts_once
def confirm(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    require_settlement_mover(request.actor, settlement, "buyer")
    form = ConfirmDeliveryForm(request.POST or None)
    offer(form, lambda: require_may_confirm(settlement))
    if form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: confirm_delivery(settlement, actor=request.actor, now=now)):
            return acted(request, _("Confirmed. The money in escrow goes to the seller."), settlement.get_absolute_url())
    context = {"form": form, "settlement": settlement, "sums": sums_of(settlement)}
    return render(request, "settlement/confirm_delivery.html", context, status=form_status(form))


@login_required
@require_safe
def show_statement(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    statement = statement_for(settlement, all_dues(settlement), actor=request.actor)
    context = {"statement": statement, "now": timezone.now()}
    return render(request, "settlement/statement_page.html", context)


@login_required
@require_safe
def download_statement(request: MarketRequest, key: str) -> HttpResponse:
    settlement = settlement_for(request.actor, key)
    statement = statement_for(settlement, all_dues(settlement), actor=request.actor)
    return download(request, lambda: statement_pdf(statement, now=timezone.now()), name=f"statement-{settlement.key}.pdf")
