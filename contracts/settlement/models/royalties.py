"""What did the buyer report, from which a royalty is computed?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import ReportState
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow
from market.values.money import Money


class RoyaltyReport(models.Model):
    """What the buyer made in one period. `due_on` is the day by which it is reported, then the day until which the seller may object."""

    key = KeyField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    due_on = models.DateField(_("due on"))
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    base_fen = models.BigIntegerField(_("base"), null=True)
    amount_fen = models.BigIntegerField(_("royalty"), null=True)
    documents = models.ManyToManyField(Document, related_name="royalty_reports", blank=True)
    reported_at = models.DateTimeField(null=True)
    objection = models.TextField(_("objection"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    due = models.OneToOneField(Due, models.PROTECT, null=True, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.EXPECTED)
    overdue_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="royalty_report_state_known"),
            models.CheckConstraint(
                condition=Q(base_fen__isnull=True, amount_fen__isnull=True) | Q(base_fen__gte=0, amount_fen__gte=0),
                name="royalty_not_negative",
            ),
            models.UniqueConstraint(fields=["settlement", "number"], name="royalty_report_number_once"),
        ]
        ordering = ["settlement", "number"]

    def __str__(self) -> str:
        return f"{self.settlement} {self.first_day}–{self.last_day}"

    def get_absolute_url(self) -> str:
        return reverse("settlement:report_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"royalty-report:{self.key}"

    @property
    def base(self) -> Money | None:
        return None if self.base_fen is None else Money(self.base_fen)

    @property
    def amount(self) -> Money | None:
        return None if self.amount_fen is None else Money(self.amount_fen)
