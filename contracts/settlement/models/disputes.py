"""What is disputed about the money in escrow, and how was it decided?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.settlement.kinds import OutcomeChoices
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.states import OPEN_DISPUTE, DisputeState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.values.money import Money


class SettlementDispute(models.Model):
    """One side says why the money must not go on its way; while it is open nothing leaves escrow."""

    key = KeyField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="disputes")
    opener = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    documents = models.ManyToManyField(Document, related_name="settlement_disputes", blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answer_documents = models.ManyToManyField(Document, related_name="settlement_answers", blank=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("decision"), max_length=10, choices=OutcomeChoices.choices, blank=True)
    to_seller_fen = models.BigIntegerField(_("to the seller"), null=True)
    to_buyer_fen = models.BigIntegerField(_("back to the buyer"), null=True)
    grounds = models.TextField(_("grounds of the decision"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="settlement_dispute_state_known"),
            models.CheckConstraint(
                condition=(Q(state=DisputeState.DECIDED, to_seller_fen__gte=0, to_buyer_fen__gte=0) & ~Q(outcome=""))
                | (~Q(state=DisputeState.DECIDED) & Q(outcome="", to_seller_fen__isnull=True, to_buyer_fen__isnull=True)),
                name="settlement_dispute_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["settlement"], condition=Q(state__in=OPEN_DISPUTE), name="one_open_dispute_per_settlement"
            ),
        ]
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.settlement} {self.opened_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("settlement:dispute_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"settlement-dispute:{self.key}"

    @property
    def to_seller(self) -> Money | None:
        return None if self.to_seller_fen is None else Money(self.to_seller_fen)

    @property
    def to_buyer(self) -> Money | None:
        return None if self.to_buyer_fen is None else Money(self.to_buyer_fen)
