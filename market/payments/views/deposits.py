"""Pages on which a payer sees its deposits, brings a bank's letter, and says where refunds go."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from market.accounts.freshness import fresh_sign_in_required
from market.accounts.permissions import acts_for, own_organisation, require_role
from market.accounts.states import OrganisationState
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.pages import page_of
from market.payments.actions.bank_accounts import change_bank_account
from market.payments.actions.deposits import offer_guarantee
from market.payments.forms.deposits import BankAccountForm, LetterForm
from market.payments.matters import matters_of, with_matters
from market.payments.permissions import PAYERS, deposit_for, is_market_finance
from market.payments.providers import ways_to_pay
from market.payments.queries.deposits import account_for_refunds, deposit_sums, deposits_of, due_back_of
from market.payments.queries.stripe import checkouts_to_show
from market.payments.states import DEPOSIT, DepositEvent, DepositState
from market.requests import MarketRequest


@login_required
@require_safe
def my_deposits(request: MarketRequest) -> HttpResponse:
    deposits = page_of(deposits_of(request.actor), request)
    context = {
        "deposits": deposits,
        "rows": with_matters(deposits, lambda deposit: deposit.matter),
        "sums": deposit_sums(request.actor, now=timezone.now()),
        "account": account_for_refunds(request.actor),
    }
    return render(request, "payments/deposit_list.html", context)


@login_required
@require_safe
def deposit_page(request: MarketRequest, key: str) -> HttpResponse:
    deposit = deposit_for(request.actor, key)
    is_payer = acts_for(request.actor, deposit.payer_id, *PAYERS)
    is_barred = deposit.state == DepositState.REQUESTED and deposit.payer.state == OrganisationState.SUSPENDED
    may_pay = is_payer and not is_barred and deposit.state == DepositState.REQUESTED
    matter, now = matters_of([deposit.matter])[deposit.matter], timezone.now()
    context = {
        "deposit": deposit,
        "matter": matter,
        "is_open": matter.is_open_at(now),
        "is_payer": is_payer,
        "is_barred": is_barred,
        "is_finance": is_market_finance(request.actor),
        "ways": ways_to_pay(deposit.payment) if may_pay and deposit.payment else [],
        "checkouts": checkouts_to_show(deposit.payment),
        "due": due_back_of(deposit) if deposit.state == DepositState.DUE_BACK else None,
        "now": now,
        "story": story(timeline([deposit.subject]), reader=request.actor),
    }
    return render(request, "payments/deposit_page.html", context)


@login_required
@acts_once
def offer_letter(request: MarketRequest, key: str) -> HttpResponse:
    deposit = deposit_for(request.actor, key)
    require_role(request.actor, deposit.payer_id, *PAYERS)
    form = LetterForm(request.POST or None, request.FILES or None, actor=request.actor)
    offer(form, lambda: DEPOSIT.move(deposit.state, DepositEvent.CANCEL))
    if form.is_valid():
        letter, now = form.cleaned_data["letter"], timezone.now()
        offered = attempt(form, lambda: offer_guarantee(deposit, letter, actor=request.actor, now=now))
        if offered is not None:
            return acted(request, _("The letter waits for the market's finance."), offered.get_absolute_url())
    context = {"form": form, "deposit": deposit}
    return render(request, "payments/letter_form.html", context, status=form_status(form))


@login_required
@fresh_sign_in_required
@acts_once
def bank_account(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, *PAYERS)
    form = BankAccountForm(request.POST or None)
    if form.is_valid():
        typed, now = form.cleaned_data, timezone.now()
        changed = attempt(form, lambda: change_bank_account(organisation, **typed, actor=request.actor, now=now))
        if changed is not None:
            return acted(request, _("Refunds go to this account from now on."), request.path)
    context = {"form": form, "account": account_for_refunds(request.actor)}
    return render(request, "payments/bank_account.html", context, status=form_status(form))
