"""What does the city's plan aim at, and what has been reached?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from market.oversight.rules import Course


class Source(models.TextChoices):
    """Where the actual values of an indicator come from."""

    MARKET = "market", _("measured by the market")
    ENTERED = "entered", _("entered by an official")


class Plan(models.Model):
    """A plan of the city, with the years it runs."""

    key = models.SlugField(_("key"), unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="plan_years_in_order")]
        ordering = ["-first_year", "key"]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return _in_language(self.name_zh, self.name_en)


class Indicator(models.Model):
    """One figure of a plan: its base, how it is to grow, its target, and who measures it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    code = models.SlugField(_("code"))
    position = models.PositiveSmallIntegerField(default=0)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=40, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True)
    note_zh = models.CharField(_("note in Chinese"), max_length=400, blank=True)
    note_en = models.CharField(_("note in English"), max_length=400, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    base_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    base_value = models.DecimalField(_("base value"), max_digits=20, decimal_places=4, null=True, blank=True)
    growth_percent = models.DecimalField(_("yearly growth in percent"), max_digits=8, decimal_places=4, null=True, blank=True)
    yearly_increase = models.DecimalField(_("yearly increase"), max_digits=20, decimal_places=4, null=True, blank=True)
    target_year = models.PositiveSmallIntegerField(_("target year"), null=True, blank=True)
    target_value = models.DecimalField(_("target value"), max_digits=20, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("source of actual values"), max_length=10, choices=Source.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_indicator_per_code"),
            models.CheckConstraint(
                condition=Q(growth_percent__isnull=True) | Q(yearly_increase__isnull=True), name="indicator_grows_one_way"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="indicator_source_known"),
        ]
        ordering = ["plan", "position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def name(self) -> str:
        return _in_language(self.name_zh, self.name_en)

    @property
    def unit(self) -> str:
        return _in_language(self.unit_zh, self.unit_en)

    @property
    def note(self) -> str:
        return _in_language(self.note_zh, self.note_en)

    @property
    def course(self) -> Course:
        return Course(
            base_year=self.base_year,
            base_value=self.base_value,
            growth_percent=self.growth_percent,
            yearly_increase=self.yearly_increase,
            target_year=self.target_year,
            target_value=self.target_value,
            decimals=self.decimals,
        )


class ActualValue(models.Model):
    """What an indicator really was in a year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="actual_values")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True, help_text=_("Report or statistic it stands in."))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_value_per_indicator_and_year"),
            models.CheckConstraint(condition=Q(value__gte=0), name="actual_value_not_negative"),
        ]
        ordering = ["indicator", "year"]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year}: {self.value.normalize():f}"


def _in_language(chinese: str, english: str) -> str:
    """The plan's words are data in two languages, not messages of the catalogue."""
    return english if english and (get_language() or "").startswith("en") else chinese
