"""Who was asked for which money, and what became of it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.payments.kinds import Instrument, Provider, Purpose
from market.payments.states import OPEN_DEPOSIT, DepositState, PaymentState
from market.policy.models import PolicyRow
from market.values.money import Money


class Payment(models.Model):
    """Money that a payer was asked for, under a reference to quote; received once, whole."""

    key = KeyField()
    reference = models.CharField(_("reference to quote"), max_length=12, unique=True)
    provider = models.CharField(_("way of payment"), max_length=10, choices=Provider.choices)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    matter = models.CharField(_("about"), max_length=80, db_index=True)
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(max_length=12, choices=PaymentState.choices, default=PaymentState.AWAITED)
    requested_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_known"),
        ]
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def subject(self) -> str:
        return f"payment:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)


class Deposit(models.Model):
    """What a buyer puts up to take part (保证金): held, then refunded, carried into the price, or forfeited.

    A bank's guarantee letter can stand for the money; then there is no payment, and nothing in the ledger.
    """

    key = KeyField()
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="deposits")
    matter = models.CharField(_("about"), max_length=80, db_index=True)
    amount_fen = models.BigIntegerField(_("amount"))
    instrument = models.CharField(_("instrument"), max_length=12, choices=Instrument.choices)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="deposit")
    guarantee = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=DepositState.choices, default=DepositState.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    # Set on release: until when it must be back, by which rule.
    due_back_on = models.DateField(null=True)
    released_on = models.DateField(null=True)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="deposit_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=DepositState.values), name="deposit_state_known"),
            models.CheckConstraint(
                condition=Q(instrument=Instrument.MONEY, guarantee__isnull=True, payment__isnull=False)
                | Q(instrument=Instrument.GUARANTEE, guarantee__isnull=False, payment__isnull=True),
                name="deposit_by_money_or_guarantee",
            ),
            models.UniqueConstraint(
                fields=["payer", "matter"], condition=Q(state__in=OPEN_DEPOSIT), name="one_open_deposit_per_matter"
            ),
        ]
        indexes = [models.Index(fields=["due_back_on"], condition=Q(state=DepositState.DUE_BACK), name="deposit_due_back")]
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.matter} {self.payer} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("payments:deposit_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"deposit:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def is_money(self) -> bool:
        return self.instrument == Instrument.MONEY
