"""What is sought?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.kinds import Cooperation, DemandKind, Industry
from listings.states.demands import DemandState
from market.accounts.models import Organisation
from market.values.money import Money


class Demand(models.Model):
    """A technology an enterprise looks for."""

    number = models.CharField(_("demand number"), max_length=16, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demands")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=DemandKind.choices, default=DemandKind.BREAKTHROUGH)
    industry = models.CharField(_("industry"), max_length=20, choices=Industry.choices)
    problem = models.TextField(_("problem to solve"))
    targets = models.TextField(_("measurable targets"))
    expected = models.TextField(_("expected result"), blank=True)
    existing_basis = models.TextField(_("what is there already"), blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    budget_fen = models.BigIntegerField(_("budget"), null=True, blank=True)
    cooperation = models.CharField(_("form of cooperation"), max_length=20, choices=Cooperation.choices)
    valid_until = models.DateField(_("valid until"))
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=DemandState.choices, default=DemandState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DemandState.values), name="demand_state_known"),
            models.CheckConstraint(condition=Q(budget_fen__isnull=True) | Q(budget_fen__gt=0), name="demand_budget_positive"),
        ]
        ordering = ["-published_at", "-pk"]
        verbose_name = _("demand")
        verbose_name_plural = _("demands")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("listings:demand_page", args=[self.number])

    @property
    def subject(self) -> str:
        return f"demand:{self.number}"

    @property
    def budget(self) -> Money | None:
        return None if self.budget_fen is None else Money(self.budget_fen)
