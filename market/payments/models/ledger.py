"""Where is the money, and how did it get there? A double-entry ledger: rows are only ever added, balances are derived."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from market.payments.kinds import Purpose
from market.payments.rules.ledger import AccountKey
from market.values.money import Money


class Account(models.Model):
    """Money of one organisation for one purpose; without an organisation it is the market's own. Its row is the lock of its balance."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="ledger_accounts")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="account_purpose_known"),
            models.UniqueConstraint(fields=["purpose", "organisation"], name="one_account_per_purpose"),
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(organisation__isnull=True), name="one_market_account_per_purpose"
            ),
        ]
        ordering = ["purpose", "organisation"]

    def __str__(self) -> str:
        return f"{self.purpose}:{self.organisation_id or 'market'}"

    @property
    def key(self) -> AccountKey:
        return AccountKey(self.purpose, self.organisation_id or 0)


class Posting(models.Model):
    """Movements that stand or fall together, for one reason. The reference makes that the same reason is never posted twice."""

    reference = models.CharField(_("reference"), max_length=120, unique=True)
    subject = models.CharField(_("about"), max_length=80, db_index=True)
    posted_at = models.DateTimeField(_("posted at"))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """One movement: what the source loses, the target gains. So each posting sums to zero by its very form."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    source = models.ForeignKey(Account, models.PROTECT, related_name="entries_out")
    target = models.ForeignKey(Account, models.PROTECT, related_name="entries_in")
    amount_fen = models.BigIntegerField(_("amount"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="entry_between_two_accounts"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}: {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_fen)
