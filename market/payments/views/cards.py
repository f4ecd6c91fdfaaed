"""Paying by card or wallet: to Stripe's page and back; and finance's desk of what needs a person."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.accounts.freshness import fresh_sign_in_required
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.once.views import acts_once
from market.payments.actions.stripe.balance import book_balance_line
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.actions.stripe.disputes import answer_dispute, concede_dispute, require_unanswered
from market.payments.actions.stripe.refunds import require_failed, retry_refund, return_by_bank
from market.payments.forms.cards import AnswerDisputeForm, ReturnByBankForm
from market.payments.matters import matters_of
from market.payments.permissions import (
    balance_line_for,
    card_refund_for,
    checkout_for,
    dispute_for,
    is_market_finance,
    payment_for,
    require_market_finance,
)
from market.payments.queries.stripe import card_desk, checkout_page
from market.requests import MarketRequest


@login_required
@require_POST
def begin(request: MarketRequest, key: str) -> HttpResponse:
    payment = payment_for(request.actor, key)
    checkout = begin_checkout(payment, site=settings.SITE_URL, actor=request.actor, now=timezone.now())
    return redirect(checkout)


@login_required
@require_safe
def show_checkout(request: MarketRequest, key: str) -> HttpResponse:
    checkout = checkout_for(request.actor, key)
    page = checkout_page(checkout, came_from=request.GET.get("from", ""), now=timezone.now())
    return render(request, "payments/checkout_page.html", {"page": page, "is_finance": is_market_finance(request.actor)})


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_market_finance(request.actor)
    return render(request, "payments/card_desk.html", {"desk": card_desk()})


@login_required
@require_safe
def show_dispute(request: MarketRequest, key: str) -> HttpResponse:
    dispute = dispute_for(request.actor, key)
    payment = dispute.checkout.payment
    context = {
        "dispute": dispute,
        "payment": payment,
        "matter": matters_of([payment.matter])[payment.matter],
        "story": story(timeline([dispute.subject]), reader=request.actor),
    }
    return render(request, "payments/dispute_page.html", context)


@login_required
@fresh_sign_in_required
@acts_once
def answer(request: MarketRequest, key: str) -> HttpResponse:
    dispute = dispute_for(request.actor, key)
    form = AnswerDisputeForm(request.POST or None)
    offer(form, lambda: require_unanswered(dispute))
    if form.is_valid():
        said, now = form.cleaned_data["explanation"], timezone.now()
        if attempt(form, lambda: answer_dispute(dispute, explanation=said, actor=request.actor, now=now)):
            return acted(request, _("On its way to Stripe. The payer's bank decides."), dispute.get_absolute_url())
    context = {"form": form, "dispute": dispute}
    return render(request, "payments/dispute_answer.html", context, status=form_status(form))


@login_required
@require_POST
@fresh_sign_in_required
@acts_once
def concede(request: MarketRequest, key: str) -> HttpResponse:
    dispute = concede_dispute(dispute_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Conceded. As soon as Stripe confirms it, the money is the payer's."), dispute.get_absolute_url())


@login_required
@require_POST
@acts_once
def book_line(request: MarketRequest, number: str) -> HttpResponse:
    book_balance_line(balance_line_for(request.actor, number), actor=request.actor, now=timezone.now())
    return acted(request, _("Booked."), reverse("cards:desk"))


@login_required
@require_POST
@fresh_sign_in_required
@acts_once
def ask_again(request: MarketRequest, key: str) -> HttpResponse:
    retry_refund(card_refund_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("The refund was asked for again."), reverse("cards:desk"))


@login_required
@fresh_sign_in_required
@acts_once
def returned_by_bank(request: MarketRequest, key: str) -> HttpResponse:
    refund = card_refund_for(request.actor, key)
    form = ReturnByBankForm(request.POST or None)
    offer(form, lambda: require_failed(refund))
    if form.is_valid():
        reference, now = form.cleaned_data["reference"], timezone.now()
        if attempt(form, lambda: return_by_bank(refund, reference=reference, actor=request.actor, now=now)):
            return acted(request, _("Noted: the money went back by bank transfer."), reverse("cards:desk"))
    context = {"form": form, "refund": refund, "desk_url": reverse("cards:desk")}
    return render(request, "payments/return_by_bank.html", context, status=form_status(form))
