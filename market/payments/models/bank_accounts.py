"""To which account does a payer want refunds?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation


class BankAccount(models.Model):
    """A payer's account for refunds. The number lies sealed (see `market.secrets_at_rest`); its end is kept to be recognised by."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="bank_account")
    bank = models.CharField(_("bank and branch"), max_length=120)
    sealed_number = models.TextField()
    last_digits = models.CharField(max_length=4)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["organisation"]

    def __str__(self) -> str:
        return f"{self.bank} ••••{self.last_digits}"
