"""Who contests a record or asks for its repair, and what was decided?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.credit.models.ledger import Record
from brokers.credit.states import AppealState, RepairState
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow


class Appeal(models.Model):
    """The holder contests a record with evidence; somebody who did not make it decides by `due_on`."""

    key = KeyField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="appeals")
    grounds = models.TextField(_("grounds"))
    evidence = models.ManyToManyField(Document, related_name="credit_appeals", blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("decision due on"))
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, related_name="+")
    overdue_at = models.DateTimeField(null=True)
    decision = models.TextField(_("decision"), blank=True)
    # What everybody reads of it, without a name.
    published = models.TextField(_("published decision"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=AppealState.choices, default=AppealState.FILED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="credit_appeal_state_known"),
            models.UniqueConstraint(
                fields=["record"], condition=~Q(state=AppealState.WITHDRAWN), name="one_appeal_per_credit_record"
            ),
        ]
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.record}"

    def get_absolute_url(self) -> str:
        return reverse("credit:record_page", args=[self.record.key])

    @property
    def subject(self) -> str:
        return f"credit_appeal:{self.key}"


class Repair(models.Model):
    """The holder has made good what a record was for, promises to keep to the rules, and asks for its end."""

    key = KeyField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="repairs")
    statement = models.TextField(_("what was made good"))
    evidence = models.ManyToManyField(Document, related_name="credit_repairs", blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=RepairState.choices, default=RepairState.ASKED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RepairState.values), name="credit_repair_state_known"),
            models.UniqueConstraint(fields=["record"], condition=Q(state=RepairState.ASKED), name="one_open_credit_repair"),
        ]
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.record}"

    def get_absolute_url(self) -> str:
        return reverse("credit:record_page", args=[self.record.key])

    @property
    def subject(self) -> str:
        return f"credit_repair:{self.key}"
