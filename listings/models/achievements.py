"""What was achieved? Registered results with their patents, inventors and documents."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.codes import industry_name, ipc_title
from listings.kinds import (
    AchievementKind,
    ApplicationState,
    EvaluationMethod,
    FundingSource,
    Industry,
    LegalState,
    Level,
    Maturity,
    Origin,
    PatentKind,
    ResultForm,
    ReturnGround,
)
from listings.states.achievements import AchievementState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField


class Achievement(models.Model):
    """A result of science and technology, on its way into the register or in it."""

    key = KeyField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="achievements")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=AchievementKind.choices, default=AchievementKind.APPLIED)
    abstract = models.TextField(_("abstract"))
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    industry = models.CharField(_("industry"), max_length=20, choices=Industry.choices)
    gbt4754 = models.CharField(_("industry served (GB/T 4754)"), max_length=4, blank=True)
    maturity = models.CharField(_("maturity"), max_length=20, choices=Maturity.choices)
    origin = models.CharField(_("kind of innovation"), max_length=20, choices=Origin.choices, default=Origin.ORIGINAL)
    result_form = models.CharField(_("form"), max_length=20, choices=ResultForm.choices, default=ResultForm.OTHER)
    application_state = models.CharField(
        _("use so far"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.NOT_USED
    )
    started_on = models.DateField(_("research begun on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"))
    evaluation_method = models.CharField(
        _("evaluation"), max_length=20, choices=EvaluationMethod.choices, default=EvaluationMethod.NONE
    )
    evaluated_on = models.DateField(_("evaluated on"), null=True, blank=True)
    evaluator = models.CharField(_("evaluated by"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=30, choices=Level.choices, default=Level.NOT_EVALUATED)
    # The other organisations that completed it, in order; the one that registers it comes first.
    co_completers = models.JSONField(_("other completing organisations"), default=list, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    is_publicly_funded = models.BooleanField(_("publicly funded"), default=False)
    funding_source = models.CharField(
        _("origin of funding"), max_length=20, choices=FundingSource.choices, default=FundingSource.NONE
    )
    documents = models.ManyToManyField(Document, related_name="achievements", blank=True)
    state = models.CharField(max_length=20, choices=AchievementState.choices, default=AchievementState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    return_ground = models.CharField(_("ground of return"), max_length=20, choices=ReturnGround.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # Null, not empty, before registration: only then can the numbers be unique.
    certificate_number = models.CharField(_("certificate number"), max_length=12, null=True, unique=True)  # noqa: DJ001
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AchievementState.values), name="achievement_state_known"),
            models.CheckConstraint(
                condition=~Q(state=AchievementState.REGISTERED) | Q(certificate_number__isnull=False),
                name="registered_achievement_has_number",
            ),
        ]
        ordering = ["-created_at"]
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("listings:achievement_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"achievement:{self.key}"

    @property
    def industry_served(self) -> str:
        """The name of the GB/T 4754 code; nothing when there is none."""
        return industry_name(self.gbt4754)


class Patent(models.Model):
    """A patent or application that belongs to an achievement."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="patents")
    number = models.CharField(_("patent number"), max_length=20)
    # The digits with the check digit and nothing else: by these one patent is known, however it was written.
    core = models.CharField(max_length=13, db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PatentKind.choices)
    title = models.CharField(_("title"), max_length=120)
    ipc = models.CharField(_("IPC"), max_length=20, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    legal_state = models.CharField(_("legal state"), max_length=20, choices=LegalState.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["achievement", "core"], name="patent_once_per_achievement"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ipc_heading(self) -> str:
        return ipc_title(self.ipc)


class Inventor(models.Model):
    """Somebody who made the achievement, with their share of the reward (0 to 1; all shares sum to 1)."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="inventors")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField()
    share = models.DecimalField(_("share"), max_digits=6, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["achievement", "position"], name="inventor_position_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="inventor_share_within_one"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def share_percent(self) -> Decimal:
        return self.share * 100
