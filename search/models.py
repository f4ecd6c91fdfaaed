"""What does the embedded engine know of each entry, and who waits for what?

Of entries the facts; their words stand in the FTS5 table beside it, under the same key.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listings.demands.models.demands import Demand
from market.accounts.models import Organisation
from market.keys import KeyField


class Entry(models.Model):
    """The facts of one document, to filter, count and sort by. Empty while another engine is in use."""

    kind = models.CharField(max_length=20)
    pk_of_kind = models.BigIntegerField()
    industry = models.CharField(max_length=20, blank=True)
    maturity = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, blank=True)
    route = models.CharField(max_length=20, blank=True)
    transaction = models.CharField(max_length=20, blank=True)
    owner = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=10, blank=True)
    # The codes of the leaves, each between bars, so that what is below a branch can be asked for: |F23C|B01D|.
    served = models.CharField(max_length=20, blank=True)
    ipc = models.TextField(blank=True)
    band = models.CharField(max_length=4, blank=True)
    # Those of few values once more in one, so that they are counted at once.
    facts = models.TextField(blank=True)
    is_running = models.BooleanField()
    published = models.BigIntegerField()
    price = models.BigIntegerField(null=True)
    ends = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "pk_of_kind"], name="one_entry_per_object")]
        indexes = [
            models.Index(fields=["kind", "-is_running", "-published"], name="entry_newest"),
            models.Index(fields=["-is_running", "-published"], name="entry_newest_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk_of_kind}"


class Word(models.Model):
    """A word that an entry is known by, as it is written and as it sounds: suggested while somebody types."""

    kind = models.CharField(max_length=20)
    pk_of_kind = models.BigIntegerField()
    text = models.CharField(max_length=160)
    folded = models.CharField(max_length=200, db_index=True)
    sound = models.CharField(max_length=120, db_index=True)
    initials = models.CharField(max_length=120, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "pk_of_kind"], name="word_of_entry")]

    def __str__(self) -> str:
        return self.text


class Rhythm(models.TextChoices):
    """How often somebody who waits wants to hear."""

    AT_ONCE = "at_once", pgettext_lazy("rhythm of alerts", "At once")
    DAILY = "daily", pgettext_lazy("rhythm of alerts", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("rhythm of alerts", "Once a week")


class SavedSearch(models.Model):
    """A search that somebody keeps, to be told of what it finds from then on."""

    key = KeyField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    label = models.CharField(_("name"), max_length=100)
    # The address of the search without page and order; what was typed, for people, is the label.
    address = models.CharField(max_length=1000)
    rhythm = models.CharField(_("tell me"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "address"], name="search_saved_once"),
            models.CheckConstraint(condition=models.Q(rhythm__in=Rhythm.values), name="rhythm_known"),
        ]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return f"{reverse('search:search_everything')}?{self.address}"

    @property
    def subject(self) -> str:
        return f"saved_search:{self.key}"


class Hit(models.Model):
    """Something that a saved search found: told of once and never again."""

    saved = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=20)
    pk_of_kind = models.BigIntegerField()
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "kind", "pk_of_kind"], name="hit_once")]
        indexes = [models.Index(fields=["saved"], condition=models.Q(told_at__isnull=True), name="hit_untold")]
        ordering = ["-found_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.saved} {self.kind}:{self.pk_of_kind}"


class Match(models.Model):
    """A demand and an offer, a listing or an achievement, that fit one another, with the reasons as `search.rules` gave them.

    Who may see either is asked when it is shown, never here.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="matches")
    kind = models.CharField(max_length=20)
    pk_of_kind = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "kind", "pk_of_kind"], name="match_once")]
        indexes = [
            models.Index(fields=["demand", "-score"], name="match_of_demand"),
            models.Index(fields=["kind", "pk_of_kind", "-score"], name="match_of_offer"),
        ]
        ordering = ["-score", "-pk"]

    def __str__(self) -> str:
        return f"{self.demand.number} {self.kind}:{self.pk_of_kind}"


class Digest(models.Model):
    """Somebody wishes a letter every week of what fits their organisation's demands and offers."""

    key = KeyField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="match_digests")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="match_digests")
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="digest_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"

    @property
    def subject(self) -> str:
        return f"digest:{self.key}"


class ToldMatch(models.Model):
    """A match that a digest told of: never again."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="told")
    match = models.ForeignKey(Match, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "match"], name="match_told_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.digest} {self.match}"
