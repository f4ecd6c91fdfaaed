"""Which figures hold from when, and which days are worked?"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.policy.kinds import KINDS, Measure
from market.policy.states import PolicyRowState


class Confidence(models.TextChoices):
    HIGH = "high", _("certain")
    MEDIUM = "medium", _("to be confirmed")
    LOW = "low", _("uncertain, to be confirmed")


class PolicyRow(models.Model):
    """A figure in force from a day on, until the next approved row of its kind and scope."""

    kind = models.CharField(_("kind"), max_length=60)
    scope = models.CharField(_("scope"), max_length=40, blank=True, help_text=_("Kind of owner or rule set; empty: for all."))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    measure = models.CharField(_("unit"), max_length=20, choices=[(m.value, m.value) for m in Measure])
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=PolicyRowState.choices, default=PolicyRowState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="policy_value_not_negative"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="policy_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["kind", "scope", "valid_from"],
                condition=Q(state=PolicyRowState.APPROVED),
                name="one_policy_per_kind_scope_and_day",
            ),
        ]
        ordering = ["kind", "scope", "-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}[{self.scope}] = {self.value.normalize():f} {self.measure} from {self.valid_from}"

    def get_absolute_url(self) -> str:
        return reverse("policy:row", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"policy:{self.pk}"

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind].label)

    @property
    def scope_label(self) -> str:
        return str(KINDS[self.kind].scope_label(self.scope))


class HolidayYear(models.Model):
    """A year whose holidays are announced; dates in other years are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(_("source"), max_length=300)

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("policy:year", args=[self.year])

    @property
    def subject(self) -> str:
        return f"holidays:{self.year}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a working day at a weekend."""

    on = models.DateField(primary_key=True)
    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="days")
    name = models.CharField(_("name"), max_length=40)
    is_working = models.BooleanField(_("working day"))

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class Series(models.Model):
    """A counter of official numbers; a number once given is never given again."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
