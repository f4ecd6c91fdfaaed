"""Who holds shares of a company, as the public register of companies says?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Shareholder(models.Model):
    """One shareholder of a company, which need not be on the market: it is known by its social credit code."""

    code = models.CharField(_("unified social credit code"), max_length=18, db_index=True)
    name = models.CharField(_("shareholder"), max_length=120)
    # In hundredths of a percent; empty where the register does not say.
    share_bp = models.PositiveSmallIntegerField(_("share"), null=True)
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "name"], name="one_entry_per_shareholder"),
            models.CheckConstraint(condition=Q(share_bp__isnull=True) | Q(share_bp__lte=10000), name="share_at_most_all"),
        ]
        ordering = ["code", "-share_bp", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> str:
        """The share in percent, as it is written; empty when unknown."""
        return "" if self.share_bp is None else f"{self.share_bp / 100:g}"
