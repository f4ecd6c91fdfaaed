"""What was agreed? A price and two parties, before the contract."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.models.listings import Intent, Listing
from listings.states.deals import DealState
from market.accounts.models import Organisation
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.money import Money


class Deal(models.Model):
    """Price and parties agreed; leads to a contract, which is to be signed by `contract_due_on`."""

    key = KeyField()
    number = models.CharField(_("deal number"), max_length=16, unique=True)
    listing = models.OneToOneField(Listing, models.PROTECT, related_name="deal")
    intent = models.OneToOneField(Intent, models.PROTECT, related_name="deal")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="deals_as_seller")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="deals_as_buyer")
    price_fen = models.BigIntegerField(_("price"))
    concluded_at = models.DateTimeField()
    contract_due_on = models.DateField(_("contract due on"))
    is_due_provisional = models.BooleanField(default=False)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=DealState.choices, default=DealState.CONCLUDED)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DealState.values), name="deal_state_known"),
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
    def price(self) -> Money:
        return Money(self.price_fen)
