"""What went back to a payer out of turn, and must come back?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from market.keys import KeyField
from market.payments.kinds import Purpose
from market.payments.models.deposits import Payment
from market.payments.models.stripe import CardRefund
from market.payments.rules.ledger import AccountKey
from market.payments.states import OPEN_RECOVERY, RecoveryState
from market.values.money import Money


class Recovery(models.Model):
    """A refund made by hand in Stripe's own pages, of money that the market still holds for its payer or has passed on.

    It stands in the ledger as the market's claim against the debtor, who is asked to pay it back under `payment`'s reference.
    """

    key = KeyField()
    refund = models.OneToOneField(CardRefund, models.PROTECT, related_name="recovery")
    debtor = models.ForeignKey(Organisation, models.PROTECT, related_name="recoveries")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="recovery")
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(max_length=12, choices=RecoveryState.choices, default=RecoveryState.OPEN)
    opened_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField(_("grounds"), blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="recovery_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=RecoveryState.values), name="recovery_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.WRITTEN_OFF)
                | (Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(proposed_by=F("decided_by"))),
                name="recovery_written_off_by_two",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(state__in=OPEN_RECOVERY), name="recovery_open")]
        ordering = ["opened_at", "pk"]
        verbose_name = _("money to get back")
        verbose_name_plural = _("money to get back")

    def __str__(self) -> str:
        return f"{self.payment.reference} {self.debtor} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("payments:recovery_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"recovery:{self.key}"

    @property
    def desk_subject(self) -> str:
        """Under which the log keeps what finance and supervisors say to each other."""
        return f"recovery-desk:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def claim(self) -> AccountKey:
        """The market's account on which it is claimed."""
        return AccountKey(Purpose.CLAIMS.value, self.debtor_id)
