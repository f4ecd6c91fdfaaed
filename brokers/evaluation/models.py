"""How did technology transfer institutions do in a year, by which figures, and what was said of the draft?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.evaluation.rules.scoring import EvaluationScheme
from brokers.evaluation.schemes import schemes
from brokers.evaluation.states import EvaluationState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField
from market.policy.models import PolicyRow


class Evaluation(models.Model):
    """One year of all institutions, under one version of the indicators."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    scheme = models.CharField(_("version of the indicators"), max_length=40)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comment_until = models.DateField(_("comments until"), null=True)
    policy_row = models.ForeignKey(PolicyRow, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=EvaluationState.choices, default=EvaluationState.DRAFT)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=EvaluationState.values), name="evaluation_state_known")]
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("evaluation:evaluation_page", args=[self.year])

    @property
    def subject(self) -> str:
        return f"evaluation:{self.year}"

    @property
    def rules(self) -> EvaluationScheme:
        return schemes()[self.scheme]


class Result(models.Model):
    """What one institution earned in the year; the place counts among all."""

    key = KeyField()
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="results")
    institution = models.ForeignKey(Organisation, models.PROTECT, related_name="evaluation_results")
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    place = models.PositiveIntegerField(_("place"))
    grade = models.CharField(_("grade"), max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "institution"], name="one_result_per_year")]
        ordering = ["place", "institution__name"]

    def __str__(self) -> str:
        return f"{self.institution} {self.evaluation}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:result_page", args=[self.evaluation.year, self.key])


class Figure(models.Model):
    """The value of one indicator: computed from the market, or entered by an official with evidence."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="figures")
    indicator = models.CharField(_("indicator"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    statement = models.TextField(_("grounds"), blank=True)
    evidence = models.ManyToManyField(Document, related_name="evaluation_figures", blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "indicator"], name="one_figure_per_indicator")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"


class Comment(models.Model):
    """What an institution says of its draft, and the official's answer."""

    key = KeyField()
    result = models.ForeignKey(Result, models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))
    evidence = models.ManyToManyField(Document, related_name="evaluation_comments", blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.result} {self.made_at:%Y-%m-%d}"

    @property
    def subject(self) -> str:
        return f"evaluation_comment:{self.key}"
