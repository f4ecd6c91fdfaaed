"""What is sought, in which versions, and who may read the details?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.demands.kinds import Confidentiality, Cooperation, DemandKind
from listings.demands.rules.demands import Indicator
from listings.demands.states import DemandState
from listings.kinds import Industry
from market.accounts.models import Organisation
from market.values.money import Money


class Demand(models.Model):
    """A technology an enterprise looks for. What is protected stands in `details`; all else is public once it is published."""

    number = models.CharField(_("demand number"), max_length=16, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demands")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=DemandKind.choices, default=DemandKind.BREAKTHROUGH)
    industry = models.CharField(_("industry"), max_length=20, choices=Industry.choices)
    problem = models.TextField(_("problem to solve"))
    targets = models.TextField(_("measurable targets"))
    # Each a row of `rules.demands.Indicator`.
    indicators = models.JSONField(_("indicators"), default=list, blank=True)
    expected = models.TextField(_("expected result"), blank=True)
    existing_basis = models.TextField(_("what is there already"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    budget_from_fen = models.BigIntegerField(_("budget from"), null=True, blank=True)
    budget_fen = models.BigIntegerField(_("budget"), null=True, blank=True)
    cooperation = models.CharField(_("form of cooperation"), max_length=20, choices=Cooperation.choices)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=20, choices=Confidentiality.choices, default=Confidentiality.OPEN
    )
    details = models.TextField(_("confidential details"), blank=True)
    nondisclosure = models.TextField(_("non-disclosure terms"), blank=True)
    named = models.ManyToManyField(Organisation, related_name="demands_named_in", blank=True)
    valid_until = models.DateField(_("valid until"))
    ends_at = models.DateTimeField()
    # Proposals to an open call are read by nobody but their teams until they are opened together.
    is_open_call = models.BooleanField(_("open call"), default=False)
    opened_at = models.DateTimeField(null=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=DemandState.choices, default=DemandState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DemandState.values), name="demand_state_known"),
            models.CheckConstraint(condition=Q(confidentiality__in=Confidentiality.values), name="demand_level_known"),
            models.CheckConstraint(condition=Q(budget_fen__isnull=True) | Q(budget_fen__gt=0), name="demand_budget_positive"),
            models.CheckConstraint(
                condition=Q(budget_from_fen__isnull=True) | Q(budget_from_fen__gt=0, budget_from_fen__lte=F("budget_fen")),
                name="demand_budget_in_order",
            ),
        ]
        ordering = ["-published_at", "-pk"]
        verbose_name = _("demand")
        verbose_name_plural = _("demands")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("demands:demand_page", args=[self.number])

    @property
    def subject(self) -> str:
        return f"demand:{self.number}"

    @property
    def budget(self) -> Money | None:
        return None if self.budget_fen is None else Money(self.budget_fen)

    @property
    def budget_from(self) -> Money | None:
        return None if self.budget_from_fen is None else Money(self.budget_from_fen)

    @property
    def is_sealed(self) -> bool:
        return self.is_open_call and self.opened_at is None

    @property
    def figures(self) -> tuple[Indicator, ...]:
        return tuple(Indicator.of_row(row) for row in self.indicators)


class DemandVersion(models.Model):
    """What a published demand said, and since when. The details stand under the same protection as the demand's own."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    # The names of the fields that are others than in the version before.
    changed = models.JSONField(default=list)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "number"], name="demand_version_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.demand.number} v{self.number}"


class Acceptance(models.Model):
    """An organisation has accepted the non-disclosure terms of a demand, in the wording with this fingerprint."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="acceptances")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "organisation"], name="one_acceptance_per_organisation")]
        ordering = ["accepted_at"]

    def __str__(self) -> str:
        return f"{self.demand.number} {self.organisation}"
