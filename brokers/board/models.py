"""What is a broker after?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brokers.board.states import LeadEvent, LeadState
from brokers.models import Broker, Engagement
from listings.demands.models.demands import Demand
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.keys import KeyField

_DONE = (LeadState.CLOSED, LeadState.DROPPED)


class Lead(models.Model):
    """A listing, a demand, or the two together, that the broker may bring to a deal. Nobody but the broker sees it."""

    key = KeyField()
    broker = models.ForeignKey(Broker, models.PROTECT, related_name="leads")
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="+")
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="+")
    # The mandate and the deal by which the market came to move it.
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="leads")
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)
    added_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    # By which event it came to where it stands.
    moved_by = models.CharField(max_length=20, choices=LeadEvent.choices, blank=True)
    state = models.CharField(max_length=20, choices=LeadState.choices, default=LeadState.FOUND)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LeadState.values), name="lead_state_known"),
            models.CheckConstraint(condition=Q(listing__isnull=False) | Q(demand__isnull=False), name="lead_of_something"),
            models.UniqueConstraint(
                fields=["broker", "listing", "demand"],
                condition=Q(listing__isnull=False, demand__isnull=False) & ~Q(state__in=_DONE),
                name="one_lead_per_pair",
            ),
            models.UniqueConstraint(
                fields=["broker", "listing"], condition=Q(demand__isnull=True) & ~Q(state__in=_DONE), name="one_lead_per_listing"
            ),
            models.UniqueConstraint(
                fields=["broker", "demand"], condition=Q(listing__isnull=True) & ~Q(state__in=_DONE), name="one_lead_per_demand"
            ),
        ]
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.broker} · {self.title}"

    @property
    def subject(self) -> str:
        return f"lead:{self.key}"

    @property
    def title(self) -> str:
        """Of the demand, where there is one: the listing is an answer to it."""
        if self.demand is not None:
            return self.demand.title
        assert self.listing is not None
        return self.listing.achievement.title
