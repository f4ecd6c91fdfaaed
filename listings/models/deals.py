"""What was agreed? A price and two parties, before the contract; and who is asked when the winner did not keep to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.models.listings import Intent, Listing
from listings.states.deals import OPEN_OFFER, DealState, NextOfferState
from market.accounts.models import Organisation
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.money import Money


class Deal(models.Model):
    """Price and parties agreed; leads to a contract, which is to be signed by `contract_due_on`."""

    key = KeyField()
    number = models.CharField(_("deal number"), max_length=16, unique=True)
    title = models.CharField(_("title"), max_length=120)
    # More than one only where those before failed. None where something was sought, not offered: then nobody had an intent either.
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="deals")
    intent = models.OneToOneField(Intent, models.PROTECT, null=True, related_name="deal")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="deals_as_seller")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="deals_as_buyer")
    price_fen = models.BigIntegerField(_("price"))
    concluded_at = models.DateTimeField()
    contract_due_on = models.DateField(_("contract due on"))
    is_due_provisional = models.BooleanField(default=False)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=DealState.choices, default=DealState.CONCLUDED)
    reason = models.TextField(_("reason"), blank=True)
    # The last day on which a party may state what stands in the way of an overdue contract, and what one of them stated.
    default_after = models.DateField(null=True)
    default_row = models.ForeignKey(PolicyRow, models.PROTECT, null=True, related_name="+")
    obstacle = models.TextField(_("obstacle"), blank=True)
    obstacle_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=~Q(state=DealState.FAILED), name="one_standing_deal_per_listing"
            ),
            models.CheckConstraint(condition=Q(state__in=DealState.values), name="deal_state_known"),
            models.CheckConstraint(
                condition=Q(listing__isnull=True, intent__isnull=True) | Q(listing__isnull=False, intent__isnull=False),
                name="deal_of_a_listing_has_an_intent",
            ),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="deal_price_positive"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="deal_between_two"),
        ]
        ordering = ["-concluded_at"]
        verbose_name = _("deal")
        verbose_name_plural = _("deals")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("listings:deal_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"deal:{self.key}"

    @property
    def offered(self) -> Listing:
        """The listing it was concluded on. Raises LookupError for a deal over something sought."""
        if self.listing is None:
            raise LookupError(f"{self.subject} is over something sought")
        return self.listing

    @property
    def intended(self) -> Intent:
        """The intent that won it. Raises LookupError for a deal over something sought."""
        if self.intent is None:
            raise LookupError(f"{self.subject} is over something sought")
        return self.intent

    @property
    def price(self) -> Money:
        return Money(self.price_fen)


class NextOffer(models.Model):
    """The winner was in default: the next bidder is asked to take the deal at their own best bid."""

    key = KeyField()
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="next_offers")
    intent = models.OneToOneField(Intent, models.PROTECT, related_name="next_offer")
    price_fen = models.BigIntegerField(_("price"))
    made_at = models.DateTimeField()
    # To be answered by this day; once accepted, the deposit is to be there by this day.
    due_on = models.DateField(_("due on"))
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=NextOfferState.choices, default=NextOfferState.MADE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NextOfferState.values), name="next_offer_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="next_offer_price_positive"),
            models.UniqueConstraint(fields=["deal"], condition=Q(state__in=OPEN_OFFER), name="one_open_next_offer_per_deal"),
        ]
        ordering = ["pk"]
        verbose_name = _("offer to the next bidder")
        verbose_name_plural = _("offers to the next bidder")

    def __str__(self) -> str:
        return f"{self.deal_id} {self.intent_id}"

    def get_absolute_url(self) -> str:
        return reverse("listings:next_offer_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"next_offer:{self.key}"

    @property
    def price(self) -> Money:
        return Money(self.price_fen)
