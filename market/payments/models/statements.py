"""What did the bank say came in?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from market.payments.kinds import DoubtChoices, Provider
from market.payments.models.deposits import Payment
from market.payments.states import LineState
from market.values.money import Money


class Statement(models.Model):
    """One imported file; the same file is imported once."""

    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return self.name


class OutgoingLine(models.Model):
    """Money that went out, as the bank wrote it, with the reference of ours that it quotes, if any. Compared, never booked."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="outgoing_lines")
    bank_reference = models.CharField(_("bank's number"), max_length=64, unique=True)
    on = models.DateField(_("day"))
    amount_fen = models.BigIntegerField(_("amount"))
    payee = models.CharField(_("payee"), max_length=160)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    reference = models.CharField(_("reference to quote"), max_length=12, blank=True, db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="outgoing_amount_positive")]
        ordering = ["-on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.payee} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)


class Reconciliation(models.Model):
    """Once a day provider and ledger were compared; what differed is found anew whenever somebody looks."""

    provider = models.CharField(_("way of payment"), max_length=10, choices=Provider.choices)
    on = models.DateField(_("day"))
    compared_at = models.DateTimeField()
    differences = models.PositiveIntegerField(_("differences"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "on"], name="one_reconciliation_a_day")]
        ordering = ["-on", "provider"]

    def __str__(self) -> str:
        return f"{self.provider} {self.on}: {self.differences}"


class StatementLine(models.Model):
    """Money that came in, as the bank wrote it; proposed for a payment, confirmed by a person."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    # The bank's own number: overlapping statements bring the same line again.
    bank_reference = models.CharField(_("bank's number"), max_length=64, unique=True)
    on = models.DateField(_("day"))
    amount_fen = models.BigIntegerField(_("amount"))
    payer = models.CharField(_("payer"), max_length=160)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    proposed = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+")
    doubt = models.CharField(_("to be looked at"), max_length=20, choices=DoubtChoices.choices, blank=True)
    state = models.CharField(max_length=12, choices=LineState.choices, default=LineState.NEW)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="statement_line")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="line_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=LineState.values), name="line_state_known"),
            models.CheckConstraint(
                condition=Q(state=LineState.CONFIRMED, payment__isnull=False)
                | (~Q(state=LineState.CONFIRMED) & Q(payment__isnull=True)),
                name="confirmed_line_has_payment",
            ),
        ]
        ordering = ["-on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.payer} {self.amount}"

    @property
    def subject(self) -> str:
        return f"statement-line:{self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)
