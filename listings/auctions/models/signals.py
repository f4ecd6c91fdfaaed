"""What has a supervisor been shown about two bidders, and what did they conclude?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.auctions.kinds import SignalKind
from listings.auctions.models.auctions import Auction, BidderPass
from market.keys import KeyField


class BidderTrace(models.Model):
    """A bidder came from this address and browser, by names that are made for this auction alone; thrown away after it."""

    bidder = models.ForeignKey(BidderPass, models.CASCADE, related_name="traces")
    network = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bidder", "device"], name="one_trace_per_device")]

    def __str__(self) -> str:
        return f"{self.bidder_id} {self.device[:8]}"


class Signal(models.Model):
    """Something to look at about two bidders of an auction. It changes nothing for them."""

    key = KeyField()
    auction = models.ForeignKey(Auction, models.PROTECT, related_name="signals")
    kind = models.CharField(_("kind"), max_length=16, choices=SignalKind.choices)
    first = models.ForeignKey(BidderPass, models.PROTECT, related_name="+")
    second = models.ForeignKey(BidderPass, models.PROTECT, related_name="+")
    # What was seen, as the rule gave it.
    facts = models.JSONField()
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "kind", "first", "second"], name="one_signal_per_kind_and_pair"),
            models.CheckConstraint(condition=Q(kind__in=SignalKind.values), name="signal_kind_known"),
            models.CheckConstraint(
                condition=Q(concluded_at=None, concluded_by=None) | Q(concluded_at__isnull=False, concluded_by__isnull=False),
                name="signal_concluded_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["auction"], condition=Q(concluded_at=None), name="signal_open")]
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.auction_id}"

    def get_absolute_url(self) -> str:
        return reverse("auctions:signal", args=[self.key])

    @property
    def subject(self) -> str:
        return f"signal:{self.key}"
