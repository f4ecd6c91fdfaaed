"""What is the market to pay out, to whom, and was it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from market.keys import KeyField
from market.payments.kinds import Purpose
from market.payments.rules.ledger import AccountKey
from market.payments.states import PayoutState
from market.values.money import Money


class Payout(models.Model):
    """An order to the market's finance: this sum, owed to the payee on the account of this purpose, goes to their bank."""

    key = KeyField()
    reference = models.CharField(_("reference to quote"), max_length=12, unique=True)
    payee = models.ForeignKey(Organisation, models.PROTECT, related_name="payouts")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    matter = models.CharField(_("about"), max_length=80, db_index=True)
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(max_length=10, choices=PayoutState.choices, default=PayoutState.ORDERED)
    ordered_at = models.DateTimeField()
    # How often the bank has taken it: each time is a booking of its own.
    times_paid = models.PositiveSmallIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    bank_reference = models.CharField(_("bank's number"), max_length=64, null=True, unique=True)  # noqa: DJ001 (several have none)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(
                condition=Q(state=PayoutState.PAID, paid_at__isnull=False, bank_reference__isnull=False)
                | Q(state=PayoutState.ORDERED, paid_at__isnull=True, bank_reference__isnull=True),
                name="payout_paid_by_the_bank",
            ),
        ]
        indexes = [models.Index(fields=["ordered_at"], condition=Q(state=PayoutState.ORDERED), name="payout_ordered")]
        ordering = ["ordered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.reference} {self.payee} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("payments:payout_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"payout:{self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)

    @property
    def owed_on(self) -> AccountKey:
        """The payee's account from which it is paid."""
        return AccountKey(self.purpose, self.payee_id)
