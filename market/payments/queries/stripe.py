"""Which requests and events of Stripe's wait, which money must go back, and what needs a person?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from market.payments.matters import Matter, matters_of
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.stripe import BalanceLine, CardRefund, Checkout, Dispute, StripeCall, StripeEvent
from market.payments.rules.stripe import FEE_KINDS
from market.payments.states import DepositState, PaymentState


def waiting_calls() -> QuerySet[StripeCall]:
    """Requests that were not answered yet, the oldest first."""
    return StripeCall.objects.filter(answered_at__isnull=True, refused_at__isnull=True).order_by("pk")


def waiting_events() -> QuerySet[StripeEvent]:
    """Events that were stored and not handled yet, the oldest first."""
    return StripeEvent.objects.filter(handled_at__isnull=True).order_by("pk")


def unwanted_checkouts() -> QuerySet[Checkout]:
    """Pages to pay on that are open although the payment is no longer awaited."""
    still_open = Checkout.objects.filter(
        paid_at__isnull=True, ended_at__isnull=True, session_id__isnull=False, closing_asked_at__isnull=True
    )
    return still_open.exclude(payment__state=PaymentState.AWAITED)


def checkouts_to_refund() -> QuerySet[Checkout]:
    """What came by card and must go back: deposits due back, and what nobody waited for. Not while it is disputed."""
    due = Q(is_surplus=True) | Q(payment__deposit__state=DepositState.DUE_BACK, is_surplus=False)
    paid = Checkout.objects.filter(due, paid_at__isnull=False, intent_id__isnull=False, refunds__isnull=True)
    disputed = Dispute.objects.filter(Q(closed_at__isnull=True) | Q(is_lost=True))
    return paid.exclude(pk__in=disputed.values("checkout")).order_by("paid_at", "pk")


def checkouts_to_show(payment: Payment | None) -> QuerySet[Checkout]:
    """Attempts to pay by card or wallet that are open or led to a payment, the newest first."""
    led_somewhere = Checkout.objects.filter(Q(paid_at__isnull=False) | Q(ended_at__isnull=True))
    return led_somewhere.filter(payment=payment) if payment else Checkout.objects.none()


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """What somebody who pays by card or wallet must know now.

    `stage` is one of preparing, ready, left, confirming, paid, surplus, failed, ended. `may_begin` says that another attempt
    can be made.
    """

    checkout: Checkout
    stage: str
    refunds: list[CardRefund]
    disputes: list[Dispute]
    may_begin: bool
    deposit: Deposit | None
    matter: Matter

    @property
    def open_dispute(self) -> Dispute | None:
        """The one that is not decided yet."""
        return next((each for each in self.disputes if each.closed_at is None), None)

    @property
    def is_waiting(self) -> bool:
        """True while the page changes by itself in a moment."""
        return self.stage in {"preparing", "confirming"}


def checkout_page(checkout: Checkout, *, came_from: str, now: datetime) -> CheckoutPage:
    """The page of one attempt to pay. `came_from` is where Stripe's page led from: done, cancelled, or nothing."""
    stage = _stage(checkout, came_from, now)
    may_begin = stage in {"failed", "ended"} and checkout.payment.state == PaymentState.AWAITED
    deposit = Deposit.objects.filter(payment=checkout.payment_id).first()
    return CheckoutPage(
        checkout=checkout,
        stage=stage,
        refunds=list(checkout.refunds.all()),
        disputes=list(checkout.disputes.all()),
        may_begin=may_begin,
        deposit=deposit,
        matter=matters_of([checkout.payment.matter])[checkout.payment.matter],
    )


def _stage(checkout: Checkout, came_from: str, now: datetime) -> str:
    if checkout.paid_at is not None:
        return "surplus" if checkout.is_surplus else "paid"
    if checkout.call.refused_at is not None:
        return "failed"
    # Who has just paid in the last minute of the page waits for word of it, as everybody else.
    if came_from == "done" and checkout.ended_at is None:
        return "confirming"
    if checkout.ended_at is not None or now >= checkout.expires_at:
        return "ended"
    if not checkout.address:
        return "preparing"
    return "left" if came_from == "cancelled" else "ready"


def failed_refunds() -> QuerySet[CardRefund]:
    """Refunds that failed and that nobody has seen to."""
    failed = CardRefund.objects.filter(failed_at__isnull=False, settled_at__isnull=True)
    return failed.select_related("checkout__payment__payer").order_by("failed_at", "pk")


def open_disputes() -> QuerySet[Dispute]:
    """Payments that the payer's bank disputes, the most urgent first."""
    waiting = Dispute.objects.filter(closed_at__isnull=True)
    return waiting.select_related("checkout__payment__payer", "call").order_by("evidence_due_at", "pk")


def lines_to_book() -> QuerySet[BalanceLine]:
    """What Stripe paid out to the market's bank or kept for itself, and finance has not booked."""
    return BalanceLine.objects.filter(kind__in=["payout", *FEE_KINDS], booked_at__isnull=True)


@dataclass(frozen=True, slots=True)
class CardDesk:
    """What finance must look at of cards and wallets, and what came in last."""

    disputes: list[Dispute]
    refunds: list[CardRefund]
    events: list[StripeEvent]
    calls: list[StripeCall]
    lines: list[BalanceLine]
    latest: list[Checkout]


def card_desk() -> CardDesk:
    """Everything on finance's page of cards and wallets, in six queries."""
    latest = Checkout.objects.filter(paid_at__isnull=False).select_related("payment__payer").order_by("-paid_at", "-pk")
    return CardDesk(
        disputes=list(open_disputes()),
        refunds=list(failed_refunds()),
        events=list(waiting_events()[:50]),
        calls=list(waiting_calls()[:50]),
        lines=list(lines_to_book()[:50]),
        latest=list(latest[:30]),
    )
