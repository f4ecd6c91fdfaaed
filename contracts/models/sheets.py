"""What is being entered for recognition, as far as it has come?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models.contracts import TechnologyContract
from contracts.states import SheetState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField


class Sheet(models.Model):
    """The registration form of one contract while it is filled in, step by step; each step is kept as it was typed.

    `version` counts the savings: a page that shows an older one does not overwrite a newer.
    """

    key = KeyField()
    applicant = models.ForeignKey(Organisation, models.PROTECT, related_name="sheets")
    contract = models.OneToOneField(TechnologyContract, models.PROTECT, null=True, related_name="sheet")
    title = models.CharField(_("title"), max_length=120, blank=True)
    answers = models.JSONField(default=dict)
    documents = models.ManyToManyField(Document, related_name="sheets", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=SheetState.choices, default=SheetState.OPEN)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=SheetState.values), name="sheet_state_known")]
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.title or self.key

    def get_absolute_url(self) -> str:
        return reverse("contracts:sheet_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"sheet:{self.key}"
