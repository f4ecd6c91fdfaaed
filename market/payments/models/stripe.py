"""What did we ask Stripe, what did it tell us, and what became of each card payment?

What Stripe says is kept as facts: each has its time, is set once and never taken back. So the order in which word of
them arrives cannot matter.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.keys import KeyField
from market.payments.kinds import CallKind, DisputeReason, Outcome, PaidWith, RefundProblem
from market.payments.models.deposits import Payment
from market.payments.models.statements import StatementLine
from market.values.money import Money


class StripeCall(models.Model):
    """A request that changes something at Stripe: kept with its key before it is sent, so that sending it again is the same request."""

    key = models.CharField(_("idempotency key"), max_length=64, unique=True)
    kind = models.CharField(_("what is asked"), max_length=20, choices=CallKind.choices)
    target = models.CharField(_("Stripe's number of what it is about"), max_length=255, blank=True)
    parameters = models.JSONField(_("parameters"))
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer_id = models.CharField(_("Stripe's number of the answer"), max_length=255, blank=True)
    refused_at = models.DateTimeField(null=True)
    problem = models.TextField(_("why it was refused"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(refused_at__isnull=True), name="call_answered_or_refused"
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(answered_at__isnull=True, refused_at__isnull=True), name="stripe_call_waiting"
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.refused_at is None


class Checkout(models.Model):
    """One attempt to pay by card or wallet on Stripe's own page."""

    key = KeyField()
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="checkouts")
    amount_fen = models.BigIntegerField(_("amount"))
    call = models.OneToOneField(StripeCall, models.PROTECT, related_name="checkout")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    session_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 (unique only where there is one)
    address = models.TextField(_("Stripe's page"), blank=True)
    expires_at = models.DateTimeField()
    intent_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001
    charge_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001
    paid_with = models.CharField(_("paid with"), max_length=20, choices=PaidWith.choices, blank=True)
    fee_fen = models.BigIntegerField(_("Stripe's fee"), null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closing_asked_at = models.DateTimeField(null=True)
    # Nobody waited for this money any more: it goes back.
    is_surplus = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="checkout_amount_positive"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(paid_at__isnull=True, ended_at__isnull=True), name="one_open_checkout_per_payment"
            ),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.payment.reference} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("cards:checkout", args=[self.key])

    @property
    def subject(self) -> str:
        return f"checkout:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def fee(self) -> Money | None:
        return None if self.fee_fen is None else Money(self.fee_fen)

    @property
    def is_open(self) -> bool:
        return self.paid_at is None and self.ended_at is None


class CardRefund(models.Model):
    """Money that goes back the way it came. Without a call it was made in Stripe's own pages."""

    key = KeyField()
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField(_("amount"))
    call = models.OneToOneField(StripeCall, models.PROTECT, null=True, related_name="refund")
    refund_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001
    asked_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    problem = models.TextField(_("why it failed"), blank=True, choices=RefundProblem.choices)
    # Finance has seen to what failed, by another refund or at the bank.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="card_refund_amount_positive"),
            models.UniqueConstraint(
                fields=["checkout"],
                condition=Q(succeeded_at__isnull=True, failed_at__isnull=True, call__isnull=False),
                name="one_refund_under_way",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.checkout} ← {self.amount}"

    @property
    def subject(self) -> str:
        return f"card-refund:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)


class Dispute(models.Model):
    """The payer's bank takes a payment back, until it is decided whether rightly."""

    dispute_id = models.CharField(max_length=255, unique=True)
    key = KeyField()
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="disputes")
    amount_fen = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=60, choices=DisputeReason.choices)
    opened_at = models.DateTimeField()
    evidence_due_at = models.DateTimeField(null=True)
    # The market's answer, or that it has none: Stripe is asked once for either.
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    call = models.OneToOneField(StripeCall, models.PROTECT, null=True, related_name="dispute")
    closed_at = models.DateTimeField(null=True)
    is_lost = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("cards:dispute", args=[self.key])

    @property
    def subject(self) -> str:
        return f"dispute:{self.key}"

    @property
    def is_conceded(self) -> bool:
        """Answered, but with nothing to say."""
        return self.answered_at is not None and not self.answer

    @property
    def waits_for_answer(self) -> bool:
        """True until it is answered; again when Stripe refused the answer."""
        return self.closed_at is None and (self.call is None or self.call.refused_at is not None)

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)


class StripeEvent(models.Model):
    """The inbox: an event as Stripe delivered or listed it, stored once and handled once."""

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # Set when Stripe's own list of events had it: from the newest of these on the list is asked again.
    listed_at = models.DateTimeField(null=True)
    payload = models.TextField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(handled_at__isnull=True), name="stripe_event_waiting")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class BalanceLine(models.Model):
    """A line of Stripe's own account of the market's balance there, to be compared with the ledger."""

    line_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    source_id = models.CharField(max_length=255, blank=True, db_index=True)
    on = models.DateField(_("day"), db_index=True)
    amount_fen = models.BigIntegerField(_("amount"))
    fee_fen = models.BigIntegerField(_("Stripe's fee"))
    currency = models.CharField(_("currency"), max_length=3)
    # Of a payout: as what the bank wrote that it came in.
    statement_line = models.OneToOneField(StatementLine, models.PROTECT, null=True, related_name="payout")
    # By finance; what is a payment's, a refund's or a dispute's is booked with it.
    booked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.net}"

    @property
    def subject(self) -> str:
        return f"stripe:{self.line_id}"

    @property
    def is_payout(self) -> bool:
        return self.kind == "payout"

    @property
    def net(self) -> Money:
        """What it changed in the balance."""
        return Money(self.amount_fen - self.fee_fen)


class BalanceReading(models.Model):
    """Up to this moment of a day the account of the balance was read: what it does not have by then, Stripe has not."""

    on = models.DateField(_("day"), unique=True)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.read_at}"
