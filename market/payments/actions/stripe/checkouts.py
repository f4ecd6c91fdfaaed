"""Paying by card or wallet: a page of Stripe's is opened for a payment that is awaited, and closed when it no longer is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from market.accounts.permissions import person_of, require_role
from market.accounts.states import OrganisationState
from market.events.actions import record
from market.keys import random_key
from market.payments.actions.stripe.calls import keep_call, send_call
from market.payments.kinds import CallKind, Purpose
from market.payments.matters import matters_of
from market.payments.models.deposits import Payment
from market.payments.models.stripe import Checkout
from market.payments.permissions import PAYERS
from market.payments.providers.stripe_api import is_set_up
from market.payments.rules.stripe import OPEN_FOR, CheckoutOrder, may_pay_by_card, session_parameters
from market.payments.states import PAYMENT, PaymentEvent
from market.values.actor import Actor
from market.values.refusal import OutOfTurn, Refusal, require

# Of the 250 characters that Stripe shows, with room for the reference.
_LONGEST_TITLE = 200


def begin_checkout(payment: Payment, *, site: str, actor: Actor, now: datetime) -> Checkout:
    """A page of Stripe's on which this payment can be made; the one that is open already where there is one.

    The request is kept before it is sent, so whoever is cut off and begins again comes to the same page. Where Stripe does not
    answer in time the checkout has no address yet, and the worker goes on asking. Event: checkout.begun.
    """
    checkout = _begun(payment, site=site, actor=actor, now=now)
    send_call(checkout.call, now=now, somebody_waits=True)
    checkout.refresh_from_db()
    return checkout


@transaction.atomic
def _begun(payment: Payment, *, site: str, actor: Actor, now: datetime) -> Checkout:
    require_role(actor, payment.payer_id, *PAYERS)
    locked = Payment.objects.select_for_update(of=("self",)).select_related("payer").get(pk=payment.pk)
    PAYMENT.move(locked.state, PaymentEvent.RECEIVE)
    if not is_set_up():
        raise OutOfTurn([Refusal("payments.no_cards")])
    is_barred = locked.payer.state == OrganisationState.SUSPENDED
    is_claimed_back = locked.purpose == Purpose.CLAIMS
    require(may_pay_by_card(locked.amount, is_barred=is_barred, is_claimed_back=is_claimed_back))
    open_one = locked.checkouts.filter(paid_at__isnull=True, ended_at__isnull=True).select_related("call").first()
    if open_one is not None and now < open_one.expires_at:
        return open_one
    if open_one is not None:
        # Its time is over, and nobody can pay on it any more. Should word come that somebody did, it still counts.
        open_one.ended_at = now
        open_one.save(update_fields=["ended_at"])
    return _new(locked, site=site, actor=actor, now=now)


def _new(payment: Payment, *, site: str, actor: Actor, now: datetime) -> Checkout:
    key = random_key()
    order = CheckoutOrder(
        key=key,
        reference=payment.reference,
        title=matters_of([payment.matter])[payment.matter].title[:_LONGEST_TITLE],
        amount=payment.amount,
        locale="zh" if (get_language() or "").startswith("zh") else "en",
        return_address=site + reverse("cards:checkout", args=[key]),
        expires_at=now + OPEN_FOR,
    )
    checkout = Checkout.objects.create(
        key=key,
        payment=payment,
        amount_fen=payment.amount_fen,
        call=keep_call(CallKind.OPEN_SESSION, session_parameters(order), now=now),
        begun_by_id=person_of(actor),
        expires_at=order.expires_at,
    )
    record("checkout.begun", subject=payment.subject, actor=actor, now=now, amount=str(payment.amount))
    return checkout


@transaction.atomic
def close_unwanted(checkout: Checkout, *, now: datetime) -> None:
    """Stripe is asked to close the page of a payment that is no longer awaited. Does nothing when it was asked before."""
    locked = Checkout.objects.select_for_update().get(pk=checkout.pk)
    if not locked.is_open or not locked.session_id or locked.closing_asked_at:
        return
    keep_call(CallKind.END_SESSION, {}, target=locked.session_id, now=now)
    locked.closing_asked_at = now
    locked.save(update_fields=["closing_asked_at"])
